"""What this machine lacks. `manage.py check --deploy` says so; `make run` asks for the tag pdf alone."""

from ctypes.util import find_library

from django.core.checks import Warning, register

PDF_LIBRARIES = {  # what WeasyPrint loads → the Debian package that brings it
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
FONTS = "fonts-noto-cjk"


def missing_pdf_packages() -> list[str]:
    """The Debian packages without which this machine makes no PDF."""
    return [package for library, package in PDF_LIBRARIES.items() if find_library(library) is None]


@register("pdf", deploy=True)
def pdf_libraries(app_configs, **options):
    missing = missing_pdf_packages()
    if not missing:
        return []
    hint = f"apt-get install {' '.join(missing)} {FONTS}"
    return [Warning("PDF files cannot be made on this machine; the rest works.", hint=hint, id="portal.W001")]
