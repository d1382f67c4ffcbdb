"""The hazard ledger that a township or bureau has kept in Excel, taken over as it stands.

No back door: who imports could have registered each of these hazards, and what another has to re-check still waits for
that. Only what the old ledger says was struck off, with a day, comes in struck off; it says so on its page.
"""

import re
from collections import Counter as Tally
from dataclasses import replace
from datetime import datetime, time
from functools import cache, reduce
from operator import or_

from django.db.models import F, Q
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts.models import Office
from campaign_portal.audit.recording import name_verbs, record_many
from campaign_portal.campaigns.models import Campaign
from campaign_portal.campaigns.services import campaigns_for
from campaign_portal.deadlines import workdays
from campaign_portal.sheets.foreign import BadCell, plain, to_phone
from campaign_portal.sheets.importers import Importer, Line, Meanings, Undone, Written, register
from campaign_portal.sheets.models import BatchRow
from facilities.models import Facility

from .edges import may_register
from .forms import CountyRules
from .models import Hazard, HazardHistory, Part
from .services.numbering import code_for, reserve
from .services.reporting import OLDEST
from .services.steps import LONGEST, has_colleague, history_row, holders_key, judges_itself, refusing_nonsense
from .sheets import COLUMNS

name_verbs(hazard_imported="由旧台账导入", hazard_import_undone="撤销导入")

S = Hazard.Status
LABELS = {"code": "原编号", "found_on": "排查日期"}
HEADS = {  # of old ledgers only
    "grade": ("是否重大", "是否重大隐患", "重大隐患"),
    "status": ("完成情况", "整改完成情况", "是否完成", "整改进度", "进展情况", "办理情况"),
}
FIELDS = tuple(
    replace(
        column,
        label=LABELS.get(column.name, column.label),
        also=(*column.also, column.label, *HEADS.get(column.name, ())),
    )
    for column in COLUMNS
    if column.name != "round"
)

SOURCES = {
    "机构自查": "self", "自查": "self", "自查自纠": "self", "自查自改": "self",
    "联合检查": "joint", "联合": "joint", "部门联合检查": "joint", "联合执法": "joint", "专项检查": "joint",
    "日常检查": "daily", "日常": "daily", "日常巡查": "daily", "日常监管": "daily", "巡查": "daily", "检查": "daily",
    "暗访": "covert", "明察暗访": "covert",
    "双随机抽查": "random", "双随机": "random", "双随机一公开": "random",
    "第三方评估": "third", "第三方": "third", "专家检查": "third", "第三方检查": "third",
    "投诉举报": "report", "举报": "report", "投诉": "report", "群众举报": "report",
}  # fmt: skip

GRADES = {
    "一般": "normal", "一般隐患": "normal", "一般事故隐患": "normal", "普通": "normal",
    "是": "major", "否": "normal", "非重大": "normal",  # under 是否重大
    "重大": "major", "重大隐患": "major", "重大事故隐患": "major", "重大安全隐患": "major",
}  # fmt: skip

STATES = {
    word: state
    for state, words in {
        S.OPEN: "未整改 待整改 整改中 正在整改 未完成 未完成整改 限期整改 长期整改 持续整改 进行中 未到期 否 未 没有 未整改完成 部分整改",
        S.SUBMITTED: "已整改 已完成 完成 整改完成 已整改完成 整改到位 已整改到位 已完成整改 待复查 已整改待复查 未复查 立行立改 已立行立改 "
        "当场整改 当场整改完毕 已整改完毕 整改完毕 是",
        S.CLOSED: "已销号 销号 已办结 办结 已闭环 闭环 已复查销号 已验收 复查合格 验收合格 已整改销号 已验收销号",
    }.items()
    for word in words.split()
}
STATE_LABELS = [(state.value, state.label) for state in (S.OPEN, S.SUBMITTED, S.CLOSED)]

AT_ONCE_WORDS = {"立即", "立即整改", "立行立改", "当场", "当场整改", "马上整改", "即知即改", "即查即改"}
WHOLE_LENGTHS = {
    name: Hazard._meta.get_field(name).max_length
    for name in ("place", "summary", "finders", "responsible", "liaison", "measure", "plan", "rectification", "recheck_note")
} | {"code": Hazard._meta.get_field("old_code").max_length}  # fmt: skip


def may_import(user):
    return user.office.kind in ("bureau", "township") and bool(user.office.county_code) and user.is_caseworker


def campaign_choices(user):
    campaigns = Campaign.objects.visible_to(user).filter(
        status=Campaign.Status.RUNNING, kind=Campaign.Kind.SPECIAL, takes_records=True
    )
    own = campaigns.filter(county_code=user.office.county_code).values_list("pk", "title")
    yield "campaign", "归入哪个专项行动", [("", "按排查日期自动归入"), *((str(pk), title) for pk, title in own)]


class LedgerImport:
    """One pass over a ledger. Six queries to start with, one for each check of a chunk, a fixed number for each write."""

    def __init__(self, user, options):
        self.user, self.today, self.options = user, clock.today(), options
        self.rules = CountyRules(user.office)
        self.picks = options.get("picks", {})
        self.texts = options.get("texts", {})
        self._know_homes()
        self._know_words()
        self.seen = {}

    # What words mean

    def _know_homes(self):
        rows = Facility.objects.visible_to(self.user).select_related("area", "supervisor", "office")
        homes = list(rows.prefetch_related("former_names"))
        self.homes = {home.pk: home for home in homes}
        self.mine = {home.pk for home in homes if may_register(home, self.user)}
        self.named = {}  # squeezed name → pks of homes
        for home in homes:
            for name in (home.name, home.short_name, *(former.name for former in home.former_names.all())):
                if name:
                    self.named.setdefault(squeeze(name), set()).add(home.pk)
        mine = {name: min(pks & self.mine) for name, pks in self.named.items() if pks & self.mine}
        offered = [(pk, self.homes[pk].name) for pk in sorted(self.mine)]
        picked = {squeeze(said): value for said, value in self.picks.get("facility", {}).items()}
        self.likely_homes = Meanings("facility", mine, picked=picked, offered=offered)
        self.find_home = cache(self._find_home)

    def _know_words(self):
        categories, criteria = list(self.rules.categories), list(self.rules.criteria)
        self.other = next((c for c in categories if c.code == "other"), categories[-1])
        self.category = self._meanings("category", by_name(categories, "name"), categories)
        self.criterion = self._meanings("criterion", by_name(criteria, "text", "code"), criteria)
        self.source = self._meanings("source", SOURCES, Hazard.Source.choices)
        self.grade = self._meanings("grade", GRADES, Hazard.Grade.choices)
        self.status = self._meanings("status", STATES, STATE_LABELS)
        offices = Office.objects.filter(county_code=self.rules.county, is_active=True).exclude(kind="home")
        self.offices = {office.pk: office for office in offices.order_by("pk")}
        self.holders = [office for office in self.offices.values() if office.kind in ("department", "bureau")]
        names = by_name(self.holders, "label", "short_name", "name")
        names |= {f"{office.label}部门": office for office in self.holders}
        self.department = self._meanings("departments", names, self.holders)
        self.finder = by_name(self.offices.values(), "short_name", "name")

    def _meanings(self, name, known, values):
        """`values` are rows with a pk or (value, label) pairs; kept and picked by pk or value."""
        offered = [(v.pk, str(v)[:60]) if hasattr(v, "pk") else v for v in values]
        known = {plain(word): getattr(value, "pk", value) for word, value in known.items()}
        return Meanings(name, known, picked=self.picks.get(name, {}), offered=offered)

    # Checking

    def check(self, lines):
        for line in lines:
            self._check_line(line)
        self._find_repeats([line for line in lines if not line.problems])

    def _check_line(self, line):
        given = line.values
        given["facility"] = self._home_of(line)
        for name, most in WHOLE_LENGTHS.items():
            if len(given.get(name) or "") > most:
                line.refuse(name, f"有 {len(given[name])} 个字，最多 {most} 个，请压缩")
        for name in ("responsible_phone", "liaison_phone"):
            self._phone(line, name)
        if not given.get("summary") and not _refused(line, "summary"):
            line.refuse("summary", "是空的，请写明隐患是什么")
        given["place"] = given.get("place") or "其他"
        self._grade_of(line)
        given["source"] = self._word(line, self.source, "source", default=Hazard.Source.DAILY)
        given["category"] = self._category_of(line)
        given["departments"] = self._departments_of(line)
        self._days_of(line)
        self._status_of(line)

    def _phone(self, line, name):
        try:
            line.values[name] = to_phone(line.cells.get(name, ""))
        except BadCell as error:
            line.refuse(name, f"“{line.says(name)[:20]}”{error}")

    def _word(self, line, meanings, name, *, default):
        words = line.says(name)
        if not words:
            return default
        value = meanings.find(words)
        if value is None:
            known = "、".join(label for _, label in meanings.all()[:8])
            line.refuse(name, f"“{words[:20]}”不在可用的说法里，可写：{known}", meanings.all())
        return value

    def _home_of(self, line):
        words = squeeze(line.says("facility"))
        if not words:
            line.refuse("facility", "是空的，请写明是哪家机构")
            return None
        home, sentence, choices, remark = self.find_home(words, squeeze(line.says("town")))
        if home is None:
            line.refuse("facility", sentence, choices)
        elif remark:
            line.remarks.append(remark)
        return home

    def _find_home(self, words, town):
        """(home, sentence, choices, remark) for a name as the ledger writes it, and the town beside it."""
        found = self.named.get(words) or self._part_of_one(words)
        if len(found) > 1:
            found = {pk for pk in found if town and town in squeeze(self.homes[pk].area.name)} or found
        if len(found) == 1:
            home = self.homes[next(iter(found))]
            if home.pk not in self.mine:
                return None, f"“{home.name}”由{home.supervisor.name}监管，您不能导入它的隐患", (), ""
            is_own_name = words in (squeeze(home.name), squeeze(home.short_name))
            return home, "", (), "" if is_own_name else f"“{words}”按“{home.name}”导入"
        if picked := self.likely_homes.find(words):
            return self.homes[picked], "", (), f"“{words}”按您的选择记为“{self.homes[picked].name}”"
        near = self.likely_homes.near(words)
        rest = [choice for choice in self.likely_homes.all() if choice not in near] if len(self.mine) <= 80 else []
        if len(found) > 1:
            names = "、".join(sorted(self.homes[pk].name for pk in found))
            return None, f"“{words}”可能是{names}，请写全称", (*near, *rest), ""
        guess = f"，是不是“{near[0][1]}”？" if near else "，请核对名称；没有登记的机构请先在“养老机构”里登记"
        return None, f"找不到机构“{words[:30]}”{guess}", (*near, *rest), ""

    def _part_of_one(self, words):
        """Homes with a name that contains these words, or without its town's name in front is this."""
        if len(words) < 3:
            return set()
        return {pk for name, pks in self.named.items() if words in name for pk in pks}

    def _category_of(self, line):
        words = line.says("category")
        if not words:
            line.remarks.append(f"没写类别的，记为“{self.other.name}”")
            return self.other.pk
        near = [value for known, value in self.category.known.items() if words in known or known[:2] == words[:2]]
        if self.category.find(words) is None and len(set(near)) == 1:
            return near[0]
        return self._word(line, self.category, "category", default=None)

    def _departments_of(self, line):
        """The pks of the offices that hold a part; empty for the supervisor alone."""
        words = plain(str(line.cells.get("departments", "")))
        found, home = [], line.values["facility"]
        for word in filter(None, re.split(r"[、,，;；/\s和及]+", words)):
            if home and (squeeze(word) in self.named and home.pk in self.named[squeeze(word)]):
                continue  # the home itself, which answers for every hazard anyway
            if home and word in (home.supervisor.name, home.supervisor.short_name, home.supervisor.label):
                found.append(home.supervisor_id)
            elif pk := self.department.find(word) or self.department.picked.get(words):
                found.append(pk)
            else:
                known = "、".join(office.label for office in self.holders)
                line.refuse("departments", f"没有叫“{word[:20]}”的责任部门，可写：{known}", self.department.all())
        return list(dict.fromkeys(found))

    def _grade_of(self, line):
        given = line.values
        given["grade"] = self._word(line, self.grade, "grade", default=Hazard.Grade.NORMAL)
        if "grade" not in line.cells:
            line.remarks.append("没有指定哪一列是“等级”，按一般隐患记")
        words, given["criterion"] = line.says("criterion"), None
        if given["grade"] != Hazard.Grade.MAJOR:
            return
        within = {value for known, value in self.criterion.known.items() if len(words) >= 4 and words in known}
        found = self.criterion.find(words) or (within.pop() if len(within) == 1 else None)
        if found is None and words:
            line.refuse("criterion", f"“{words[:20]}”不在判定情形里，请选一条", self.criterion.all())
        elif found is None:
            line.refuse("criterion", "重大隐患要有判定依据，请照判定标准写上一条；不是重大的，把等级改为“一般”")
        given["criterion"] = found

    def _days_of(self, line):
        given, today = line.values, self.today
        found_on = given.get("found_on")
        if found_on is None:
            if not _refused(line, "found_on"):
                line.refuse("found_on", "是空的，请写明排查日期，如 2026-03-05")
        elif found_on > today:
            line.refuse("found_on", f"“{found_on}”晚于今天，请检查年份")
        elif found_on < today - OLDEST:
            line.refuse("found_on", f"“{found_on}”太早，请检查年份")
        self._due_of(line, found_on)
        for name, label in AFTERWARDS.items():
            day = given.get(name)
            if day and day > today:
                line.refuse(name, f"“{day}”晚于今天；{label}应是已经过去的日子")
            elif day and found_on and day < found_on:
                line.refuse(name, f"“{day}”早于排查日期 {found_on}，请核对")

    def _due_of(self, line, found_on):
        given = line.values
        if line.says("due_on") in AT_ONCE_WORDS:
            line.problems = [problem for problem in line.problems if problem.name != "due_on"]
            given["due_on"] = found_on
        due_on = given.get("due_on")
        if found_on is None:
            return
        if due_on is None and not _refused(line, "due_on"):
            days = self.rules.limits.major_days if given["grade"] == "major" else self.rules.limits.normal_days
            given["due_on"] = workdays.after(found_on, days, in_workdays=False)
            line.remarks.append(f"没写整改时限的，按排查后 {days} 天计")
        elif due_on and due_on < found_on:
            line.refuse("due_on", f"“{due_on}”早于排查日期 {found_on}，请核对")
        elif due_on and due_on > self.today + LONGEST:
            line.refuse("due_on", f"“{due_on}”太远，请检查年份")

    def _status_of(self, line):
        given = line.values
        rectified, rechecked, closed = (given.get(n) for n in ("rectified_on", "rechecked_on", "closed_on"))
        words, said = line.says("status"), self._said(line, rectified, closed)
        given["status"] = said
        if "status" not in line.cells:
            line.remarks.append("没有指定哪一列是“状态”，按整改完成日期、销号日期判断，都没有的记为待整改")
        check = {S.OPEN: self._check_open, S.SUBMITTED: self._check_submitted, S.CLOSED: self._check_closed}.get(said)
        if check:
            check(line, words, rectified, rechecked, closed)
        if given["grade"] == Hazard.Grade.MAJOR and said in (S.SUBMITTED, S.CLOSED):
            self._check_assurances(line)

    def _said(self, line, rectified, closed):
        """The state that the row means, by its words and days; None if it cannot be told."""
        words, by_days = line.says("status"), S.SUBMITTED if rectified else S.OPEN
        asks_for_closing = "销号" in self.texts.get("status", "")
        if words == "未销号" or asks_for_closing and words in ("否", "未"):
            return by_days
        if asks_for_closing and words == "是":
            return S.CLOSED
        said = self._word(line, self.status, "status", default=by_days)
        return S.CLOSED if closed and said == S.SUBMITTED or closed and not words else said

    def _check_open(self, line, words, rectified, rechecked, closed):
        if rectified or closed:
            name = "closed_on" if closed else "rectified_on"
            line.refuse("status", f"写着“{words}”，却有{AFTERWARDS[name]}，请改其中一个")

    def _check_submitted(self, line, words, rectified, rechecked, closed):
        if not rectified and not _refused(line, "rectified_on"):
            line.refuse("rectified_on", f"写着“{words}”，请补上整改完成日期；还没整改好的，把状态改为“整改中”")

    def _check_closed(self, line, words, rectified, rechecked, closed):
        day = closed or rechecked
        if not day:
            line.refuse("closed_on", f"写着“{words}”，请补上销号日期；没有复查的，把状态改为“已整改”")
            return
        line.values["closed_on"] = day
        if rectified is None:
            line.values["rectified_on"] = min(day, rechecked or day)
            line.remarks.append("已销号但没写整改完成日期的，按复查或销号日期记")
        elif rectified > day:
            line.refuse("closed_on", f"“{day}”早于整改完成日期 {rectified}，请核对")

    def _check_assurances(self, line):
        given = line.values
        missing = [word for name, word in ASSURANCES.items() if given.get(name) in (None, "")]
        if missing:
            line.refuse("status", f"重大隐患整改要有五落实，这一行还缺：{'、'.join(missing)}")

    # Repeats

    def _find_repeats(self, lines):
        if not lines:
            return
        there = self._already_there(lines)
        for line in lines:
            given = line.values
            key = (given["facility"].pk, given["found_on"], given["place"], given["summary"])
            keys = [key]
            if given.get("code"):
                keys += [(given["facility"].pk, given["found_on"], given["code"]), (given["code"],)]
            if code := next((there[k] for k in keys if k in there), None):
                line.repeats = f"系统里已有 {code}"
            elif key in self.seen:
                line.repeats = f"与第 {self.seen[key]} 行相同"
            else:
                self.seen[key] = line.number

    def _already_there(self, lines):
        """Keys of hazards that the portal has, as far as these lines could repeat them. One query."""
        days = [line.values["found_on"] for line in lines]
        homes = {line.values["facility"].pk for line in lines}
        rows = Hazard.objects.filter(facility__in=homes, found_on__range=(min(days), max(days)))
        there = {}
        columns = ("code", "facility_id", "found_on", "place", "summary", "old_code")
        for code, home, day, place, summary, old_code in rows.exclude(status=S.VOID).values_list(*columns):
            there[home, day, place, summary] = there[(code,)] = code
            if old_code:
                there[home, day, old_code] = code
        return there

    def show(self, line):
        given = line.values
        words = {
            "facility": given["facility"].name,
            "status": S(given["status"]).label,
            "grade": Hazard.Grade(given["grade"]).label,
        }
        return [str(words.get(name, given.get(name) or "")) for name in SHOWN]

    # Writing

    def write(self, lines, batch):
        now = clock.now()
        self.recheck_due_on = self.rules.limits.day_of("recheck", since=self.today)  # in the transaction that writes it
        hazards = [self._hazard(line, batch, now) for line in lines]
        self._place_in_campaigns(hazards)
        holders = [self._holders(line, hazard) for line, hazard in zip(lines, hazards, strict=True)]
        self._number(hazards)
        with refusing_nonsense(Hazard):
            Hazard.objects.bulk_create(hazards)
        alone = not has_colleague(self.user)
        Part.objects.bulk_create(
            self._part(hazard, office, now, alone)
            for hazard, offices in zip(hazards, holders, strict=True)
            for office in offices
        )
        HazardHistory.objects.bulk_create(
            history_row(hazard, holders_key(office.pk for office in offices), now)
            for hazard, offices in zip(hazards, holders, strict=True)
        )
        origin = {h.pk: f"《{batch.file.name}》第 {line.number} 行" for h, line in zip(hazards, lines, strict=True)}
        record_many("hazard.imported", hazards, by=self.user, notes=lambda h: _origin(h, origin[h.pk]))
        return [Written(hazard.pk, hazard.version) for hazard in hazards]

    def _hazard(self, line, batch, now):
        given, home, user = line.values, line.values["facility"], self.user
        hazard = Hazard(
            facility=home,
            supervisor=home.supervisor,
            imported_in=batch,
            old_code=given.get("code") or "",
            found_by=self._finder_of(line),
            reported_by=user,
            reported_at=now,
            verified_by=user,
            verified_at=now,
            status=given["status"],
            source=given["source"],
            grade=given["grade"],
            category_id=given["category"],
            criterion_id=given["criterion"],
            **{name: given.get(name) or "" for name in TEXTS},
            **{name: given.get(name) for name in ("found_on", "due_on", "funds", "rechecked_on")},
        )
        hazard.copy_area(home)
        hazard.liaison = hazard.liaison or home.liaison
        hazard.liaison_phone = hazard.liaison_phone or home.liaison_phone
        if hazard.status != S.OPEN:
            hazard.rectified_on, hazard.submitted_at = given["rectified_on"], now
        if hazard.status == S.SUBMITTED:  # he says so; somebody else looks
            hazard.submitted_by = user
            hazard.recheck_due_on = self.recheck_due_on
        if hazard.status == S.CLOSED:
            hazard.closed_by, hazard.closed_at = user, timezone.make_aware(datetime.combine(given["closed_on"], time()))
        return hazard

    def _finder_of(self, line):
        """The office that found it. One that is not known here is kept among the people."""
        words, given = line.values.get("found_by") or "", line.values
        if pk := self.finder.get(plain(words)):
            return pk
        if words and words not in (given.get("finders") or ""):
            given["finders"] = f"{words} {given.get('finders') or ''}".strip()[:100]
        return given["facility"].office if given["source"] == Hazard.Source.SELF else self.user.office

    def _holders(self, line, hazard):
        known = self.offices | {hazard.supervisor_id: hazard.supervisor}
        return [known[pk] for pk in line.values["departments"]] or [hazard.supervisor]

    def _place_in_campaigns(self, hazards):
        if chosen := self.options.get("campaign"):
            campaign = Campaign.objects.get(pk=chosen)
            placed = dict.fromkeys((hazard.found_on for hazard in hazards), campaign)
        else:
            placed = campaigns_for(self.user.office, {hazard.found_on for hazard in hazards})
        for hazard in hazards:
            hazard.campaign = placed[hazard.found_on]

    def _number(self, hazards):
        """Numbers in the order of the file, from each counter's next one on."""
        keys = [(hazard.campaign, hazard.supervisor) for hazard in hazards]
        following = reserve(Tally(keys))
        for hazard, key in zip(hazards, keys, strict=True):
            hazard.number = following[key]
            hazard.code = code_for(*key, hazard.number)
            following[key] += 1

    def _part(self, hazard, office, now, alone):
        if hazard.status == S.CLOSED:
            note = hazard.recheck_note or "旧台账记载已销号"
            return Part(
                hazard=hazard, office=office, acting_office=office, status=Part.Status.DONE, done_at=now,
                done_by=self.user, note=note,
            )  # fmt: skip
        entered = alone and hazard.status == S.SUBMITTED and office.pk == self.user.office_id
        acting = office
        if judges_itself(office, hazard, entered_it_alone=entered):
            acting = self.rules.bureau or office
        return Part(hazard=hazard, office=office, acting_office=acting)


TEXTS = (
    "finders", "place", "summary", "measure", "responsible", "responsible_phone", "liaison", "liaison_phone", "plan",
    "rectification", "recheck_note",
)  # fmt: skip
AFTERWARDS = {"rectified_on": "整改完成日期", "rechecked_on": "复查日期", "closed_on": "销号日期"}
ASSURANCES = {"responsible": "责任人", "measure": "整改措施", "funds": "整改资金", "plan": "应急预案"}
SHOWN = ("facility", "found_on", "place", "summary", "grade", "due_on", "responsible", "status")


def _refused(line: Line, name):
    return any(problem.name == name for problem in line.problems)


def squeeze(name):
    """A home's name as it is compared: without blanks and brackets."""
    return re.sub(r"[\s()（）“”\"·]", "", plain(name))


def by_name(rows, *attributes):
    """Name → row, for each of these names of each row; the first row wins."""
    known = {}
    for attribute in attributes:
        for row in rows:
            if name := plain(getattr(row, attribute)):
                known.setdefault(name, row)
    return known


def _origin(hazard, place):
    notes = {"来源": ["", place]}
    return notes | {"原编号": ["", hazard.old_code]} if hazard.old_code else notes


# Taking back


def undo(rows: list[BatchRow], batch, by):
    """Void the hazards that stand as they were imported; those that somebody has worked on stay, and are named."""
    versions = {row.target_pk: row.version for row in rows}
    locked = Hazard.objects.filter(pk__in=versions).select_for_update(of=("self",), no_key=True).order_by("pk")
    hazards = list(locked)
    in_use = _in_use(versions)
    mine = [hazard for hazard in hazards if hazard.version == versions[hazard.pk] and hazard.pk not in in_use]
    now = clock.now()
    present = HazardHistory.objects.filter(hazard__in=[hazard.pk for hazard in mine], valid_to__isnull=True)
    departments = dict(present.values_list("hazard_id", "departments"))
    for hazard in mine:
        hazard.status, hazard.version = S.VOID, hazard.version + 1
        hazard.recheck_due_on = None
    Hazard.objects.filter(pk__in=[hazard.pk for hazard in mine]).update(version=F("version") + 1, **VOID)
    present.update(valid_to=now)
    HazardHistory.objects.bulk_create(history_row(hazard, departments[hazard.pk], now) for hazard in mine)
    record_many("hazard.import_undone", mine, by=by, reason="撤销导入")
    taken_back = {hazard.pk for hazard in mine}
    BatchRow.objects.filter(pk__in=[row.pk for row in rows if row.target_pk in taken_back]).delete()
    kept = [f"{hazard.code}（{hazard.get_status_display()}）" for hazard in hazards if hazard.pk not in taken_back]
    return Undone(len(mine), kept)


def _in_use(pks):
    """Those of the hazards to which something was added that changes no version: words, papers, a hazard that came again,
    an answer of a self-check."""
    added = ("comments", "attachments", "recurrences", "self_check_answers")
    is_used = reduce(or_, (Q(**{f"{name}__isnull": False}) for name in added))
    return set(Hazard.objects.filter(is_used, pk__in=pks).values_list("pk", flat=True))


VOID = {"status": S.VOID, "closed_at": None, "closed_by": None, "recheck_due_on": None}

LEDGER = register(
    Importer(
        code="hazards",
        label="隐患台账",
        unit="条",
        columns=FIELDS,
        needed=("facility", "found_on", "summary"),
        hints=("town", "code"),
        shown=SHOWN,
        may=may_import,
        start=LedgerImport,
        undo=undo,
        list_url="inspections:ledger",
        list_query="state=all&batch={batch}",
        choices=campaign_choices,
        guide=(
            "旧台账写明已销号并有日期的，导入后是“已销号”；已整改没复查的是“待复查”，仍由另一位同志复查；其余是“待整改”。",
            "导入的隐患按顺序重新编号，旧台账自己的编号保留为“原编号”。",
            "重大隐患要写判定依据，没写的会列为要修改的行。",
        ),
    )
)
