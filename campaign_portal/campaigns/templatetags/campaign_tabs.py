"""The pages of one campaign, side by side, for whoever may open them."""

from django import template
from django.db.models import Exists, OuterRef
from django.urls import reverse

from campaign_portal.accounts.access import Role

from ..edges import leads
from ..models import Campaign, TaskUnit
from ..progress import REPORTERS

register = template.Library()


@register.inclusion_tag("campaigns/_tabs.html", takes_context=True)
def campaign_tabs(context, campaign, here):
    """Links to the pages of a campaign; `here` is the code of the present one."""
    user = context["request"].user
    tabs = [tab for tab in _tabs(campaign, user) if tab[1]]
    missing = _missing(campaign) if campaign.status == Campaign.Status.DRAFT and leads(campaign, user) else {}
    links = [(code, label, url) for code, label, url in tabs if url]
    return {"tabs": links, "here": here, "campaign": campaign, "missing": missing}


def _missing(campaign):
    """What a draft that is started now would leave without anybody: tasks, and indicators that nobody reports."""
    asked = TaskUnit.objects.filter(task=OuterRef("task"), part=TaskUnit.Part.RESPONSIBLE, office__isnull=False)
    unreported = campaign.indicators.filter(~Exists(asked), metric="", shares__isnull=True)
    return {"tasks": list(campaign.tasks.of_nobody()), "indicators": list(unreported)}


def _tabs(campaign, user):
    """(code, label, URL or "" where the user has nothing there)."""
    kind, pk = user.office.kind, campaign.pk
    is_special, runs = campaign.kind == Campaign.Kind.SPECIAL, campaign.status != Campaign.Status.DRAFT

    def page(name, *args, if_=True):
        return reverse(f"campaigns:{name}", args=args or [pk]) if if_ else ""

    return [
        ("board", "看板", page("campaign")),
        ("plan", "方案", page("plan", if_=is_special and kind != Role.EVALUATOR)),
        ("work", "本单位任务", page("work", if_=is_special and runs and kind in REPORTERS)),
        ("progress", "进展审核", page("progress", if_=is_special and runs and leads(campaign, user))),
        ("activities", "活动", f"{reverse('activities:activities')}?campaign={pk}" if runs else ""),
        ("notice", "通知原文", page("notice", campaign.notice_id, if_=campaign.notice_id)),
    ]
