"""What may happen to an activity: from which state, to which, by whom. Read by services, pages and tests."""

from campaign_portal.accounts.access import Role
from campaign_portal.campaigns.models import Campaign
from campaign_portal.edges import Edge, Edges

from .models import Activity

S = Activity.Status
K = Activity.Kind
RECORDERS = frozenset({Role.BUREAU, Role.TOWNSHIP, Role.ASSOCIATION, Role.DEPARTMENT, Role.HOME})
HOME_KINDS = (K.PUBLICITY, K.OATH, K.PAIRING, K.OTHER)  # what a home does by itself; no training of the county's plan


def may_record(user):
    """Whether the user may record activities at all."""
    return user.office.kind in RECORDERS and user.is_caseworker


def keeps(activity, user):
    """Who recorded it, or the organiser's office."""
    return user.pk == activity.recorded_by_id or user.office_id == activity.organiser_id


def campaign_is_over(activity, user):
    if activity.campaign.status == Campaign.Status.CLOSED:
        return f"“{activity.campaign}”已经结束，数字已固定，不能再改动它的活动。"


def _edge(verb, label, sources, targets):
    who_and_when = {"who": keeps, "unless": campaign_is_over, "duty": "is_caseworker"}
    return Edge(verb, label, frozenset(sources), frozenset(targets), RECORDERS, **who_and_when)


ACTIVITY_EDGES = Edges(
    _edge("hold", "登记开展情况", [S.PLANNED], [S.RECORDED]),
    _edge("edit", "修改", [S.PLANNED, S.RECORDED], [S.PLANNED, S.RECORDED]),
    _edge("attach", "上传材料", [S.PLANNED, S.RECORDED], [S.PLANNED, S.RECORDED]),
    _edge("void", "作废", [S.PLANNED, S.RECORDED], [S.VOID]),
)
