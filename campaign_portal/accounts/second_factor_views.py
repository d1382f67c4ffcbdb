"""Pages of the second factor: the code after the password, binding a phone, recovery codes, turning it off."""

from base64 import b32encode

import segno
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp import login as otp_login

from campaign_portal.audit.recording import record
from campaign_portal.edges import Refused

from . import access, kept, second_factor
from .access import Role
from .forms import CodeForm
from .middleware import CODE_DUE, CODE_PASSED


def begin_session(request, user, *, next_path="", kept_text=""):
    """After the right password: in, or on to the code."""
    owes_code = second_factor.is_on(user)
    with transaction.atomic():
        login(request, user)
        record("user.signed_in", user, by=user)
    if not owes_code:
        return _arrive(request, next_path, kept_text)
    request.session[CODE_DUE] = True
    return _code_page(request, CodeForm(), next_path, kept_text)


def _arrive(request, next_path, kept_text):
    """Where the person was going, with the form that the end of a session interrupted."""
    if form_kept := kept.unpack(kept_text, user=request.user):
        return render(request, "accounts/resume.html", {"kept": form_kept})
    is_ours = url_has_allowed_host_and_scheme(next_path, allowed_hosts={request.get_host()})
    return redirect(next_path if is_ours else "home")


def _code_page(request, form, next_path="", kept_text="", status=200):
    context = {"form": form, "next": next_path, "kept": kept_text}
    return render(request, "accounts/second_factor_code.html", context, status=status)


@access.allow(*Role)
@never_cache
@sensitive_post_parameters("code")
def second_factor_code(request):
    if not request.session.get(CODE_DUE):
        return redirect("home")
    if request.method != "POST":
        return _code_page(request, CodeForm())
    next_path, kept_text = request.POST.get("next", ""), request.POST.get("kept", "")
    form = CodeForm(request.POST)
    device = second_factor.check(request.user, form.cleaned_data["code"]) if form.is_valid() else None
    if device is None:
        form.add_error("code", _what_was_wrong(request.user))
        return _code_page(request, form, next_path, kept_text, status=422)
    _pass(request, device)
    if second_factor.codes_left(request.user) < 3:
        messages.warning(request, "恢复码快用完了，请到“两步验证”页面换一批。")
    return _arrive(request, next_path, kept_text)


def _pass(request, device):
    """The session is whole now; a key that lay open before it is replaced."""
    request.session.cycle_key()
    request.session.pop(CODE_DUE, None)
    request.session[CODE_PASSED] = True
    otp_login(request, device)


def _what_was_wrong(user):
    if wait := second_factor.wait_of(user):
        return f"验证码不对。请等手机上出现新的验证码，{wait} 秒后再试。"
    return "验证码不对或已经用过。请看手机上当前的 6 位数字，并检查手机时间是否准确。"


@access.allow(*Role)
def second_factor_page(request):
    is_on = second_factor.is_on(request.user)
    context = {
        "is_on": is_on,
        "is_required": second_factor.is_required(request.user),
        "codes_left": second_factor.codes_left(request.user) if is_on else 0,
    }
    return render(request, "accounts/second_factor.html", context)


@access.allow(*Role)
@never_cache
@sensitive_post_parameters("code")
def second_factor_setup(request):
    """Bind a phone, or another one. Whoever has a factor already shows it first."""
    user = request.user
    if second_factor.is_on(user) and not user.is_verified():
        request.session[CODE_DUE] = True
        return redirect("accounts:second-factor-code")
    form = CodeForm(request.POST or None)
    device = second_factor.from_signed_key(request.POST.get("key", ""), user) or second_factor.candidate(user)
    if request.method == "POST" and form.is_valid():
        if codes := second_factor.turn_on(device, form.cleaned_data["code"]):
            _pass(request, device)
            return _codes_page(request, codes, is_new=True)
        form.add_error("code", "验证码不对。请确认扫的是本页的二维码，并检查手机时间是否准确。")
        device = second_factor.from_signed_key(request.POST.get("key", ""), user) or second_factor.candidate(user)
    picture = segno.make(device.config_url, error="l").svg_inline(border=2, omitsize=True)
    context = {
        "form": form,
        "key": second_factor.sign_key(device),
        "qr": mark_safe(picture),  # segno's own drawing
        "secret": _in_fours(b32encode(device.bin_key).decode()),
        "is_required": second_factor.is_required(user),
    }
    return render(request, "accounts/second_factor_setup.html", context, status=422 if form.errors else 200)


def _in_fours(text):
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _codes_page(request, codes, *, is_new):
    shown = [f"{code[:4]} {code[4:]}" for code in codes]
    return render(request, "accounts/recovery_codes.html", {"codes": shown, "is_new": is_new})


@access.allow(*Role)
@never_cache
@require_POST
def recovery_codes(request):
    if not request.user.is_verified():  # the factor is changed only by who has shown it
        return redirect("accounts:second-factor-setup")
    return _codes_page(request, second_factor.new_codes(request.user), is_new=False)


@access.allow(*Role)
@require_POST
def second_factor_off(request):
    if not request.user.is_verified():
        return redirect("accounts:second-factor-setup")
    try:
        second_factor.turn_off(request.user)
    except Refused as error:
        messages.error(request, str(error))
    else:
        request.session.pop(CODE_PASSED, None)
        messages.success(request, "两步验证已关闭，以后登录只用密码。")
    return redirect("accounts:second-factor")
