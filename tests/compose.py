"""docker-compose.yml as tests read it: values filled in as Compose would, and each service's command as it stands."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docker-compose.yml"

# What an administrator has to give, made up
GIVEN = {
    "PORTAL_SECRET_KEY": "p8nPq0-vY3kq7s_LzT4mW9xXbR2cD5eF6gH1jK0lMnOpQrStUv",
    "POSTGRES_PASSWORD": "0123456789abcdef",
    "REDIS_PASSWORD": "fedcba9876543210",
    "PORTAL_ALLOWED_HOSTS": "portal.example",
    "PORTAL_ORIGINS": "https://portal.example",
    "PORTAL_TLS_DIR": "/etc/portal-tls",
}
VARIABLE = re.compile(r"\$(?:(?P<escaped>\$)|\{(?P<name>\w+)(?P<how>:[-?])?(?P<word>[^}]*)\})")


def services(path=FILE, *, given=GIVEN):
    """{name: service} with every variable filled in. Raises KeyError for one that is needed and not given."""
    return yaml.safe_load(VARIABLE.sub(lambda match: _value(match, given), path.read_text(encoding="utf-8")))[
        "services"
    ]


def _value(match, given):
    if match["escaped"]:
        return "$"
    if given.get(match["name"]):
        return given[match["name"]]
    if match["how"] == ":-":
        return match["word"]
    raise KeyError(match["name"])


def variables(path=FILE):
    """{name: {how}} of every variable: ":?" is needed, ":-" has a default, None is empty if not given."""
    found = {}
    for match in VARIABLE.finditer(path.read_text(encoding="utf-8")):
        if match["name"]:
            found.setdefault(match["name"], set()).add(match["how"])
    return found
