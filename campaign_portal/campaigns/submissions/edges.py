"""What may happen to a summary: from which state, to which, by whom."""

from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import User
from campaign_portal.edges import Edge, Edges

from ..edges import LEADERS
from ..models import Submission

S = Submission.Status
WRITERS = frozenset(
    {Role.BUREAU, Role.TOWNSHIP, Role.ASSOCIATION}
)  # who may have to hand in a summary, or ask for them


def owns(submission, user):
    return submission.office_id == user.office_id


def receives(submission, user):
    return submission.receiver_id == user.office_id


def _sends_on_paper(submission, user):
    """The lead's own summary, where the office above has no account here."""
    return owns(submission, user) and submission.receiver_id is None


def _not_ready(submission, user):
    """What hinders handing in: a part without a word, or an approver who has to do it. One person alone does both."""
    empty = [part.part.title for part in submission.parts.select_related("part") if not part.text.strip()]
    if empty:
        return f"还没有写：{'、'.join(empty)}。请先写好再报送；确实没有的写“无”。"
    if not user.is_approver and (names := approvers_of(submission.office_id)):
        return f"总结由本单位审批人员报送：请{'或'.join(names)}看过后报送。"


def approvers_of(office_id):
    people = User.objects.filter(office=office_id, is_active=True, is_approver=True)
    return list(people.order_by("pk").values_list("name", flat=True)[:5])


def _own_hand(submission, user):
    if submission.submitted_by_id == user.pk:
        return "这份总结是您本人报送的，须由其他人审核。"


def _edge(verb, label, sources, targets, roles, **rest):
    return Edge(verb, label, frozenset(sources), frozenset(targets), frozenset(roles), duty="is_caseworker", **rest)


SUBMISSION_EDGES = Edges(
    _edge("write", "填写", [S.DUE, S.RETURNED], [S.DUE, S.RETURNED], WRITERS, who=owns),
    _edge("submit", "报送", [S.DUE, S.RETURNED], [S.SUBMITTED], WRITERS, who=owns, unless=_not_ready),
    _edge("send_back", "退回修改", [S.SUBMITTED], [S.RETURNED], LEADERS, who=receives, unless=_own_hand),
    _edge("accept", "采用", [S.SUBMITTED], [S.ACCEPTED], LEADERS, who=receives, unless=_own_hand),
    _edge("dispatch", "登记已上报", [S.SUBMITTED], [S.ACCEPTED], [Role.BUREAU], who=_sends_on_paper),
)
