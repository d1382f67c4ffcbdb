"""A form that was sent after its session had ended, carried through the sign-in page and offered again.

The fields travel signed in the page itself; nothing is stored. They are offered only to the user whose session had just
run out on that very request; a form from nobody's session is offered to nobody.
"""

from django.core import signing

SALT = "accounts.kept"
MAX_AGE = 60 * 60 * 12
SECRET = {"csrfmiddlewaretoken", "password", "old_password", "new_password1", "new_password2"}


def pack(request):
    """The fields of a POST as a signed text. Files cannot be kept; pictures sent ahead travel as their tokens."""
    fields = [(name, value) for name, values in request.POST.lists() if name not in SECRET for value in values]
    lost = [file.name for files in request.FILES.lists() for file in files[1]]
    payload = {"path": request.get_full_path(), "user": request.idle_user, "fields": fields, "lost": lost}
    return signing.dumps(payload, salt=SALT, compress=True)


def unpack(text, *, user):
    """The kept form for this user as {"path", "fields", "lost"}, or None if there is none or it is not theirs."""
    if not text:
        return None
    try:
        payload = signing.loads(text, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return payload if payload["user"] == user.pk else None
