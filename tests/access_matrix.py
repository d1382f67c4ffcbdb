"""Every URL of the portal with who may call it, and the tables of edges, as docs/access.md.

    .venv/bin/python -m tests.access_matrix

writes the file anew; tests/test_access.py fails while it is out of date.
"""

from pathlib import Path
from typing import NamedTuple

from django.urls import URLResolver, get_resolver

PAGE = Path(__file__).parent.parent / "docs" / "access.md"
COMMAND = ".venv/bin/python -m tests.access_matrix"


class Url(NamedTuple):
    """One pattern: its full name, its route from the root, and what answers it."""

    name: str
    route: str
    view: object


def urls(resolver=None, *, route="/", namespace=""):
    """Every URL pattern, through all includes."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from urls(entry, route=path, namespace=inner)
        else:
            yield Url(f"{namespace}{entry.name or ''}", path, entry.callback)


HEAD = f"""# 谁能用哪些页面

本页由 `{COMMAND}` 从代码生成，请勿手改；`tests/test_access.py` 核对它没有过时，
并用每种单位的账号（含未登录）对自己的和别人的对象逐一访问下面每个地址：
没有权限的角色得到 403，别人的对象得到 404，未登录转到登录页，查看（GET）从不改数据。

“●”表示这类单位可以使用；能看到哪些行由辖区、机构授权决定，能办哪些行由下面的状态表决定。

## 地址

"""

EDGES_HEAD = """
## 状态表

按钮、服务和测试读的是同一张表。
"""


def page():
    from campaign_portal.accounts.access import Role
    from campaign_portal.campaigns.edges import CAMPAIGN_EDGES
    from campaign_portal.campaigns.progress import PROGRESS_EDGES
    from campaign_portal.campaigns.submissions.edges import SUBMISSION_EDGES
    from campaign_portal.reminders.calls import CALL_EDGES
    from campaign_portal.reminders.deliveries import DELIVERY_EDGES
    from facilities.activity_edges import ACTIVITY_EDGES
    from inspections.edges import EDGES, REQUEST_EDGES, SELF_CHECK_EDGES

    columns = [*Role.values, "anonymous"]
    parts = [HEAD, _row("地址", "名称", *(Role(value).label for value in Role.values), "未登录", "岗位")]
    parts.append(_row("---", "---", *(":-:" for _ in columns), "---"))
    for url in urls():
        marks = ["●" if column in url.view.allowed_roles else "" for column in columns]
        parts.append(_row(f"`{url.route}`", f"`{url.name}`", *marks, _duty(url.view.allowed_duty)))
    parts.append(EDGES_HEAD)
    tables = [
        ("隐患", EDGES),
        ("申请（延期、作废）", REQUEST_EDGES),
        ("自查", SELF_CHECK_EDGES),
        ("活动", ACTIVITY_EDGES),
        ("专项行动", CAMPAIGN_EDGES),
        ("进展报送", PROGRESS_EDGES),
        ("总结报送", SUBMISSION_EDGES),
        ("电话通知单", CALL_EDGES),
        ("消息发送", DELIVERY_EDGES),
    ]
    for title, edges in tables:
        parts.append(f"\n### {title}\n\n")
        parts.append(_row("动作", "办理", "从", "到", "单位", "岗位"))
        parts.append(_row(*["---"] * 6))
        for edge in edges:
            parts.append(_edge_row(edge, _states_of(title)))
    return "".join(parts)


def _states_of(title):
    from campaign_portal.campaigns.models import Campaign, Progress, Submission
    from campaign_portal.reminders.models import Delivery
    from facilities.models import Activity
    from inspections.models import Hazard, Request, SelfCheck

    own = {
        "隐患": Hazard.Status,
        "自查": SelfCheck.Status,
        "活动": Activity.Status,
        "专项行动": Campaign.Status,
        "进展报送": Progress.Status,
        "总结报送": Submission.Status,
        "电话通知单": Delivery.Status,
        "消息发送": Delivery.Status,
    }
    return own.get(title, Request.Outcome)


def _edge_row(edge, states):
    from campaign_portal.accounts.access import Role

    sources, targets = ("、".join(s.label for s in states if s in some) for some in (edge.sources, edge.targets))
    roles = "、".join(Role(value).label for value in Role.values if value in edge.roles)
    return _row(f"`{edge.verb}`", edge.label, sources, targets, roles, _duty(edge.duty))


def _duty(name):
    from campaign_portal.accounts.models import User

    if name == "is_caseworker":
        return "经办或审批"
    return str(User._meta.get_field(name).verbose_name) if name else ""


def _row(*cells):
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE} written")
