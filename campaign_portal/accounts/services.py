"""Every change of offices and accounts."""

import uuid

from django.contrib.auth.models import Group
from django.db import transaction

from campaign_portal import clock
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import Refused

from .models import Office, User
from .passwords import readable_password

name_verbs(
    user_created="新建账号",
    user_edited="修改账号",
    user_disabled="停用账号",
    user_enabled="启用账号",
    user_password_reset="重置密码",
    user_password_changed="修改密码",
    user_moved="调动",
    user_handed_over="交接岗位",
    user_signed_in="登录",
    user_signed_out="退出登录",
    office_created="新建单位",
)

DUTIES = ("is_clerk", "is_approver", "is_administrator")


@transaction.atomic
def create_office(*, name, short_name, kind, area, parent=None, field="", number_code="", by=None):
    """A new office with the group that its grants hang on."""
    group = Group.objects.create(name=f"{area.code} {name} {uuid.uuid4().hex}")  # unique, whoever bore the name before
    office = Office(
        name=name,
        short_name=short_name,
        kind=kind,
        field=field,
        area=area,
        parent=parent,
        group=group,
        number_code=number_code,
    )
    office.copy_area(area)
    office.save(force_insert=True)
    record("office.created", office, by=by)
    return office


@transaction.atomic
def create_user(*, username, name, office, phone="", by=None, password=None, **duties):
    """A new account. Returns (user, password); the password is told once and never stored in clear.

    Homes are not forced to change it; offices are, at their first sign-in, unless a password was given.
    """
    told = password or readable_password()
    user = User(username=username, name=name, office=office, phone=phone, **duties)
    user.must_change_password = password is None and office.kind != "home"
    user.set_password(told)
    user.full_clean(exclude=["password"])
    user.save(force_insert=True)
    user.groups.add(office.group)
    record("user.created", user, by=by, notes={"岗位": ["", user.duties]})
    return user, told


@transaction.atomic
def edit_user(user, *, by):
    """Save an edited name, phone or duties."""
    before = snapshot(User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk))
    _keep_an_administrator(user)
    user.save(update_fields=["name", "phone", *DUTIES])
    record("user.edited", user, by=by, before=before)
    return user


@transaction.atomic
def reset_password(*, user, by):
    """Give an account a new password to be told to its owner. Returns it. All its sessions end."""
    password = readable_password()
    user.set_password(password)
    user.must_change_password = user.office.kind != "home"
    user.password_set_by, user.password_set_at = by, clock.now()
    user.save(update_fields=["password", "must_change_password", "password_set_by", "password_set_at"])
    record("user.password_reset", user, by=by)
    return password


@transaction.atomic
def change_password(*, user, password):
    """The owner's own change."""
    user.set_password(password)
    user.must_change_password = False
    user.password_set_by = user.password_set_at = None
    user.save(update_fields=["password", "must_change_password", "password_set_by", "password_set_at"])
    record("user.password_changed", user, by=user)


@transaction.atomic
def set_active(*, user, active, by):
    """Disable or enable an account. A disabled one keeps its history and cannot sign in; its sessions end."""
    user = _locked(user)
    if user.pk == by.pk:
        raise Refused("不能停用自己的账号，请由其他管理员办理。")
    if user.is_active == active:
        raise Refused(f"账号已经是{'启用' if active else '停用'}状态。")
    if active and not user.duties:
        raise Refused(f"{user.name}没有岗位，请先勾选岗位并保存，再启用。")
    user.is_active = active
    if not active:
        _keep_an_administrator(user)
    user.save(update_fields=["is_active"])
    record("user.enabled" if active else "user.disabled", user, by=by)
    return user


@transaction.atomic
def move_user(*, user, office, by):
    """Move a person to another office. The grants of the old one stay behind."""
    user = _locked(user)
    if user.office_id == office.pk:
        raise Refused(f"{user.name}已经在{office.name}。")
    before = snapshot(user)
    old = user.office
    user.office = office
    _keep_an_administrator(user, office=old)
    user.save(update_fields=["office"])
    user.groups.remove(old.group)
    user.groups.add(office.group)
    record("user.moved", user, by=by, before=before)
    return user


@transaction.atomic
def hand_over(*, giver, taker, by, disable):
    """Let a colleague take on all duties of a person; the giver's account is disabled if asked, else keeps its duties."""
    locked = {user.pk: _locked(user) for user in sorted((giver, taker), key=lambda user: user.pk)}
    giver, taker = locked[giver.pk], locked[taker.pk]
    if giver.office_id != taker.office_id or giver.pk == taker.pk:
        raise Refused("只能交接给本单位的另一位同事。")
    if not taker.is_active:
        raise Refused(f"{taker.name}的账号已停用，不能接手。")
    if disable and giver.pk == by.pk:
        raise Refused("不能停用自己的账号，请由其他管理员办理。")
    before = snapshot(taker)
    for duty in DUTIES:
        setattr(taker, duty, getattr(taker, duty) or getattr(giver, duty))
    taker.save(update_fields=DUTIES)
    record("user.handed_over", taker, by=by, before=before, reason=f"接手{giver.name}的岗位：{giver.duties}")
    if disable and giver.is_active:
        giver.is_active = False
        giver.save(update_fields=["is_active"])
        record("user.disabled", giver, by=by, reason=f"已交接给{taker.name}")
    return taker


def _locked(user):
    return User.objects.select_related("office__area").select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _keep_an_administrator(user, office=None):
    """An office that has an administrator keeps one; homes are looked after by their township."""
    office = office or user.office
    still = user.is_active and user.is_administrator and user.office_id == office.pk
    if still or office.kind == "home":
        return
    list(Office.objects.select_for_update(no_key=True).filter(pk=office.pk))  # two leave together: one after the other
    others = User.objects.filter(office=office, is_active=True, is_administrator=True).exclude(pk=user.pk)
    had = User.objects.filter(pk=user.pk, is_administrator=True, is_active=True, office=office).exists()
    if had and not others.exists():
        raise Refused(f"{user.name}是{office.name}唯一的管理员，请先指定另一位管理员。")
