"""The project's settings, with what a test run changes."""

import os
import tempfile

os.environ.setdefault("PORTAL_SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("PORTAL_HTTPS", "0")
os.environ.setdefault("PORTAL_SECOND_FACTOR", "")  # its own tests turn it on
os.environ.setdefault("PORTAL_ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
os.environ.setdefault("PORTAL_DATA_DIR", tempfile.mkdtemp(prefix="portal-test-"))

from campaign_portal.settings import *  # noqa: F403
from campaign_portal.settings import DATA_DIR, DATABASES, LOGGING, STORAGES, TEMPLATES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True  # scanning node_modules for every test client costs five times the suite
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads, the worker and the live server are other connections.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}


LOGGING["loggers"]["portal.access"] = {"level": "WARNING"}  # tests of faults count their lines; tests/test_logs.py asks


class Undefined(str):
    """Fails the test that prints a template variable which does not exist."""

    def __mod__(self, name):
        raise AssertionError(f"unknown template variable: {name}")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("%s")
