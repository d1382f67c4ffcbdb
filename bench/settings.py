"""The tests' settings without what helps tests find faults, and with Django admin beside our pages to measure against."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, MIDDLEWARE, TEMPLATES

TEMPLATES[0]["OPTIONS"].pop("string_if_invalid")
INSTALLED_APPS = [*INSTALLED_APPS, "bench.apps.BenchConfig"]
ROOT_URLCONF = "bench.urls"
MIDDLEWARE = [*MIDDLEWARE, "bench.floor.FloorMiddleware"]
SILENCED_SYSTEM_CHECKS = ["guardian.W001", "admin.E408", "admin.E409", "admin.E410"]
