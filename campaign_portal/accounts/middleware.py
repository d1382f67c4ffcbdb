"""Signing in, staying signed in, and not losing what was typed when a session ends."""

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from campaign_portal import clock

from . import kept, second_factor

SEEN = "seen_at"
SEEN_EVERY = 60  # seconds; a write per click would make every GET a write


class IdleTimeoutMiddleware:
    """Ends a session after IDLE_MINUTES without a request (assessment practice of GB/T 22239: 10 to 30 minutes)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.idle_user = None
        if request.user.is_authenticated:
            now = int(clock.now().timestamp())
            seen = request.session.get(SEEN, now)
            if now - seen > settings.IDLE_MINUTES * 60:
                request.idle_user = request.user.pk
                logout(request)
            elif now - seen >= SEEN_EVERY or SEEN not in request.session:
                request.session[SEEN] = now
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs a sign-in unless it says otherwise. A form sent too late is kept and offered again after it."""

    def handle_no_permission(self, request, view_func):
        if request.headers.get("X-Requested-With") == "fetch" or request.headers.get("HX-Request"):
            return _send_to(request, "accounts:sign-in")
        if request.method == "POST" and request.idle_user and not request.path.startswith("/accounts/"):
            from .views import sign_in_page

            return sign_in_page(request, kept=kept.pack(request), status=401)
        return super().handle_no_permission(request, view_func)


class UnfinishedSignInMiddleware:
    """Whoever owes a step of the sign-in does it before anything else: the code, an own password, binding a phone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if _has_lost_its_factor(request):
            logout(request)
        step = _owed_step(request)
        if step is None or request.path in (reverse(step), reverse("accounts:sign-out")):
            return self.get_response(request)
        return _send_to(request, step)


CODE_DUE = "second_factor_due"  # in the session, from the password until the code
CODE_PASSED = "second_factor_passed"  # in the session, from the code on


def _has_lost_its_factor(request):
    """Whether the phone that opened this session is bound no more: reset, or another one bound. Then the password is
    asked anew: after a reset somebody at an open session could otherwise bind a phone of his own."""
    user = request.user
    return user.is_authenticated and request.session.get(CODE_PASSED) and not user.is_verified()


def _owed_step(request):
    user = request.user
    if not user.is_authenticated:
        return None
    if request.session.get(CODE_DUE):
        return "accounts:second-factor-code"
    if user.must_change_password:  # chosen by somebody else
        return "accounts:password"
    if second_factor.is_required(user) and not user.is_verified():
        return "accounts:second-factor-setup"
    return None


def _send_to(request, name):
    """To a page of the sign-in, from wherever the request came; what a script sent stays where it is."""
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"error": "登录已过期或没有完成，请在新窗口登录后重试，已填内容还在。"}, status=401)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(name)})
    return redirect(name)
