"""Static files as npm ships them, hashed and compressed."""

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
