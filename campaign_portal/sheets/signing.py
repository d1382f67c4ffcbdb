"""The mark that each row of a downloaded sheet carries in a hidden cell: which row, which version, what stood there.

"<signature>:<pk>:<version>:<JSON of what stood there>". The signature is an HMAC with a key of its own for each list,
office and set of columns: nobody can point a row at another hazard, change what it was downloaded with, or use another
office's file. 72 bits are enough for a mark that only ever leads to a preview, and 100,000 rows stay small.
"""

import base64
import hmac
import json
import zlib
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac

from .cells import remembered, tidy

SALT = "sheets.rows"
BYTES = 9


class Mark(NamedTuple):
    """What a row was downloaded with: `was` maps editable columns to their texts, `prints` the others to a checksum."""

    pk: int
    version: int
    was: dict[str, str]
    prints: dict[str, str]


class Signer:
    """Marks and reads the rows of one list for one office."""

    def __init__(self, sheet, office_id):
        self.sheet = sheet
        layout = ",".join(f"{column.name}:{column.verb}" for column in sheet.columns)
        secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        self.keys = [
            salted_hmac(SALT, f"{sheet.code}|{office_id}|{layout}", secret=secret, algorithm="sha256").digest()
            for secret in secrets
        ]
        self.fixed = [column.name for column in sheet.columns if not column.verb]
        self.editable = [column.name for column in sheet.editable]

    def mark(self, pk: int, version: int, texts: dict[str, str]) -> str:
        """The mark of a row whose cells are written as `texts`."""
        prints = "".join(map(fingerprint, map(texts.__getitem__, self.fixed)))
        was = [prints, *map(texts.__getitem__, self.editable)]
        body = f"{pk}:{version}:{json.dumps(was, ensure_ascii=False, separators=(',', ':'))}"
        return f"{_signature(self.keys[0], body)}:{body}"

    def read(self, text: str) -> Mark | None:
        """The mark in a cell, or None if we did not write it for this office."""
        signature, _, body = text.partition(":")
        if not any(hmac.compare_digest(signature.encode(), _signature(key, body).encode()) for key in self.keys):
            return None
        pk, version, was = body.split(":", 2)
        prints, *texts = json.loads(was)
        pieces = [prints[i : i + PRINT] for i in range(0, len(prints), PRINT)]
        return Mark(
            int(pk),
            int(version),
            dict(zip(self.editable, texts, strict=True)),
            dict(zip(self.fixed, pieces, strict=True)),
        )


def _signature(key, body):
    digest = hmac.digest(key, body.encode(errors="surrogatepass"), "sha256")[:BYTES]
    return base64.urlsafe_b64encode(digest).decode()


PRINT = 4


@remembered
def fingerprint(text) -> str:
    """Four digits that tell an edited read-only cell; not a safeguard, as such a cell is never written."""
    return f"{zlib.crc32(tidy(text).encode(errors='surrogatepass')) & 0xFFFF:04x}"
