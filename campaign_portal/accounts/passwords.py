"""How passwords are kept, what they must be, and how a first one is made."""

import secrets

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError

from .access import Role

# No letters or digits that are misread on paper or over the phone (0 O 1 l I).
READABLE = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"


class BoundedArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at 19 MiB a hash (the usual minimum is 19 MiB with two passes): 100 sign-ins at once stay under 2 GB."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1


class KindsOfCharactersValidator:
    """Three kinds of characters for offices, letters and digits for homes (common assessment practice of GB/T 22239)."""

    KINDS = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())

    def validate(self, password, user=None):
        is_home = user is not None and user.office_id and user.office.kind == Role.HOME
        needed = 2 if is_home else 3
        found = sum(any(map(kind, password)) for kind in self.KINDS)
        if found < needed:
            raise ValidationError(self.get_help_text(needed), code="password_too_plain")

    def get_help_text(self, needed=3):
        if needed == 2:
            return "密码要同时有字母和数字。"
        return "密码要有大写字母、小写字母、数字、符号中的三种（养老机构账号两种即可）。"


def readable_password():
    """A first password that can be read out over the phone, e.g. "Kpmw-7423-hd". Never stored in clear."""
    letters = "".join(secrets.choice(READABLE) for _ in range(4))
    digits = "".join(secrets.choice(DIGITS) for _ in range(4))
    tail = "".join(secrets.choice(READABLE) for _ in range(2))
    return f"{letters.capitalize()}-{digits}-{tail}"
