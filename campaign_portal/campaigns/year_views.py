"""Figures of earlier years: a table by year, one figure at a time or a whole sheet."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.sheets.cells import as_text
from campaign_portal.sheets.opening import BadSheet

from .models import YearFigure
from .stepping import take
from .submission_forms import ImportForm, YearFigureForm
from .submissions import years
from .submissions.edges import WRITERS

MOST_BAD = 50  # rows named on the page
MOST_SHOWN = 3000


@access.allow(*WRITERS)
def year_figures(request):
    """The figures by year, and the form that adds or corrects one (?edit= fills it in)."""
    edited = _edited(request)
    form = YearFigureForm(request.POST or None, user=request.user, initial=_initial(edited))
    if request.method == "POST" and form.is_valid():
        messages.success(request, _said(*years.save_figures([form.entry()], by=request.user)))
        return redirect(_address(form.cleaned_data["office"], request.user))
    return _page(request, form, ImportForm(), edited=edited, status=422 if form.errors else 200)


def _said(new, changed):
    """What has become of one figure. One that was there already is replaced, so its old value is told."""
    if new:
        return "已保存。"
    if not changed:
        return "和原来的一样，没有改动。"
    (row,) = changed
    if row.was == row.value:
        return f"{row.year}年“{row.name}”的来源已更新。"
    return f"{row.year}年“{row.name}”已由 {as_text(row.was)}{row.unit} 改为 {years.in_words(row)}。"


def _edited(request):
    pk = request.GET.get("edit", "")
    if not pk:
        return None
    rows = YearFigure.objects.visible_to(request.user)
    return get_object_or_404(rows, pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)


def _initial(figure):
    if figure is None:
        return {}
    return {name: getattr(figure, name) for name in ("office", "year", "name", "unit", "value", "source")}


def _address(office, user):
    return reverse("campaigns:year-figures") + (f"?office={office.pk}" if office.pk != user.office_id else "")


def _page(request, form, upload, *, edited=None, bad=(), status=200):
    offices = list(years.offices_for(request.user).order_by("-kind", "area__code"))
    chosen = request.GET.get("office", "")
    office = next((office for office in offices if str(office.pk) == chosen), request.user.office)
    figures = YearFigure.objects.visible_to(request.user).filter(office=edited.office if edited else office)
    columns, rows = _by_year(figures[:MOST_SHOWN])
    context = {
        "form": form,
        "upload": upload,
        "edited": edited,
        "offices": offices if len(offices) > 1 else [],
        "office": office,
        "columns": columns,
        "rows": rows,
        "bad": bad[:MOST_BAD],
        "more_bad": max(0, len(bad) - MOST_BAD),
        "may_enter": years.may_enter(request.user),
        "events": years.history_of(edited.office if edited else office),
    }
    return render(request, "campaigns/submission_years.html", context, status=status)


def _by_year(figures):
    """(years, [(name, unit, a figure or None for each year)])."""
    found = {}
    for figure in figures:
        found.setdefault((figure.name, figure.unit), {})[figure.year] = figure
    columns = sorted({year for by_year in found.values() for year in by_year})
    return columns, [(*key, [by_year.get(year) for year in columns]) for key, by_year in found.items()]


@access.allow(*WRITERS)
@require_POST
def year_figures_import(request):
    """Take in a sheet. A row that is not right keeps everything out, unless those rows are to be skipped."""
    if not years.may_enter(request.user):
        raise PermissionDenied("往年数据由经办或审批人员填写。")
    upload, bad, status = ImportForm(request.POST, request.FILES), [], 422
    if upload.is_valid():
        try:
            entries, bad = years.read_sheet(upload.cleaned_data["sheet"], by=request.user)
            if not bad or (upload.cleaned_data["skip"] and entries):
                return _imported(request, entries, bad)
            upload.add_error(None, f"有 {len(bad)} 行读不懂，一行也没有导入。改好后重新上传，或勾选“先跳过”。")
        except BadSheet as error:
            upload.add_error("sheet", str(error))
    return _page(request, YearFigureForm(user=request.user), upload, bad=bad, status=status)


def _imported(request, entries, bad):
    new, changed = years.save_figures(entries, by=request.user, verb="yearfigure.imported")
    skipped = f"，跳过第 {'、'.join(str(row.number) for row in bad[:MOST_BAD])} 行" if bad else ""
    messages.success(request, f"已导入：新增 {len(new)} 项，更新 {len(changed)} 项{skipped}。")
    return redirect("campaigns:year-figures")


@access.allow(*WRITERS)
@require_POST
def year_figure_remove(request, pk):
    figure = get_object_or_404(YearFigure.objects.visible_to(request.user).select_related("office"), pk=pk)

    def page():
        return _page(request, YearFigureForm(user=request.user), ImportForm())

    step = partial(years.remove_figure, figure, by=request.user)
    return take(request, step, page, then=[_address(figure.office, request.user)], said="已删除。")
