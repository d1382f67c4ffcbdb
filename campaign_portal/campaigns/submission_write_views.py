"""Writing a summary: its form, its drafts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.edges import Refused

from .submission_forms import WriteForm
from .submission_views import done, submission_seen
from .submissions import writing
from .submissions.assembly import paragraphs, sources_for, with_paragraphs
from .submissions.comparing import compare
from .submissions.edges import SUBMISSION_EDGES, WRITERS
from .submissions.reading import figures_of, number_of, parts_of
from .submissions.writing import REASON


@access.allow(*WRITERS)
def submission_write(request, pk):
    """Write the four parts. The lead has the paragraphs of the offices below beside its own, to tick and take over."""
    submission, user = submission_seen(request, pk), request.user
    try:
        SUBMISSION_EDGES.check(submission, "write", by=user)
    except Refused as error:
        if request.method != "POST":  # what was typed is told by the service, and stays
            messages.error(request, str(error))
            return redirect(submission)
    figures = figures_of(submission, user)
    columns = [column for column in figures["columns"] if column.differs or column.reason]
    sources = sources_for(submission) if submission.is_own else {}
    fixed = {"parts": parts_of(submission, user), "columns": columns, "sources": sources, "user": user}
    form = WriteForm(request.POST or None, request.FILES or None, initial={"version": submission.draft_number}, **fixed)
    status, theirs = 422 if form.errors else 200, {}
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, submission, form)
        except writing.Overtaken as error:
            form, theirs, status = _seen_anew(request, form, error), error.theirs, 409
        except Refused as error:
            form.add_error(None, str(error))
            status = 409
    context = {
        "submission": submission,
        "round": submission.round,
        "form": form,
        "rows": [_row(form, row, sources, theirs) for row in fixed["parts"]],
        "reasons": [_reason(form, column, theirs) for column in columns],
        "figures": figures,
    }
    return render(request, "campaigns/submission_write.html", context, status=status)


def _saved(request, submission, form):
    content, taken = form.content(), form.chosen("take")
    if taken:
        content = with_paragraphs(submission, content, taken)
    version = form.cleaned_data["version"]
    dropped = [int(pk) for pk in form.chosen("drop")]
    added = form.added()
    draft = writing.save_submission(
        submission=submission,
        by=request.user,
        content=content,
        seen=version,
        added=added,
        dropped=dropped,
        note=f"汇总下级段落 {len(taken)} 段" if taken else "",
    )
    _say_saved(request, draft, version, bool(dropped or any(added.values())))
    stays = taken or "leave" not in request.POST
    return redirect("campaigns:submission-write", submission.pk) if stays else redirect(submission)


def _say_saved(request, draft, seen, has_files):
    if draft is None:
        messages.success(request, "佐证材料已保存。" if has_files else "内容没有改动，没有另存新稿。")
    elif draft.number > seen + 1:
        messages.success(
            request, f"已保存为第 {draft.number} 稿。同事在此期间也保存过，两边改的已经合在一起，请通读一遍。"
        )
    else:
        messages.success(request, f"已保存为第 {draft.number} 稿。")


def _seen_anew(request, form, error):
    """The form as it was sent, having seen the newest draft: saved again, what was typed stands. Where only the colleague
    wrote, his words are in it already, or saving again would take them away unseen."""
    form.add_error(None, str(error))
    sent = request.POST.copy()
    sent["version"] = error.number
    for key, text in error.merged.items():
        name = f"reason_{key.removeprefix(REASON)}" if key.startswith(REASON) else f"text_{key}"
        if name in form.fields:
            sent[name] = text
    form.data = sent
    return form


def _row(form, part, sources, theirs):
    order = part.part.order
    return {
        "part": part,
        "text": form[f"text_{order}"],
        "files": form[f"files_{order}"],
        "drop": form[f"drop_{order}"] if part.evidence else None,
        "sources": _ticks(form, order, sources.get(order, ())),
        "take_errors": form[f"take_{order}"].errors,
        "theirs": theirs.get(str(order)),
    }


def _ticks(form, order, of_part):
    """What the offices below wrote, each paragraph with whether it is ticked and whether it stands in the text already."""
    field = form[f"take_{order}"]
    ticked = set(field.value() or ())
    lines = set(paragraphs(form[f"text_{order}"].value() or ""))
    return [
        {
            "source": source,
            "name": field.html_name,
            "lines": [(p, p.key in ticked, p.marked in lines) for p in source.paragraphs],
        }
        for source in of_part
    ]


def _reason(form, column, theirs):
    return {"column": column, "field": form[f"reason_{column.code}"], "theirs": theirs.get(f"{REASON}{column.code}")}


@access.allow(*WRITERS)
def submission_drafts(request, pk):
    """Every draft, newest first, and two of them side by side. Only for the office that writes."""
    submission = submission_seen(request, pk)
    if submission.office_id != request.user.office_id:
        raise PermissionDenied("草稿只有报送单位自己能看。")
    drafts = list(submission.drafts.defer("content").select_related("saved_by"))
    pair = _pair(request, submission)
    context = {
        "submission": submission,
        "drafts": drafts,
        "pair": pair,
        "compared": _compared(submission, *pair) if pair else [],
        "may_write": SUBMISSION_EDGES.allows(submission, "write", by=request.user),
    }
    return render(request, "campaigns/submission_drafts.html", context)


def _pair(request, submission):
    """The two drafts that the query string names, older first; by default the newest beside the one before it."""
    newest = submission.draft_number
    if newest < 2:
        return None
    asked = [number_of(request.GET.get(name)) or default for name, default in (("old", newest - 1), ("new", newest))]
    found = {draft.number: draft for draft in submission.drafts.filter(number__in=asked)}
    if set(asked) - set(found):
        raise Http404
    return [found[number] for number in sorted(asked)]


def _compared(submission, old, new):
    parts = submission.round.parts.all()
    pairs = [
        (part, compare(old.content.get(str(part.order), ""), new.content.get(str(part.order), ""))) for part in parts
    ]
    return [(part, lines, any(line.is_changed for line in lines)) for part, lines in pairs]


@access.allow(*WRITERS)
@require_POST
def submission_restore(request, pk):
    submission = submission_seen(request, pk)
    number = number_of(request.POST.get("number"))
    return done(
        request,
        submission,
        lambda: writing.restore_draft(submission=submission, number=number or 0, by=request.user),
        f"第 {number} 稿的内容已恢复，存为新的一稿。",
    )
