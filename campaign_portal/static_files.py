"""Static files as npm ships them, hashed and compressed."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Tabler's style sheets name source maps that we do not ship; an unknown name is not an error of ours."""

    manifest_strict = False
    support_js_module_import_aggregation = False

    def hashed_name(self, name, content=None, filename=None):
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            return name


class NpmFileFinder(BaseFinder):
    """Single files out of npm packages, by the name a page asks for. A folder of theirs may hold fifty megabytes."""

    FILES = {"echarts/echarts.common.min.js": "echarts/dist/echarts.common.min.js"}

    def check(self, **kwargs):
        return []  # `make run` installs the packages after the first check

    def find(self, path, find_all=False, **kwargs):
        if path not in self.FILES or not (found := self._file(path)).exists():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns):
        for path in self.FILES:
            storage = FileSystemStorage(location=self._file(path).parent)
            storage.prefix = str(Path(path).parent)
            yield Path(path).name, storage

    def _file(self, path):
        return settings.BASE_DIR / "node_modules" / self.FILES[path]
