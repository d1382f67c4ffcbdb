"""What may happen to a campaign: from which state, to which, by whom."""

from campaign_portal.accounts.access import Role
from campaign_portal.edges import Edge, Edges

from .models import Campaign

S = Campaign.Status
LEADERS = frozenset({Role.BUREAU, Role.ASSOCIATION})  # kinds of office that may lead a campaign


def leads(campaign, user):
    """The office that leads a campaign keeps its plan, whatever its kind: a bureau, or an association."""
    return campaign.lead_id == user.office_id


def _is_empty(campaign, user):
    return (
        None if campaign.tasks.to_be_done().exists() or campaign.phases.exists() else "还没有任务和阶段，先补充再启动。"
    )


CAMPAIGN_EDGES = Edges(
    Edge("start", "启动", {S.DRAFT}, {S.RUNNING}, LEADERS, who=leads, unless=_is_empty),
    Edge("plan", "修改方案", {S.DRAFT, S.RUNNING}, {S.DRAFT, S.RUNNING}, LEADERS, who=leads),
    Edge("close", "结束", {S.RUNNING}, {S.CLOSED}, LEADERS, who=leads, duty="is_approver"),
)
