"""docs/operations.md keeps up: every setting, command, file and timed task is in it."""

import re

from django.conf import settings

from campaign_portal.celery import app

from . import compose
from .test_compose import DEPLOY, SERVICES

GUIDE = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
SETTINGS = (settings.BASE_DIR / "campaign_portal" / "settings.py").read_text(encoding="utf-8")


def missing(words):
    """Those that the guide does not name as whole words."""
    return {word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?!\w)", GUIDE)}


def test_every_environment_variable_of_the_settings_is_explained():
    read = set(re.findall(r"(?:environ\.get\(|environ\[|flag\()\s*\"(\w+)\"", SETTINGS))
    assert len(read) > 10 and "PORTAL_SECRET_KEY" in read
    assert SETTINGS.count("os.environ") == len(re.findall(r"environ\.get\(\s*(\"|name)", SETTINGS)), "read another way"
    rows = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\|([^|]*)\|", GUIDE, re.MULTILINE))))
    assert read <= rows


def test_every_variable_of_the_compose_file_is_explained():
    set_by_it = {name for service in SERVICES.values() for name in service.get("environment", {})} - {
        "POSTGRES_DB", "POSTGRES_USER",
    }  # fmt: skip
    assert missing({*compose.variables(), *set_by_it}) == set()


def test_every_service_unit_command_and_task_is_named():
    commands = (settings.BASE_DIR / "campaign_portal" / "operations" / "management" / "commands").glob("[a-z]*.py")
    assert missing(f"manage.py {path.stem}" for path in commands) == set()
    assert missing(SERVICES) == set()
    units = {path.name for path in DEPLOY.glob("portal-*")}
    units = {re.sub("@?[.]service$", "", name) for name in units - {"portal-backup.service"}}
    assert missing(units) == set()
    assert missing(entry["task"] for entry in app.conf.beat_schedule.values()) == set()


def test_the_packages_to_install_are_those_of_the_image():
    dockerfile = (settings.BASE_DIR / "Dockerfile").read_text(encoding="utf-8")
    wanted = re.findall(
        r"(?:lib[\w.-]+|fonts-[\w-]+)", dockerfile[dockerfile.index("no-install-recommends") :].split("&&")[0]
    )
    assert len(wanted) == 4
    assert missing(wanted) == set()
