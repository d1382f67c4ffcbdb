"""Every change of a saved view: lock, check, change, record.

Sharing needs no administrator: a view is only a question, and everybody who opens it gets the answer of his own rights.
Who works with a list all day knows which question is good. So that a menu can be cleaned up, an administrator of the
office may end the sharing of somebody else's view, never change it.
"""

from django.db import IntegrityError, transaction
from django.http import QueryDict

from campaign_portal.accounts.models import User
from campaign_portal.audit.recording import name_verbs, record, snapshot
from campaign_portal.edges import NotYours, Refused

from .models import FirstView, SavedView
from .registry import LISTS

MOST = 20  # views a person

name_verbs(
    view_saved="保存视图",
    view_renamed="视图改名",
    view_shared="共用视图",
    view_unshared="取消共用",
    view_deleted="删除视图",
)


@transaction.atomic
def save_view(*, by, code, name, query, share=False):
    """Keep `query` (text) under `name`. A view of this name that the user has already takes the new query."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)  # counts and names stand still
    own = SavedView.objects.filter(owner=by, office=by.office_id, list=code)
    query = LISTS[code].tidied(QueryDict(query)).urlencode()
    if len(query) > SavedView._meta.get_field("query").max_length:
        raise Refused("筛选条件太长，存不下，请减少查找的文字。")
    view = own.filter(name=name).first()
    if view is None and own.count() >= MOST:
        raise Refused(f"每人最多保存 {MOST} 个视图，请先在“管理视图”里删去不用的。")
    before = snapshot(view) if view else None
    view = view or SavedView(owner=by, office=by.office, list=code, name=name)
    view.query = query
    if share and not view.is_shared:
        _check_may_share(by)
        view.is_shared = True
    _save(view)
    record("view.saved", view, by=by, before=before)
    return view


@transaction.atomic
def rename_view(*, view, by, name):
    view = _own(view, by)
    before = snapshot(view)
    view.name = name
    _save(view, "name")
    record("view.renamed", view, by=by, before=before)
    return view


@transaction.atomic
def share_view(*, view, by):
    """Offer an own view to everybody in the office."""
    view = _own(view, by)
    _check_may_share(by)
    view.is_shared = True
    _save(view, "is_shared")
    record("view.shared", view, by=by)
    return view


@transaction.atomic
def unshare_view(*, view, by):
    """Keep it to its owner again. It opens the list for nobody else any more."""
    view = _locked(view)
    if view.owner_id != by.pk and not (by.is_administrator and by.office_id == view.office_id):
        raise NotYours("只有所有人或本单位管理员可以取消共用。")
    view.is_shared = False
    _save(view, "is_shared")
    FirstView.objects.filter(view=view).exclude(user=view.owner_id).delete()
    record("view.unshared", view, by=by)
    return view


@transaction.atomic
def delete_view(*, view, by):
    view = _own(view, by)
    record("view.deleted", view, by=by, notes={"条件": [view.query, "—"]})
    view.delete()


@transaction.atomic
def open_with(*, view, by):
    """Let the list open with this view for this user. A preference of one person: it is not recorded."""
    FirstView.objects.update_or_create(user=by, list=view.list, defaults={"view": view})


@transaction.atomic
def open_as_it_comes(*, code, by):
    FirstView.objects.filter(user=by, list=code).delete()


def _locked(view):
    return SavedView.objects.select_for_update(of=("self",), no_key=True).get(pk=view.pk)


def _own(view, by):
    view = _locked(view)
    if view.owner_id != by.pk:
        raise NotYours("视图是同事保存的，您可以打开，不能修改。")
    return view


def _check_may_share(by):
    if not by.is_caseworker:
        raise NotYours("经办或审批岗位才能把视图共用给本单位。")


def _save(view, *columns):
    """Save; a name that is taken becomes the constraint's own sentence."""
    try:
        with transaction.atomic():
            view.save(update_fields=columns or None)
    except IntegrityError as error:
        raise Refused(_sentence(view, str(error))) from error


def _sentence(view, words):
    """PostgreSQL names the constraint; SQLite its columns, of which only one constraint has the owner's."""
    owners, offices = view._meta.constraints[:2]
    is_owners = owners.name in words or ".owner_id" in words
    return str((owners if is_owners else offices).violation_error_message)
