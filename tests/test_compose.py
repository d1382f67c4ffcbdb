"""What runs in production, read without an engine: Compose accepts the file, nothing has a default secret, only the
proxy can be reached, and the Dockerfile and the units for plain Debian start the same commands."""

import configparser
import json
import os
import re
import shlex
import shutil
import stat
import subprocess

import pytest
import yaml
from django.core.files.base import ContentFile

from campaign_portal import checks
from campaign_portal import settings as production
from campaign_portal.static_files import PortalStaticFilesStorage

from . import compose
from .compose import GIVEN, ROOT
from .test_layers import OURS

DEV = ROOT / "docker-compose.dev.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
DEPLOY = ROOT / "campaign_portal" / "operations" / "deploy"
SERVICES = compose.services()
PORTAL = {"web", "worker", "scheduler", "migrate"}
ONE_SHOT = {"migrate"}
SECRETS = {"PORTAL_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}


# Compose itself


def compose_command():
    """`docker compose`, or Debian's older docker-compose: both check a file without an engine."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) and subprocess.run([*command, "version"], capture_output=True).returncode == 0:
            return command
    return pytest.skip("no Compose here: apt-get install docker-compose")


def config(path, given, tmp_path):
    (tmp_path / "nothing").touch()  # instead of somebody's .env
    command = [*compose_command(), "--env-file", tmp_path / "nothing", "--file", path, "config"]
    return subprocess.run(command, env={"PATH": os.environ["PATH"]} | given, capture_output=True, text=True)


def test_compose_accepts_the_file_and_reads_it_as_these_tests_do(tmp_path):
    answer = config(compose.FILE, GIVEN, tmp_path)
    assert answer.returncode == 0, answer.stderr
    read = yaml.safe_load(answer.stdout)["services"]
    assert set(read) == set(SERVICES)
    for name, service in SERVICES.items():
        assert read[name].get("command") == service.get("command") or name == "redis"
        assert read[name].get("environment") == service.get("environment") or name == "redis"


def test_compose_refuses_to_start_without_secrets(tmp_path):
    for missing in sorted(SECRETS):
        answer = config(compose.FILE, GIVEN | {missing: ""}, tmp_path)
        assert answer.returncode != 0
        assert missing in answer.stderr or "letters and digits" in answer.stderr or "random" in answer.stderr


def test_the_developers_file_is_accepted_and_needs_one_password(tmp_path):
    assert config(DEV, {"POSTGRES_PASSWORD": "x"}, tmp_path).returncode == 0
    assert config(DEV, {}, tmp_path).returncode != 0
    published = [port for service in compose.services(DEV).values() for port in service["ports"]]
    assert published and all(port.startswith("127.0.0.1:") for port in published)


# Our own demands


def test_no_secret_has_a_default_anywhere():
    for path in (compose.FILE, DEV):
        for name, how in compose.variables(path).items():
            if re.search("SECRET|PASSWORD|KEY|TLS|HOSTS|ORIGINS", name):
                assert how == {":?"}, (path.name, name)
    example = dict(line.split("=") for line in (ROOT / ".env.example").read_text().splitlines() if line[:1] not in "# ")
    assert example == dict.fromkeys(GIVEN, "")
    literal = re.compile(r"(?:password|secret|key)\w*[ \t]*[:=][ \t]*['\"]?[\w-]{8,}", re.IGNORECASE)
    assert not literal.search(DOCKERFILE) and not literal.search(compose.FILE.read_text())


def test_every_image_has_a_version_and_no_registry():
    images = [service["image"] for name, service in SERVICES.items() if name not in PORTAL]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(images) == 6
    for image in images:
        assert re.fullmatch(r"[a-z]+:\d[\w.-]+", image), image  # one word, a number: neither host/name nor latest
    assert {SERVICES[name]["image"] for name in PORTAL} == {"campaign-portal:local"}


def test_what_runs_long_is_watched_and_started_again():
    for name in SERVICES.keys() - ONE_SHOT:
        service = SERVICES[name]
        assert service["restart"] == "unless-stopped", name
        assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"]), name
    assert SERVICES["migrate"]["restart"] == "no"


def test_only_the_proxy_is_published_and_the_data_is_reached_by_no_other_way():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert yaml.safe_load(compose.FILE.read_text())["networks"]["back"] == {"internal": True}
    assert SERVICES["proxy"]["networks"] == ["front"]
    assert {name for name, service in SERVICES.items() if "front" in service["networks"]} == {"proxy", "web"}
    assert {name for name, service in SERVICES.items() if "out" in service["networks"]} == {"worker"}


def test_nothing_gains_rights_or_writes_where_it_need_not():
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service and "network_mode" not in service, name
        assert service["mem_limit"], name
    assert {SERVICES[name]["user"] for name in PORTAL} == {"10001:10001"}
    assert [name for name, service in SERVICES.items() if "user" not in service] == ["proxy"]
    assert [name for name, service in SERVICES.items() if "cap_add" in service] == ["proxy"]


def test_the_portal_waits_for_what_it_needs():
    for name in ("web", "worker", "scheduler"):
        assert SERVICES[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "postgres": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
        }
    assert SERVICES["web"]["deploy"]["replicas"] == 2
    assert "replicas" not in SERVICES["scheduler"].get("deploy", {})  # two would send everything twice


def test_what_must_outlive_a_container_lies_in_a_volume():
    volumes = set(yaml.safe_load(compose.FILE.read_text())["volumes"])
    assert volumes == {"database", "files", "queue"}
    assert SERVICES["postgres"]["volumes"] == ["database:/var/lib/postgresql/data"]
    assert SERVICES["redis"]["volumes"] == ["queue:/data"]
    assert {tuple(SERVICES[name]["volumes"]) for name in PORTAL} == {("files:/data",)}
    redis = SERVICES["redis"]["command"][-1]
    assert "appendonly yes" in redis and "maxmemory-policy volatile-" in redis and "requirepass $REDIS" in redis


# The image


def test_the_image_runs_as_nobody_in_particular_with_what_pdf_needs():
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.findall(r"^USER (.*)$", last, re.MULTILINE) == [SERVICES["web"]["user"]]
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    assert "npm ci --omit=dev --ignore-scripts" in DOCKERFILE
    for package in (*checks.PDF_LIBRARIES.values(), checks.FONTS, "postgresql-client"):
        assert package in last
    assert json.loads(re.search(r"^CMD (.*)$", last, re.MULTILINE)[1]) == SERVICES["web"]["command"]
    assert json.loads(re.search(r"^    CMD (.*)$", last, re.MULTILINE)[1]) == SERVICES["web"]["healthcheck"]["test"][1:]
    assert not re.search(r"^ARG|SECRET_KEY|PASSWORD", DOCKERFILE, re.MULTILINE)


def test_the_image_gets_all_that_it_runs_on_and_nothing_else():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    taken = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    assert {*OURS, "templates", "static", "manage.py", "pyproject.toml"} <= taken
    copied = {
        word for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]
    }
    assert copied - {"."} <= taken
    assert taken <= {path.name for path in ROOT.iterdir()}
    assert not taken & {"var", ".env", ".git", "tests", "docs", "node_modules", ".venv"}


def test_what_the_image_collects_as_root_can_be_read_by_who_serves_it(tmp_path):
    options = production.STORAGES["staticfiles"]["OPTIONS"]
    storage = PortalStaticFilesStorage(location=tmp_path, base_url="/static/", **options)
    storage.save("a.css", ContentFile(b"p { color: red }" * 100))
    list(storage.post_process({"a.css": (storage, "a.css")}))
    collected = list(tmp_path.iterdir())
    assert len(collected) == 7  # as it is and hashed, each as .br and .gz too; the manifest
    assert [path for path in collected if not path.stat().st_mode & stat.S_IROTH] == []
    assert "chmod -R a+rX" in DOCKERFILE  # and what was checked out with a strict umask


# Plain Debian


@pytest.mark.parametrize(
    "unit, service",
    [("portal-web.service", "web"), ("portal-worker@.service", "worker"), ("portal-scheduler.service", "scheduler")],
)
def test_the_units_start_the_same_commands(unit, service):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(DEPLOY / unit)
    program, *arguments = shlex.split(parser["Service"]["ExecStart"])
    assert [program.rpartition("/")[2], *arguments] == SERVICES[service]["command"]
    assert parser["Service"]["User"] == "portal"
    assert parser["Service"]["Restart"] == "always"
    assert parser["Service"]["EnvironmentFile"] == "/etc/portal/portal.env"


def test_nginx_accepts_its_settings(tmp_path):
    nginx = shutil.which("nginx") or (os.path.exists("/usr/sbin/nginx") and "/usr/sbin/nginx")
    if not nginx:
        pytest.skip("no nginx here")
    names = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=portal.example"]
    subprocess.run(
        [*names, "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True,
        capture_output=True,
    )
    text = (DEPLOY / "nginx.conf").read_text().replace("/etc/nginx/tls", str(tmp_path)).replace("/run/", f"{tmp_path}/")
    (tmp_path / "nginx.conf").write_text(text)
    answer = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


def test_the_proxy_says_what_the_portal_believes():
    text = (DEPLOY / "nginx.conf").read_text()
    for line in (
        "X-Forwarded-For $remote_addr",
        "X-Forwarded-Proto $scheme",
        "X-Request-ID $request_id",
        "Host $http_host",
    ):
        assert f"proxy_set_header {line};" in text
    assert "$args" not in text and "$request_uri" not in text.replace("https://$host$request_uri", "")
    assert '"$request"' not in text  # holds the query string
