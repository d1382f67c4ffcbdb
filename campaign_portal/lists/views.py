from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, Role
from campaign_portal.edges import Refused

from . import services
from .forms import NameForm, SaveForm
from .models import SavedView
from .registry import LISTS

READERS = EVERYONE - {Role.ASSOCIATION}  # it reads no list of which views are kept


def _visible(request, pk):
    return get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)


@access.allow(*READERS)
def view(request, pk):
    """Open a saved view: the list with its query. Values are checked there, as in any query string."""
    return redirect(_visible(request, pk).address)


@access.allow(*READERS)
def views(request):
    """Everything the user saved or may open, to rename, share, make the first one or delete."""
    return _page(request)


def _page(request, *, unsaved=None, refused=None, status=200):
    """`unsaved` is what was sent and not saved, `refused` the new name that a view did not get; each with a `sentence`."""
    lists = [(some_list, SavedView.objects.of_list(some_list.code, user=request.user)) for some_list in LISTS.values()]
    context = {
        "lists": lists,
        "unsaved": unsaved,
        "refused": refused,
        "most": services.MOST,
        "may_share": request.user.is_caseworker,
        "is_administrator": request.user.is_administrator,
    }
    return render(request, "lists/views.html", context, status=status)


@access.allow(*READERS)
@require_POST
def view_save(request):
    """Keep a list as it stands under a name."""
    form = SaveForm(request.POST)
    if not form.is_valid():
        return _unsaved(request, form.sentence)
    sent = form.cleaned_data
    try:
        view = services.save_view(
            by=request.user, code=sent["list"], name=sent["name"], query=sent["query"], share=sent["share"]
        )
    except Refused as error:
        return _unsaved(request, str(error))
    messages.success(request, f"视图“{view.name}”已保存，在“我的视图”里打开。")
    return redirect(view.address)


def _unsaved(request, sentence):
    sent = {name: request.POST.get(name, "") for name in SaveForm.base_fields}
    return _page(request, unsaved=sent | {"sentence": sentence}, status=422)


@access.allow(*READERS)
@require_POST
def view_rename(request, pk):
    view, form = _visible(request, pk), NameForm(request.POST)
    if form.is_valid():
        try:
            services.rename_view(view=view, by=request.user, name=form.cleaned_data["name"])
        except Refused as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, "视图已改名。")
            return redirect("lists:views")
    refused = {"pk": view.pk, "name": request.POST.get("name", ""), "sentence": form.sentence}
    return _page(request, refused=refused, status=422)


@access.allow(*READERS)
@require_POST
def view_share(request, pk):
    """`share=1` offers it to the office, anything else keeps it to its owner."""
    view, shares = _visible(request, pk), request.POST.get("share") == "1"
    try:
        (services.share_view if shares else services.unshare_view)(view=view, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"视图“{view.name}”已{'共用给本单位' if shares else '取消共用'}。")
    return redirect("lists:views")


@access.allow(*READERS)
@require_POST
def view_first(request, pk):
    """`first=1` opens the list with this view, anything else as it comes."""
    view = _visible(request, pk)
    if request.POST.get("first") == "1":
        services.open_with(view=view, by=request.user)
        messages.success(request, f"以后打开{LISTS[view.list].label}先看“{view.name}”。")
    else:
        services.open_as_it_comes(code=view.list, by=request.user)
        messages.success(request, f"以后打开{LISTS[view.list].label}照常显示。")
    return redirect("lists:views")


@access.allow(*READERS)
@require_POST
def view_delete(request, pk):
    view = _visible(request, pk)
    services.delete_view(view=view, by=request.user)
    messages.success(request, f"视图“{view.name}”已删除。")
    return redirect("lists:views")
