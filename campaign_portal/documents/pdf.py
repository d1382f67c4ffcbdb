"""HTML on paper. `make_pdf` is the only function that knows WeasyPrint, and it reads nothing but our own bytes."""

import logging
from pathlib import Path

log = logging.getLogger(__name__)

PAPER = Path(__file__).parent / "paper"  # style sheets (and fonts, should we ever ship one) by file name
TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".otf": "font/otf"}
OURS = "portal:"


class NotOurs(ValueError):
    """The document names something that was not handed in with it."""


def make_pdf(html, *, files=None):
    """`html` as the bytes of a PDF, with the used characters of its fonts embedded.

    A document names what it needs as "portal:NAME": a file in paper/ or one of `files` (name → bytes). Whatever else
    stands in it (http, file, data, relative addresses) is not fetched, leaves a line in the log and stays blank.
    Raises OSError on a machine without Pango (see campaign_portal.checks). A row of a wide table costs about 20 ms and 0.6 MB.
    """
    from PIL import ImageFile
    from weasyprint import HTML  # a second to load, and only the worker needs it

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # it switches this on for the whole process; we refuse half a picture
    return HTML(string=html, url_fetcher=_fetcher(files or {})).write_pdf()


def our_bytes(url, files):
    """The bytes and the content type behind a "portal:NAME" address. Raises NotOurs for every other."""
    name = url.removeprefix(OURS)
    content_type = TYPES.get(Path(name).suffix, "application/octet-stream")
    if url.startswith(OURS) and name in files:
        return files[name], content_type
    if url.startswith(OURS) and name in {path.name for path in PAPER.iterdir()}:
        return (PAPER / name).read_bytes(), content_type
    log.warning("a document asked for %s, which is not ours: not fetched", url[:200])
    raise NotOurs(url)


def _fetcher(files):
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOurs(URLFetcher):
        """Replaces the one method that opens addresses, so that none of the inherited handlers is ever reached."""

        def fetch(self, url, headers=None):
            content, content_type = our_bytes(url, files)
            return URLFetcherResponse(url, content, {"Content-Type": content_type})

    return OnlyOurs()
