"""What may happen to a circular and to what each recipient makes of it: from which state, to which, by whom."""

from campaign_portal import clock
from campaign_portal.accounts.access import EVERYONE, Role
from campaign_portal.deadlines.registry import day_of
from campaign_portal.edges import Edge, Edges

from .models import Circular, Recipient

S, R = Circular.Status, Recipient.Status
WRITERS = frozenset({Role.BUREAU, Role.TOWNSHIP, Role.ASSOCIATION})  # kinds of office that may send


def sends(circular, user):
    return circular.office_id == user.office_id


def _over(circular, user):
    """A reply cannot be asked for by a day that has passed."""
    if circular.reply_by and circular.reply_by < clock.today():
        return f"回复期限 {circular.reply_by:%Y-%m-%d} 已过，请先改期限再发。"


def _nobody_to_nudge(circular, user):
    waiting = list(circular.recipients.waiting().values_list("nudged_at", flat=True))
    if not waiting:
        return "都已回复，不用再催。" if circular.asks_reply else "都已阅读，不用再催。"
    if all(moment and day_of(moment) >= clock.today() for moment in waiting):
        return "今天已经催过，每家每天最多催一次，请明天再催。"


def _edge(verb, label, sources, targets, roles, **rest):
    return Edge(verb, label, frozenset(sources), frozenset(targets), frozenset(roles), duty="is_caseworker", **rest)


CIRCULAR_EDGES = Edges(
    _edge("edit", "修改", [S.DRAFT], [S.DRAFT], WRITERS, who=sends),
    _edge("drop", "删除草稿", [S.DRAFT], [], WRITERS, who=sends),
    _edge("send", "发出", [S.DRAFT], [S.SENT], WRITERS, who=sends, unless=_over),
    _edge("nudge", "催办", [S.SENT], [S.SENT], WRITERS, who=sends, unless=_nobody_to_nudge),
    _edge("correct", "更正", [S.SENT], [S.SENT], WRITERS, who=sends),
)


def _is_its(recipient, user):
    return recipient.office_id == user.office_id


def _is_of_sender(recipient, user):
    return recipient.circular.office_id == user.office_id


def _not_asked(recipient, user):
    if not recipient.circular.asks_reply:
        return "这份文件不要求回复，点“我已阅读”即可。"


def _settled(recipient, user):
    if not recipient.is_waiting:
        return f"{recipient.label}{recipient.get_status_display()}，不用再登记。"


RECIPIENT_EDGES = Edges(
    _edge("read", "确认阅读", [R.UNREAD], [R.READ], EVERYONE, who=_is_its),
    _edge("reply", "回复", [R.UNREAD, R.READ], [R.REPLIED], EVERYONE, who=_is_its, unless=_not_asked),
    _edge(
        "phone", "登记电话告知", [R.UNREAD, R.READ], [R.READ, R.REPLIED], WRITERS, who=_is_of_sender, unless=_settled
    ),
)
