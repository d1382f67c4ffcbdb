from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.documents.registry import Order
from campaign_portal.edges import Refused
from campaign_portal.files.responses import send_file

from .. import metrics
from ..services import current_campaign
from . import services
from .forms import PERIODS, ReportForm, period
from .services import ROLES

SHOWN = 20


@access.allow(*ROLES)
def reports(request):
    """What a report would say, beside the form that orders it; and the earlier reports of the office.

    The form's buttons either look (quick periods, 更新预览) or order (生成报告); looking changes nothing.
    """
    form = _form(request)
    is_ordered = request.method == "POST" and "order" in request.POST
    if not is_ordered or not form.is_valid():
        return _page(request, form, status=422 if form.is_bound and not form.is_valid() else 200)
    try:
        job = services.order_report(by=request.user, words=form.words())
    except services.UnderWay as error:
        link = format_html('{}<a class="btn" href="{}">看进度</a>', error, reverse("jobs:job", args=[error.job.pk]))
        messages.error(request, link)
        return _page(request, form, status=409)
    except Refused as error:
        messages.error(request, str(error))
        return _page(request, form, status=409)
    messages.success(request, "已开始生成，做好后可在这里下载，“汇总报告”里也会留一份。")
    return redirect("jobs:job", job.pk)


def _form(request):
    """The form as sent; or filled in from an earlier report (?again=), or with the whole campaign until today."""
    user, today = request.user, clock.today()
    if request.method == "POST":
        form = ReportForm(request.POST, user=user)
        campaign = _chosen(form)
        if (name := request.POST.get("period")) in PERIODS and campaign:
            sent = request.POST.copy()
            sent["since"], sent["on"] = period(name, campaign, today=today)
            form = ReportForm(sent, user=user)
        return form
    if "again" in request.GET:
        pk = request.GET["again"]
        earlier = get_object_or_404(services.reports_of(user), pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
        return ReportForm(earlier.params, user=user)
    form = ReportForm(user=user)
    campaign = current_campaign(user, on=today) or form.fields["campaign"].queryset.first()
    if campaign:
        since, on = period("all", campaign, today=today)
        form.initial = {"campaign": campaign, "since": since, "on": on}
    return form


def _chosen(form):
    """The campaign of a bound form, whatever the rest of it says."""
    form.is_valid()
    return form.cleaned_data.get("campaign")


def _page(request, form, *, status=200):
    found = services.reports_of(request.user)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: SHOWN + 1])
    context = {
        "form": form,
        "periods": PERIODS,
        "has_campaigns": form.fields["campaign"].queryset.exists(),
        "preview": _preview(request.user, form),
        "reports": rows[:SHOWN],
        "next_before": rows[SHOWN - 1].pk if len(rows) > SHOWN else None,
    }
    return render(request, "reports/reports.html", context, status=status)


def _preview(user, form):
    """The figures and the lengths of the lists that the report would have; None while the form has no sound period."""
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    if not chosen or (form.is_bound and form.errors):
        return None
    order = Order(user, chosen["campaign"], chosen["since"], chosen["on"])
    is_today = order.on == clock.today()
    with metrics.counted_once():
        figures = metrics.figures_for(user, campaign=order.campaign, on=None if is_today else order.on)
        return {"order": order, "is_today": is_today, "figures": figures, "lists": services.rows_listed(order)}


@access.allow(*ROLES)
def report_download(request, pk):
    """A finished report, for everybody of the office that ordered it while it oversees what the report covers."""
    report = get_object_or_404(services.reports_of(request.user), pk=pk)
    if report.result is None or not services.may_read(report, request.user):
        raise Http404
    return send_file(request, report.result)
