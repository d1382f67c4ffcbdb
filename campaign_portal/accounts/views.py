from copy import copy

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from campaign_portal.audit.recording import record
from campaign_portal.edges import Refused

from . import access, second_factor, services
from .access import Role
from .forms import ChangePasswordForm, HandOverForm, MoveForm, NewUserForm, SignInForm, UserForm
from .models import Office, User
from .second_factor_views import begin_session

OFFICES = 300  # on one page
MANAGERS = (Role.BUREAU, Role.DEPARTMENT, Role.TOWNSHIP, Role.ASSOCIATION, Role.EVALUATOR, Role.HOME)


def sign_in_page(request, *, form=None, kept="", next_path="", status=200):
    context = {"form": form or SignInForm(request), "kept": kept, "next": next_path}
    return render(request, "accounts/sign_in.html", context, status=status)


@access.open_to_all
@never_cache
@sensitive_post_parameters("password")
def sign_in(request):
    if request.method != "POST":
        return sign_in_page(request, next_path=request.GET.get("next", ""))
    next_path = request.POST.get("next", "")
    kept_text = request.POST.get("kept", "")
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        return sign_in_page(request, form=form, kept=kept_text, next_path=next_path, status=422)
    return begin_session(request, form.get_user(), next_path=next_path, kept_text=kept_text)


@access.allow(*Role)
@require_POST
def sign_out(request):
    with transaction.atomic():
        record("user.signed_out", request.user, by=request.user)
    logout(request)
    return redirect("accounts:sign-in")


def locked_out(request, credentials, *args, **kwargs):
    """What axes shows after five wrong passwords."""
    return render(request, "accounts/locked_out.html", status=429)


@access.allow(*Role)
@sensitive_post_parameters()
def password(request):
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_password(user=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已修改。")
        return redirect("home")
    status = 422 if form.errors else 200
    return render(request, "accounts/password.html", {"form": form}, status=status)


# People and their accounts


def _managed_user(request, pk):
    offices = Office.objects.managed_by(request.user)
    return get_object_or_404(User.objects.select_related("office__area"), pk=pk, office__in=offices)


@access.allow(*MANAGERS)
def users(request):
    """The accounts that the user looks after, office by office; who looks after none reads the colleagues'."""
    own = request.user.office_id
    managed = Office.objects.managed_by(request.user)
    may_manage = managed.exists()
    offices = managed if may_manage else Office.objects.filter(pk=own)
    people = User.objects.order_by("-is_active", "pk")
    if text := request.GET.get("q", "").replace("\0", "").strip():
        person = Q(name__contains=text) | Q(username__contains=text) | Q(phone__contains=text)
        people = people.filter(person | Q(office__name__contains=text))
        offices = offices.filter(Q(name__contains=text) | Q(pk__in=people.values("office")))
    found = offices.prefetch_related(Prefetch("users", people, to_attr="people"))[: OFFICES + 1]
    context = {
        "offices": sorted(found[:OFFICES], key=lambda office: office.pk != own),  # the own one first
        "is_cut": len(found) > OFFICES,
        "q": text,
        "may_manage": may_manage,
    }
    return render(request, "accounts/users.html", context)


@access.allow(*MANAGERS)
@never_cache
def user_new(request):
    offices = Office.objects.managed_by(request.user)[:2]
    if not offices:
        raise PermissionDenied("新建账号由本单位管理员（养老机构由乡镇）办理。")
    chosen = offices[0].pk if len(offices) == 1 else request.GET.get("office")
    form = NewUserForm(request.POST or None, user=request.user, initial={"office": chosen})
    if request.method == "POST" and form.is_valid():
        user, told = services.create_user(by=request.user, **form.cleaned_data)
        return render(request, "accounts/password_told.html", {"person": user, "password": told, "is_new": True})
    return render(request, "accounts/user_new.html", {"form": form}, status=422 if form.errors else 200)


@access.allow(*MANAGERS)
def user_page(request, pk):
    person = _managed_user(request, pk)
    form = UserForm(request.POST or None, instance=copy(person))
    if request.method == "POST" and form.is_valid():
        return _try(request, person, lambda: services.edit_user(form.instance, by=request.user), "已保存。")
    context = {
        "person": person,
        "form": form,
        "move_form": _if_choice(MoveForm(user=request.user, person=person), "office"),
        "hand_over_form": _if_choice(HandOverForm(giver=person), "taker"),
        "is_self": person.pk == request.user.pk,
        "has_second_factor": second_factor.is_on(person),
    }
    return render(request, "accounts/user.html", context, status=422 if form.errors else 200)


def _if_choice(form, field):
    """The form, unless it has nothing to choose from."""
    return form if form.fields[field].queryset.exists() else None


@access.allow(*MANAGERS)
@never_cache
@require_POST
def user_reset_password(request, pk):
    person = _managed_user(request, pk)
    told = services.reset_password(user=person, by=request.user)
    if person.pk == request.user.pk:
        update_session_auth_hash(request, person)
    return render(request, "accounts/password_told.html", {"person": person, "password": told})


@access.allow(*MANAGERS)
@require_POST
def user_reset_second_factor(request, pk):
    person = _managed_user(request, pk)
    word = f"{person.name}的两步验证已解除，下次登录时重新绑定手机。"
    return _try(request, person, lambda: second_factor.reset(user=person, by=request.user), word)


@access.allow(*MANAGERS)
@require_POST
def user_active(request, pk):
    person = _managed_user(request, pk)
    active = request.POST.get("active") == "1"
    word = f"{person.name}的账号已{'启用' if active else '停用'}。"
    return _try(request, person, lambda: services.set_active(user=person, active=active, by=request.user), word)


@access.allow(*MANAGERS)
@require_POST
def user_move(request, pk):
    person = _managed_user(request, pk)
    form = MoveForm(request.POST, user=request.user, person=person)
    if not form.is_valid():
        return _refused(request, person, "请选择要调往的单位。")
    office = form.cleaned_data["office"]
    act = lambda: services.move_user(user=person, office=office, by=request.user)  # noqa: E731
    return _try(request, person, act, f"{person.name}已调往{office.name}。")


@access.allow(*MANAGERS)
@require_POST
def user_hand_over(request, pk):
    person = _managed_user(request, pk)
    form = HandOverForm(request.POST, giver=person)
    if not form.is_valid():
        return _refused(request, person, "请选择本单位的接手人。")
    taker, disable = form.cleaned_data["taker"], form.cleaned_data["disable"]
    act = lambda: services.hand_over(giver=person, taker=taker, by=request.user, disable=disable)  # noqa: E731
    return _try(request, person, act, f"{person.name}的岗位已交接给{taker.name}。")


def _try(request, person, act, success):
    """Do a change of an account; say how it went; back to the account, or to the list if it has left our care."""
    try:
        act()
    except Refused as error:
        return _refused(request, person, str(error))
    messages.success(request, success)
    still_ours = Office.objects.managed_by(request.user).filter(users=person.pk).exists()
    return redirect("accounts:user", person.pk) if still_ours else redirect("accounts:users")


def _refused(request, person, sentence):
    messages.error(request, sentence)
    return redirect("accounts:user", person.pk)
