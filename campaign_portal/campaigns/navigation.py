"""The frame around every page: side navigation by role, showing only what works, and the campaign at the top."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from campaign_portal import clock
from campaign_portal.accounts.access import EVERYONE, OFFICERS, Role

from .services import current_campaign


class Item(NamedTuple):
    label: str
    name: str  # URL name
    roles: frozenset[str]
    tab: str = ""  # label in the phone's bottom bar; at most five a role
    duty: str = ""


KEEPERS = frozenset({Role.BUREAU, Role.TOWNSHIP})
LEDGER_READERS = EVERYONE - {Role.ASSOCIATION}
INBOX = "reminders:inbox"
TABS = 5  # fit beside each other on a small phone

SECTIONS = [
    (
        "今天",
        [
            Item("工作台", "home", EVERYONE, tab="首页"),
            Item("待办", "todo", EVERYONE - {Role.EVALUATOR}, tab="待办"),
            Item("期限", "deadlines:mine", EVERYONE - {Role.EVALUATOR}),
            Item("收件箱", INBOX, EVERYONE, tab="消息"),
            Item("通知通报", "circulars:circulars", EVERYONE),
            Item("电话通知单", "reminders:calls", frozenset({Role.BUREAU, Role.TOWNSHIP, Role.HOME})),
            Item("统计", "figures", OFFICERS),
            Item("待发送", "outbox", OFFICERS | {Role.HOME, Role.ASSOCIATION}),
        ],
    ),
    (
        "监管",
        [
            Item("隐患台账", "inspections:ledger", LEDGER_READERS, tab="隐患"),
            Item("上报隐患", "inspections:report", frozenset({Role.HOME})),
            Item("自查", "selfcheck:rounds", OFFICERS | {Role.HOME}),
            Item("代机构上报", "inspections:report", frozenset({Role.TOWNSHIP, Role.BUREAU})),
            Item("登记检查发现", "inspections:register", OFFICERS),
            Item("表格往来", "sheets:returns", OFFICERS | {Role.HOME}),
            Item("导入表格", "imports:imports", frozenset({Role.TOWNSHIP, Role.BUREAU})),
            Item("后台任务", "jobs:jobs", OFFICERS | {Role.HOME}),
        ],
    ),
    (
        "机构",
        [
            Item("养老机构", "facilities:facilities", EVERYONE - {Role.HOME}, tab="机构"),
            Item("本院资料", "facilities:facilities", frozenset({Role.HOME}), tab="本院"),
        ],
    ),
    (
        "专项行动",
        [
            Item("专项行动", "campaigns:campaigns", EVERYONE),
            Item("活动", "activities:activities", EVERYONE, tab="活动"),
            Item("总结报送", "campaigns:summary-rounds", frozenset({Role.BUREAU, Role.TOWNSHIP, Role.ASSOCIATION})),
            Item("汇总报告", "reports:reports", frozenset({Role.BUREAU, Role.TOWNSHIP})),
        ],
    ),
    (
        "管理",
        [
            Item("单位与人员", "accounts:users", EVERYONE - {Role.HOME}),
            Item("工作日历", "calendar:calendar", OFFICERS | {Role.ASSOCIATION}),
            Item("提醒规则", "reminders:rules", frozenset({Role.BUREAU})),
            Item("消息渠道", "deliveries:channels", KEEPERS, duty="is_administrator"),
            Item("发送记录", "deliveries:deliveries", KEEPERS, duty="is_administrator"),
            Item("操作日志", "audit:events", frozenset({Role.BUREAU}), duty="is_administrator"),
        ],
    ),
]


def _may_see(item, user):
    return user.office.kind in item.roles and (not item.duty or getattr(user, item.duty))


def _links(items, request):
    """Items as links; the longest address that begins the present one is the current page."""
    urls = [(item, reverse(item.name)) for item in items]
    matching = [url for _, url in urls if url == "/" == request.path or (url != "/" and request.path.startswith(url))]
    here = max(matching, key=len, default=None)
    return [
        {"label": item.label, "tab": item.tab, "url": url, "is_here": url == here, "is_inbox": item.name == INBOX}
        for item, url in urls
    ]


def frame(request):
    """Context processor: `nav` (sections of links), `tabs` (phone), `campaign` (at the top), `unread_count` and `today`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"today": clock.today()}
    allowed = [item for _, items in SECTIONS for item in items if _may_see(item, user)]
    links = dict(zip(allowed, _links(allowed, request), strict=True))
    nav = [(title, [links[item] for item in items if item in links]) for title, items in SECTIONS]
    return {
        "nav": [(title, items) for title, items in nav if items],
        "tabs": [link for link in links.values() if link["tab"]][:TABS],
        "unread_count": getattr(user, "unread", 0),  # annotated by the query that finds the user
        "frame_campaign": SimpleLazyObject(lambda: current_campaign(user, on=clock.today())),
        "has_outbox": any(item.name == "outbox" for item in allowed),
        "today": clock.today(),
    }
