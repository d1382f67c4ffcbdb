"""What tests of campaigns talk about: a campaign with its plan."""

from itertools import count

from campaign_portal.campaigns.models import Campaign, Indicator, Milestone, Phase, Task, TaskUnit

from .builders import in_days

_number = count(1)


def make_campaign(lead, **columns):
    """A running special campaign led by an office, in its area, from 30 days ago to 60 days ahead."""
    number = next(_number)
    defaults = {
        "title": f"养老院服务质量建设专项行动{number}",
        "code": f"P{number}",
        "area": lead.area,
        "status": Campaign.Status.RUNNING,
        "starts_on": in_days(-30),
        "ends_on": in_days(60),
    }
    return Campaign.objects.create(lead=lead, **(defaults | columns))


def make_phase(campaign, name="组织实施", *, starts_on=None, ends_on=None):
    order = campaign.phases.count()
    starts_on, ends_on = starts_on or campaign.starts_on, ends_on or campaign.ends_on
    return Phase.objects.create(campaign=campaign, order=order, name=name, starts_on=starts_on, ends_on=ends_on)


def make_task(campaign, title="持续排查整治安全隐患", *, offices=(), part=TaskUnit.Part.RESPONSIBLE, **columns):
    """A task that somebody has to do, with the offices that answer for it."""
    columns.setdefault("order", campaign.tasks.count())
    task = Task.objects.create(campaign=campaign, title=title, **columns)
    TaskUnit.objects.bulk_create(TaskUnit(task=task, part=part, office=o, name=o.name) for o in offices)
    return task


def make_milestone(task, name="完成排查", *, due_on=None, **columns):
    due_on = due_on or task.campaign.ends_on
    return Milestone.objects.create(campaign=task.campaign, task=task, name=name, due_on=due_on, **columns)


def make_indicator(campaign, name="培训养老护理员", *, value=40, unit="名", **columns):
    """A target; reported by offices unless `metric` is given."""
    columns.setdefault("by_on", campaign.ends_on)
    return Indicator.objects.create(campaign=campaign, name=name, value=value, unit=unit, **columns)
