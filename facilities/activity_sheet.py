"""The list of activities as a sheet."""

from campaign_portal.sheets.registry import CHOICE, DATE, NUMBER, At, Column, Several, Sheet, register

from .activity_filters import HELD, ActivityFilter
from .models import Activity, ActivityHome


def _homes_of(pks):
    rows = ActivityHome.objects.filter(activity__in=pks).values_list("activity", "facility__name")
    found = {}
    for activity, name in rows:
        found.setdefault(activity, []).append(name)
    return {activity: "、".join(names) for activity, names in found.items()}


def _word(choices):
    return dict(choices).get


COLUMNS = (
    Column("held_on", "日期", At("held_on"), DATE),
    Column("until_on", "至", At("until_on"), DATE),
    Column("kind", "类别", At("kind", _word(Activity.Kind.choices)), CHOICE, width=10),
    Column("title", "活动名称", At("title"), width=32),
    Column("campaign", "专项行动", At("campaign__title"), width=26),
    Column("task_number", "任务序号", At("task__number"), width=9),
    Column("task", "服务的任务", At("task__title"), width=26),
    Column("organiser", "主办单位", At("organiser__name"), width=22),
    Column("organiser_text", "协办单位", At("organiser_text"), width=22),
    Column("place", "地点", At("place"), width=18),
    Column(
        "homes",
        "参加机构",
        Several(lambda row: "、".join(home.facility.name for home in row.homes.select_related("facility")), _homes_of),
        width=36,
    ),
    Column("people", "人数", At("people"), NUMBER, width=8),
    Column("attendances", "人次", At("attendances"), NUMBER, width=8),
    Column("result", "开展情况", At("result"), width=40),
    Column("status", "状态", At("status", _word(Activity.Status.choices)), CHOICE, width=9),
)


def rows(user, query):
    """The activities of the list's page, in its order."""
    return HELD.sort(ActivityFilter(query, user=user).found)


def in_words(user, query):
    return ActivityFilter(query, user=user).in_words()


ACTIVITIES = register(
    Sheet("activities", "活动记录", COLUMNS, rows, list_url="activities:activities", frozen=4, in_words=in_words)
)
