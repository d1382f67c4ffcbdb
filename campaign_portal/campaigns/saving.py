"""The shared end of the forms of a plan."""

from typing import NamedTuple

from django.contrib import messages
from django.shortcuts import redirect, render

from campaign_portal.edges import Refused


def row_form(request, campaign, form, save, what, target):
    """A form of a task, a milestone or an indicator, new or standing."""
    context = {"campaign": campaign, "form": form, "what": what, "is_new": form.instance.pk is None}
    page = Page("campaigns/plan_form.html", context)

    def keep():
        return save(form.instance, by=request.user, version=form.cleaned_data.get("version"))

    return end(request, form, keep, page, f"{what}已保存。", target)


class Page(NamedTuple):
    """Where a form is shown."""

    template: str
    context: dict


def end(request, form, save, page, sentence, target):
    """The shared end of every form of a plan: `save()` and go on to `target(row)`, or show the page again with what is
    wrong."""
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            row = save()
        except Refused as error:
            form.add_error(None, str(error))
            form.renew()
            status = 409
        else:
            messages.success(request, sentence)
            return redirect(*target(row))
    return render(request, page.template, page.context, status=status)
