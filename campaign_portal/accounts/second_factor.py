"""The second factor (两步验证): codes of an authenticator app, and recovery codes for the day the phone is lost.

django-otp keeps the devices, counts failures (each doubles the wait) and refuses a code used twice. Which roles must have
one is settings.SECOND_FACTOR_ROLES; everybody else may.
"""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import Refused

from .models import User

name_verbs(
    user_second_factor_on="启用两步验证",
    user_second_factor_off="关闭两步验证",
    user_second_factor_reset="解除两步验证",
    user_second_factor_passed="通过两步验证",
    user_recovery_codes="更换恢复码",
)

CODES = 10
SALT = "accounts.second_factor"
OFF = "您的单位须使用两步验证，不能关闭。换手机请重新绑定。"


def is_required(user):
    return user.office.kind in settings.SECOND_FACTOR_ROLES


def is_on(user):
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def codes_left(user):
    return StaticToken.objects.filter(device__user=user).count()


def candidate(user):
    """A device that is not saved yet, with a new key. The page shows it and sends the key back signed."""
    return TOTPDevice(user=user, name="手机")


def sign_key(device):
    return signing.dumps([device.user_id, device.key], salt=SALT)


def from_signed_key(text, user):
    """The candidate that the page showed, or None if the text is forged, somebody else's or older than an hour."""
    try:
        owner, key = signing.loads(text, salt=SALT, max_age=60 * 60)
    except signing.BadSignature:
        return None
    return TOTPDevice(user=user, name="手机", key=key) if owner == user.pk else None


@transaction.atomic
def turn_on(device, code):
    """Bind a candidate with its first code. Returns the recovery codes, or None if the code is wrong.

    A device in use until now and the old recovery codes end.
    """
    user = _lock(device.user)
    TOTPDevice.objects.filter(user=user).delete()
    device.save(force_insert=True)
    if not device.verify_token(code):
        transaction.set_rollback(True)
        return None
    codes = _fresh_codes(user)
    record("user.second_factor_on", user, by=user)
    return codes


def check(user, code):
    """The device that takes this code (six digits of the app, or a recovery code), or None. A recovery code serves once."""
    kind, word = (TOTPDevice, "手机验证码") if code.isdecimal() and len(code) == 6 else (StaticDevice, "恢复码")
    device = kind.objects.filter(user=user, confirmed=True).first()
    if device is None or not verify_token(user, device.persistent_id, code):
        return None
    with transaction.atomic():
        record("user.second_factor_passed", user, by=user, notes={"方式": ["", word]})
    return device


def wait_of(user):
    """Seconds until the next try is looked at, after wrong ones; 0 when it may be now."""
    waits = []
    for kind in (TOTPDevice, StaticDevice):
        for device in kind.objects.filter(user=user):
            allowed, why = device.verify_is_allowed()
            if not allowed:
                waits.append(int((why["locked_until"] - device.throttling_failure_timestamp).total_seconds()))
    return max(waits, default=0)


@transaction.atomic
def new_codes(user):
    """Ten new recovery codes; the old ones no longer work."""
    _lock(user)
    codes = _fresh_codes(user)
    record("user.recovery_codes", user, by=user)
    return codes


@transaction.atomic
def turn_off(user):
    """The owner's own wish, where the office leaves it open."""
    if is_required(user):
        raise Refused(OFF)
    _forget(user)
    record("user.second_factor_off", user, by=user)


@transaction.atomic
def reset(*, user, by):
    """For somebody who lost both phone and recovery codes: the next sign-in sets it up anew."""
    if by is not None and user.pk == by.pk:
        raise Refused("自己的两步验证请在“两步验证”页面重新绑定。")
    if not is_on(user):
        raise Refused(f"{user.name}没有启用两步验证。")
    _forget(user)
    record("user.second_factor_reset", user, by=by)


def _fresh_codes(user):
    device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "恢复码"})
    device.token_set.all().delete()
    tokens = [StaticToken(device=device, token=StaticToken.random_token()) for _ in range(CODES)]
    return [token.token for token in StaticToken.objects.bulk_create(tokens)]


def _forget(user):
    _lock(user)
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _lock(user):
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
