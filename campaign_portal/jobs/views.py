from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS, Role
from campaign_portal.edges import Refused
from campaign_portal.files.responses import send_file

from . import services
from .models import Job

ALLOWED = (*OFFICERS, Role.HOME)


def _own_job(request, pk):
    return get_object_or_404(Job.objects.visible_to(request.user).select_related("result"), pk=pk)


@access.allow(*ALLOWED)
def jobs(request):
    rows = list(Job.objects.visible_to(request.user).select_related("result")[:50])
    return render(request, "jobs/jobs.html", {"jobs": rows, "has_open": any(not job.is_over for job in rows)})


@access.allow(*ALLOWED)
def job_page(request, pk):
    """A job; asked by htmx, its progress alone. Once it is over the whole page is fetched, for its result."""
    job = _own_job(request, pk)
    if not request.htmx:
        return render(request, "jobs/job.html", {"job": job})
    response = render(request, "jobs/_progress.html", {"job": job})
    if job.is_over:
        response["HX-Refresh"] = "true"
    return response


@access.allow(*ALLOWED)
@require_POST
def job_cancel(request, pk):
    try:
        services.cancel(job=_own_job(request, pk), by=request.user)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "任务已取消。")
    return redirect("jobs:job", pk)


@access.allow(*ALLOWED)
def job_result(request, pk):
    job = _own_job(request, pk)
    if job.result is None or not services.MAY_FETCH[job.kind](job, request.user):
        raise Http404
    return send_file(request, job.result)
