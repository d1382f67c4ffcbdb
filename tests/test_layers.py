"""Imports point one way (docs/architecture.md), in code and in migrations; only accounts.access knows guardian."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

ROOT = Path(settings.BASE_DIR)

# Each layer may import itself and those before it.
LAYERS = [
    {f"campaign_portal.{name}" for name in ("clock", "edges", "checks", "fields", "static_files")},
    {f"campaign_portal.{name}" for name in ("accounts", "audit", "files", "jobs", "lists")},
    {f"campaign_portal.{name}" for name in ("deadlines", "documents", "operations", "sheets")},
    {"campaign_portal.reminders"},
    {"campaign_portal.circulars"},
    {"campaign_portal.campaigns"},
    {"facilities"},
    {"inspections", "training"},
    {"campaign_portal.public"},
    {"campaign_portal.demo"},
]
STRANGERS = {"inspections", "training"}  # of one layer, and never import each other
COMPOSITION = {f"campaign_portal.{name}" for name in ("settings", "urls", "celery", "wsgi")} | {"campaign_portal"}
OURS = ("campaign_portal", "facilities", "inspections", "training")
ONLY_IMPORTER_OF_GUARDIAN = "campaign_portal.accounts.access"


def part_of(module):
    """The package that a module belongs to, as LAYERS names it; None for what is not ours."""
    known = set().union(*LAYERS)
    parts = module.split(".")
    if parts[0] not in OURS:
        return None
    short, long = parts[0], ".".join(parts[:2])
    return long if short == "campaign_portal" and long != short else short if short in known else module


def level_of(part):
    return next((level for level, layer in enumerate(LAYERS) if part in layer), None)


def imports(source, module, *, is_package=False):
    """Every module that a source text imports, wherever in it, with relative names resolved."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def objections(module, imported):
    """Why `module` may not import `imported`, or None."""
    if imported.split(".")[0] == "guardian" and module != ONLY_IMPORTER_OF_GUARDIAN:
        return f"{module} imports {imported}: go through accounts.access"
    mine, theirs = part_of(module), part_of(imported)
    if theirs is None or theirs == mine or mine in COMPOSITION:
        return None
    if theirs in COMPOSITION:
        return None if theirs == "campaign_portal" else f"{module} imports {imported}, which puts everything together"
    if {mine, theirs} == STRANGERS:
        return f"{module} imports {imported}: these two do not know each other"
    if level_of(mine) is None:
        return f"{module} is in no layer: name it in LAYERS"
    if level_of(theirs) is None or level_of(theirs) > level_of(mine):
        return f"{module} imports {imported}, which stands above it"
    return None


def sources():
    """(module name, path, is it a package) of every file of ours, migrations aside."""
    for top in OURS:
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            yield ".".join(parts[:-1] if is_package else parts), path, is_package


def all_objections():
    for module, path, is_package in sources():
        for imported in imports(path.read_text(encoding="utf-8"), module, is_package=is_package):
            if objection := objections(module, imported):
                yield objection


def test_imports_point_one_way():
    found = sorted(set(all_objections()))
    assert not found, "\n".join(found)


def test_there_was_something_to_look_at():
    modules = {module for module, _, _ in sources()}
    assert {"inspections.services.steps", "campaign_portal.accounts.access", "facilities.models"} <= modules
    assert set().union(*LAYERS) - modules <= {"campaign_portal.lists", "campaign_portal.public"}, "not yet written"


def test_migrations_depend_one_way():
    labels = {config.label: config.name for config in apps.get_app_configs()}
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    found = []
    for (app, name), migration in loader.disk_migrations.items():
        for needed, _ in migration.dependencies:
            needed = settings.AUTH_USER_MODEL.split(".")[0] if needed == "__setting__" else needed
            mine, theirs = (f"{labels.get(label, label)}.migrations" for label in (app, needed))
            if part_of(mine) and (objection := objections(mine, theirs)):
                found.append(f"{app}.{name}: {objection}")
    assert found == []


USERS_MANAGER = "campaign_portal.accounts.models"  # Django writes a user model's manager into its migration


def test_no_migration_imports_live_models():
    found = [
        f"{module}: {imported}"
        for module, path, _ in sources()
        if ".migrations." in module
        for imported in imports(path.read_text(encoding="utf-8"), module)
        if part_of(imported) and "models" in imported.split(".") and imported != USERS_MANAGER
    ]
    assert found == []


# The checker itself


MADE_UP = [
    ("campaign_portal.accounts.views", "from facilities.models import Facility"),
    ("campaign_portal.accounts.views", "import facilities"),
    ("campaign_portal.clock", "from campaign_portal.accounts import access"),
    ("campaign_portal.deadlines.registry", "def later():\n    from inspections import services"),
    ("campaign_portal.campaigns.views", "from ..demo import lives"),
    ("campaign_portal.files.models", "from campaign_portal import campaigns"),
    ("inspections.views.hazard", "from training.models import Course"),
    ("training.models", "import inspections.models"),
    ("facilities.models", "from inspections.models import Hazard"),
    ("facilities.models", "from guardian.shortcuts import assign_perm"),
    ("inspections.forms", "if True:\n    import guardian.models"),
    ("inspections.forms", "from campaign_portal.settings import DEBUG"),
    ("campaign_portal.something_new.models", "from campaign_portal import clock"),
]


@pytest.mark.parametrize("module, source", MADE_UP)
def test_an_import_the_wrong_way_is_found(module, source):
    assert any(objections(module, imported) for imported in imports(source, module))


FINE = [
    (
        "inspections.views.hazard",
        "from facilities.models import Facility\nfrom ..edges import EDGES\nfrom . import acts",
    ),
    ("campaign_portal.accounts.services", "from campaign_portal.audit.recording import record"),
    ("campaign_portal.accounts.access", "from guardian.models import GroupObjectPermissionBase"),
    ("campaign_portal.urls", "from campaign_portal.campaigns import views\nimport inspections.urls"),
    ("campaign_portal.demo.lives", "from inspections import services\nfrom training import models"),
    ("facilities.models", "from campaign_portal import clock\nfrom django.db import models"),
]


@pytest.mark.parametrize("module, source", FINE)
def test_an_import_the_right_way_is_not_objected_to(module, source):
    assert not any(objections(module, imported) for imported in imports(source, module))


def test_relative_imports_are_resolved_from_packages_and_from_modules():
    assert set(imports("from . import steps", "inspections.services.rectifying")) == {
        "inspections.services", "inspections.services.steps",
    }  # fmt: skip
    assert set(imports("from .steps import begin", "inspections.services", is_package=True)) == {
        "inspections.services.steps", "inspections.services.steps.begin",
    }  # fmt: skip
    assert "inspections.models.Hazard" in set(imports("from ..models import Hazard", "inspections.services.talk"))
