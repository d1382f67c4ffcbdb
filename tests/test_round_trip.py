"""A downloaded ledger is edited in WPS and sent back: every difference is shown, only what is confirmed is written."""

import datetime
from decimal import Decimal

import pytest

from campaign_portal.audit.models import Event
from campaign_portal.jobs import services as jobs
from campaign_portal.jobs.models import Job
from campaign_portal.sheets import round_trip
from campaign_portal.sheets.jobs import accept_batch
from campaign_portal.sheets.models import Batch, BatchLine, BatchRow
from inspections import services
from inspections.models import Hazard, ProxyEntry
from inspections.sheets import LEDGER

from . import builders, hazards
from .builders import browser, count_queries, in_days
from .hazards import Cast
from .sheets import edited, exported

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def send(user, file):
    """Upload a sheet by the page. Returns the Batch."""
    response = browser(user).post("/sheets/returns/upload/", {"file": file})
    assert response.status_code == 302, response.content.decode()
    return Batch.objects.latest("pk")


def shown(batch, user):
    """The page's lines, by row number."""
    page = browser(user).get(f"/sheets/returns/{batch.pk}/")
    assert page.status_code == 200
    return {one.line.number: one for one in page.context["shown"]}


def problems(batch):
    return " ".join(problem for line in batch.lines.all() for problem in line.problems)


def confirm(batch, user, *, reason="", leave=(), add=()):
    """Press 写入 on the page as it is shown, but for ticks taken away (`leave`) and set (`add`): "<line>:<column>"."""
    page = browser(user).get(f"/sheets/returns/{batch.pk}/")
    lines = page.context["shown"]
    offered = {f"{one.line.pk}:{cell.column.name}" for one in lines for cell in one.cells if cell.is_taken}
    body = {
        "shown": page.context["versions"],
        "row": [one.line.pk for one in lines if one.is_taken],
        "take": [*(offered - set(leave)), *add],
        "accept": "1",
        "reason": reason,
    }
    return browser(user).post(f"/sheets/returns/{batch.pk}/", body)


def plan_sheet(cast, user=None, **cells):
    """A ledger with one open hazard, downloaded and edited by its manager (or `user`): `cells` maps names of columns to
    what is typed. Returns (hazard, batch)."""
    user = user or cast.manager
    hazard = hazards.opened(cast)
    with edited(exported(user)) as page:
        for name, value in cells.items():
            page.put(hazard, LEDGER.by_name[name].label, value)
    return hazard, send(user, page.file)


# The story


def test_nothing_is_written_before_it_is_confirmed_then_all_of_it_as_one_batch(cast):
    hazard, batch = plan_sheet(
        cast, measure="换闭门器", responsible="李红", responsible_phone=13900000002.0, funds="2.5万元"
    )
    line = shown(batch, cast.manager)[2]
    assert {cell.column.label: (cell.theirs, cell.mine, cell.is_taken) for cell in line.cells} == {
        "整改措施": ("清空通道，每日巡查", "换闭门器", True),
        "责任人": ("王建国", "李红", True),
        "责任人电话": ("", "13900000002", True),
        "整改资金（万元）": ("", "2.5", True),
    }
    assert Hazard.objects.get(pk=hazard.pk).measure == hazard.measure
    assert confirm(batch, cast.manager).status_code == 302
    now = Hazard.objects.get(pk=hazard.pk)
    assert (now.measure, now.responsible, now.responsible_phone, now.funds) == (
        "换闭门器", "李红", "13900000002", Decimal("2.50"),
    )  # fmt: skip
    batch.refresh_from_db()
    assert (batch.status, batch.counts["written"]) == ("applied", 1)


def test_the_batch_is_one_event_and_each_row_has_its_usual_one_that_names_it(cast):
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    confirm(batch, cast.manager)
    whole = Event.objects.filter(verb="sheet.applied").get()
    assert whole.changes == {"写入": ["", "1 行"], "未写入": ["", "0 行"]}
    row = Event.objects.about(hazard).last()
    assert row.verb == "hazard.plan" and row.changes["整改措施"] == ["清空通道，每日巡查", "换闭门器"]
    assert row.changes["来自"] == ["", f"表格往来第 {batch.pk} 号"]


def test_a_sheet_without_changes_says_so(cast):
    hazard, batch = plan_sheet(cast)
    assert (batch.counts["changed"], batch.counts["unchanged"]) == (0, 1)
    assert "没有改动" in browser(cast.manager).get(f"/sheets/returns/{batch.pk}/").content.decode()


def test_a_cell_or_a_row_whose_tick_is_taken_away_is_not_written(cast):
    hazard, batch = plan_sheet(cast, measure="换闭门器", responsible="李红")
    other = hazards.opened(cast)
    line = batch.lines.get()
    confirm(batch, cast.manager, leave=[f"{line.pk}:measure"])
    now = Hazard.objects.get(pk=hazard.pk)
    assert (now.measure, now.responsible) == (hazard.measure, "李红")
    with edited(exported(cast.manager)) as page:
        page.put(other, "责任人", "李红")
    batch = send(cast.manager, page.file)
    browser(cast.manager).post(
        f"/sheets/returns/{batch.pk}/", {"shown": f"{batch.lines.get().pk}:{other.version}", "accept": "1"}
    )
    batch.refresh_from_db()
    assert batch.counts["left_out"] == 1
    assert Hazard.objects.get(pk=other.pk).responsible == "王建国"


def test_accepting_twice_writes_once(cast):
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    assert confirm(batch, cast.manager).status_code == confirm(batch, cast.manager).status_code == 302
    assert Event.objects.about(hazard).filter(verb="hazard.plan").count() == 1
    assert Event.objects.filter(verb="sheet.applied").count() == 1


# What the others did meanwhile


def test_another_cell_changed_meanwhile_is_no_conflict(cast):
    hazard = hazards.opened(cast)
    data = exported(cast.manager)
    services.set_liaison(hazard=hazard, by=cast.officer, liaison="新包联")
    with edited(data) as page:
        page.put(hazard, "整改措施", "换闭门器")
    batch = send(cast.manager, page.file)
    line = shown(batch, cast.manager)[2]
    assert line.moved_on and [cell.column.name for cell in line.cells] == ["measure"]
    assert line.cells[0].is_taken and not line.cells[0].is_conflict
    confirm(batch, cast.manager)
    now = Hazard.objects.get(pk=hazard.pk)
    assert (now.measure, now.liaison) == ("换闭门器", "新包联")


def conflicting(cast):
    """Both the officer and the sheet have changed the measure; the sheet the person too."""
    hazard = hazards.opened(cast)
    data = exported(cast.manager)
    services.plan_work(hazard=hazard, by=cast.officer, changes={"measure": "他人的措施"}, proxy_reason="电话口述")
    with edited(data) as page:
        page.put(hazard, "整改措施", "我的措施")
        page.put(hazard, "责任人", "李红")
    return hazard, send(cast.manager, page.file)


def test_the_same_cell_changed_meanwhile_is_a_conflict_and_theirs_stays_unless_chosen(cast):
    hazard, batch = conflicting(cast)
    cells = {cell.column.name: cell for cell in shown(batch, cast.manager)[2].cells}
    measure = cells["measure"]
    assert (measure.base, measure.theirs, measure.mine) == ("清空通道，每日巡查", "他人的措施", "我的措施")
    assert measure.is_conflict and not measure.is_taken and cells["responsible"].is_taken
    assert "冲突" in browser(cast.manager).get(f"/sheets/returns/{batch.pk}/").content.decode()
    confirm(batch, cast.manager)
    now = Hazard.objects.get(pk=hazard.pk)
    assert (now.measure, now.responsible) == ("他人的措施", "李红")


def test_a_conflict_can_be_decided_for_ones_own(cast):
    hazard, batch = conflicting(cast)
    confirm(batch, cast.manager, add=[f"{batch.lines.get().pk}:measure"])
    assert Hazard.objects.get(pk=hazard.pk).measure == "我的措施"


def test_the_same_text_written_by_both_is_nothing_to_do(cast):
    hazard = hazards.opened(cast)
    data = exported(cast.manager)
    services.plan_work(hazard=hazard, by=cast.manager, changes={"measure": "同样的措施"})
    with edited(data) as page:
        page.put(hazard, "整改措施", "同样的措施")
    batch = send(cast.manager, page.file)
    (cell,) = shown(batch, cast.manager)[2].cells
    assert cell.is_done and not cell.is_taken


def test_what_changed_after_the_page_was_shown_is_refused_not_overwritten(cast):
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    page = browser(cast.manager).get(f"/sheets/returns/{batch.pk}/")
    services.set_liaison(hazard=hazard, by=cast.officer, liaison="新包联")
    line = batch.lines.get()
    body = {"shown": page.context["versions"], "row": [line.pk], "take": [f"{line.pk}:measure"], "accept": "1"}
    browser(cast.manager).post(f"/sheets/returns/{batch.pk}/", body)
    line.refresh_from_db()
    assert line.outcome == "refused" and "又有人办理过" in line.sentence
    assert Hazard.objects.get(pk=hazard.pk).measure == hazard.measure


# A cell is no back door


def test_an_officer_gives_a_reason_once_for_the_batch_and_the_home_is_told(cast):
    hazard, batch = plan_sheet(cast, cast.officer, measure="换闭门器", responsible="李红")
    assert confirm(batch, cast.officer).status_code == 409
    assert Hazard.objects.get(pk=hazard.pk).measure == hazard.measure
    confirm(batch, cast.officer, reason="镇整改调度会核对")
    assert ProxyEntry.objects.get(hazard=hazard).reason == "镇整改调度会核对"
    assert Event.objects.about(hazard).last().reason == "镇整改调度会核对"


def test_a_home_cannot_write_what_its_page_does_not_let_it(cast):
    hazard, batch = plan_sheet(cast, liaison="自己选的", measure="换闭门器", departments="住建")
    cells = {cell.column.name: cell for cell in shown(batch, cast.manager)[2].cells}
    assert "不能对这条记录办理“指定包联责任人”" in cells["liaison"].refusal
    assert "不能对这条记录办理“调整责任部门”" in cells["departments"].refusal
    confirm(batch, cast.manager, add=[f"{batch.lines.get().pk}:liaison", f"{batch.lines.get().pk}:departments"])
    now = Hazard.objects.get(pk=hazard.pk)
    assert (now.measure, now.liaison) == ("换闭门器", hazard.liaison)
    assert [part.office for part in now.parts.all()] == [cast.township]


def test_liaison_and_offices_go_by_their_own_steps(cast):
    hazard, batch = plan_sheet(
        cast, cast.clerk, liaison="陈勇", liaison_phone="0735-5521234", departments=f"消防，{cast.township.label}"
    )
    assert confirm(batch, cast.clerk).status_code == 409  # why are the offices changed?
    confirm(batch, cast.clerk, reason="联合整治")
    now = Hazard.objects.get(pk=hazard.pk)
    assert (now.liaison, now.liaison_phone) == ("陈勇", "0735-5521234")
    assert {part.office for part in now.parts.all()} == {cast.township, cast.county.departments["fire"]}
    verbs = [event.verb for event in Event.objects.about(hazard) if "来自" in event.changes]
    assert verbs == ["hazard.set_liaison", "hazard.share"]


def test_a_rule_of_the_step_refuses_one_row_and_the_others_are_written(cast):
    kept = hazards.finding(cast, by=cast.fire, departments=[cast.fire.office, cast.township])
    fine = hazards.opened(cast)
    with edited(exported(cast.officer)) as page:
        page.put(kept, "责任单位", cast.township.label)  # only the county takes a department's part away
        page.put(kept, "包联责任人", "不应写入")
        page.put(fine, "包联责任人", "陈勇")
    batch = send(cast.officer, page.file)
    confirm(batch, cast.officer, reason="调整")
    batch.refresh_from_db()
    assert (batch.counts["written"], batch.counts["refused"]) == (1, 1)
    assert "只能由县民政局撤下" in batch.lines.get(target_pk=kept.pk).sentence
    assert Hazard.objects.get(pk=kept.pk).liaison != "不应写入"  # a row is written whole or not
    assert Hazard.objects.get(pk=fine.pk).liaison == "陈勇"


def test_a_major_hazards_assurances_are_not_emptied(cast):
    hazard = hazards.major(cast)
    services.plan_work(hazard=hazard, by=cast.manager, changes=hazards.PLAN)
    with edited(exported(cast.manager)) as page:
        page.put(hazard, "临时防控措施和应急预案", None)
    batch = send(cast.manager, page.file)
    confirm(batch, cast.manager)
    assert "不能清空" in batch.lines.get().sentence
    assert Hazard.objects.get(pk=hazard.pk).plan == hazards.PLAN["plan"]


def test_a_hazard_that_is_not_open_cannot_be_planned(cast):
    hazard = hazards.opened(cast)
    data = exported(cast.manager)
    hazards.submit(hazard, by=cast.manager)
    with edited(data) as page:
        page.put(hazard, "整改措施", "换闭门器")
    batch = send(cast.manager, page.file)
    (cell,) = shown(batch, cast.manager)[2].cells
    assert cell.refusal == "当前为“待复查”，不能完善整改方案。" and not cell.is_taken


def test_read_only_columns_are_named_and_ignored(cast):
    hazard, batch = plan_sheet(
        cast,
        cast.clerk,
        status="已销号",
        facility="别的院",
        grade="重大",
        due_on=datetime.date(2030, 1, 1),
        found_on="下周五",
        liaison="陈勇",
    )
    said = problems(batch)
    assert "状态（AA2）：这一列由系统记录，不能在表里改" in said
    assert "机构名称（B2）" in said
    assert "延期须由机构在到期前申请" in said
    assert "调整等级要选判定依据" in said
    assert "排查日期（D2）：“下周五”不是日期，请写成 2026-11-30" in said
    confirm(batch, cast.clerk)
    now = Hazard.objects.get(pk=hazard.pk)
    assert (now.status, now.grade, now.due_on, now.liaison) == ("open", "normal", hazard.due_on, "陈勇")


def test_bad_values_are_named_with_their_cell_and_only_they_are_left_out(cast):
    hazard, batch = plan_sheet(
        cast,
        cast.clerk,
        funds="很多",
        measure="长" * 501,
        responsible=None,
        departments="公安",
        responsible_phone=datetime.datetime(2026, 3, 5),
        liaison="陈勇",
    )
    said = problems(batch)
    assert "整改资金（万元）（S2）：“很多”不是数字，请只写数字，如 1.5" in said
    assert "整改措施（R2）：有 501 个字，最多 500 个字" in said
    assert "责任人（N2）：不能清空" in said
    assert "责任单位（M2）：“公安”不在可填的里面，可填：" in said
    assert "被表格软件当成了日期" in said
    assert list(batch.lines.get().cells) == ["liaison"]
    confirm(batch, cast.clerk)
    assert Hazard.objects.get(pk=hazard.pk).liaison == "陈勇"


@pytest.mark.parametrize("funds", ["-1", "1000000", "0.001", "1e400", "1e999999999", "NaN"])
def test_money_that_cannot_be_is_refused_before_it_reaches_the_database(cast, funds):
    _, batch = plan_sheet(cast, funds=funds)
    assert batch.lines.get().cells == {} and "整改资金" in problems(batch)


# Undo


def undo(batch, user):
    return browser(user).post(f"/sheets/returns/{batch.pk}/undo/", follow=True).content.decode()


def test_a_batch_is_undone_as_one(cast):
    hazard, batch = plan_sheet(cast, cast.clerk, liaison="陈勇", departments=f"消防、{cast.township.label}")
    confirm(batch, cast.clerk, reason="联合整治")
    assert "已撤销" in undo(batch, cast.clerk)
    now = Hazard.objects.get(pk=hazard.pk)
    assert now.liaison == hazard.liaison
    assert [part.office for part in now.parts.all()] == [cast.township]
    batch.refresh_from_db()
    assert (batch.status, batch.undone_by, batch.counts["restored"]) == ("undone", cast.clerk, 1)
    assert Event.objects.filter(verb="sheet.undone").get().changes["撤销"] == ["", "1 行"]
    assert Event.objects.about(hazard).last().changes["来自"] == ["", f"撤销表格往来第 {batch.pk} 号"]
    undo(batch, cast.clerk)  # again: nothing
    assert Event.objects.filter(verb="sheet.undone").count() == 1


def test_rows_changed_since_are_left_and_named(cast):
    first, second = hazards.opened(cast), hazards.opened(cast)
    with edited(exported(cast.manager)) as page:
        page.put(first, "整改措施", "一")
        page.put(second, "整改措施", "二")
    batch = send(cast.manager, page.file)
    confirm(batch, cast.manager)
    services.set_liaison(hazard=first, by=cast.officer, liaison="新包联")
    said = undo(batch, cast.manager)
    assert first.code in said and "写入以后又有人办理过" in said
    measures = dict(Hazard.objects.values_list("pk", "measure"))
    assert measures == {first.pk: "一", second.pk: second.measure}


def test_nothing_to_undo_is_said_and_the_batch_stays(cast):
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    confirm(batch, cast.manager)
    hazards.submit(Hazard.objects.get(pk=hazard.pk), by=cast.manager)
    assert "没有一行可以撤销" in undo(batch, cast.manager)
    batch.refresh_from_db()
    assert batch.status == "applied"


def test_only_the_office_that_sent_it_sees_undoes_or_downloads_it(cast):
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    for user in (cast.officer, cast.clerk):
        for path in ("", "undo/", "drop/", "file/"):
            method = "get" if path in ("", "file/") else "post"
            assert getattr(browser(user), method)(f"/sheets/returns/{batch.pk}/{path}").status_code == 404
    colleague = builders.make_home_user(cast.home)
    response = browser(colleague).get(f"/sheets/returns/{batch.pk}/file/")
    assert b"".join(response.streaming_content).startswith(b"PK")
    confirm(batch, colleague)
    assert Hazard.objects.get(pk=hazard.pk).measure == "换闭门器"


def test_a_dropped_sheet_writes_nothing_any_more(cast):
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    browser(cast.manager).post(f"/sheets/returns/{batch.pk}/drop/")
    confirm(batch, cast.manager)
    batch.refresh_from_db()
    assert batch.status == "dropped"
    assert Hazard.objects.get(pk=hazard.pk).measure == hazard.measure


# The pages


def test_the_list_explains_the_three_steps_and_keeps_what_was_sent(cast):
    page = browser(cast.manager).get("/sheets/returns/").content.decode()
    assert "还没有传回过表格" in page and "导出" in page and "上传并核对" in page
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    page = browser(cast.manager).get("/sheets/returns/").content.decode()
    assert "隐患台账.xlsx" in page and "待确认" in page
    assert "还没有传回过表格" in browser(cast.officer).get("/sheets/returns/").content.decode()


def test_the_preview_costs_the_same_for_one_row_and_for_fifty(cast):
    def cost(number):
        rows = [hazards.opened(cast) for _ in range(number)]
        with edited(exported(cast.clerk)) as page:
            for hazard in rows:
                page.put(hazard, "包联责任人", "陈勇")
        batch = send(cast.clerk, page.file)
        client = browser(cast.clerk)
        client.get("/sheets/returns/")
        return count_queries(lambda: client.get(f"/sheets/returns/{batch.pk}/"))

    assert cost(1) == cost(20)


def test_choices_of_a_page_are_kept_while_turning_pages(cast, monkeypatch):
    monkeypatch.setattr("campaign_portal.sheets.views.PAGE", 1)
    rows = [hazards.opened(cast) for _ in range(3)]
    with edited(exported(cast.manager)) as page:
        for hazard in rows:
            page.put(hazard, "整改措施", "换闭门器")
    batch = send(cast.manager, page.file)
    first = batch.lines.first()
    turned = browser(cast.manager).post(
        f"/sheets/returns/{batch.pk}/", {"shown": f"{first.pk}:{first.seen}", "row": [first.pk], "go": "2"}
    )
    assert turned.url.endswith("?page=2")
    browser(cast.manager).post(f"/sheets/returns/{batch.pk}/", {"shown": "", "accept": "1"})
    written = set(BatchRow.objects.values_list("target_pk", flat=True))
    assert written == {hazard.pk for hazard in rows} - {first.target_pk}


def test_forged_ticks_and_odd_numbers_change_nothing(cast):
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    line = batch.lines.get()
    body = {
        "shown": f"{line.pk}:{line.seen},x:y,99999999999999999999:1,7:1",
        "row": [line.pk, "abc"],
        "take": [f"{line.pk}:status", f"{line.pk}:grade", "::", "9:measure"],
        "accept": "1",
    }
    assert browser(cast.manager).post(f"/sheets/returns/{batch.pk}/", body).status_code == 302
    now = Hazard.objects.get(pk=hazard.pk)
    assert (now.measure, now.status, now.version) == (hazard.measure, "open", hazard.version)


# Many rows


def test_rows_are_locked_in_the_order_of_their_keys_however_the_sheet_is_sorted(cast):
    """Two sheets with the same rows, sorted in two ways, would otherwise wait for each other for ever."""
    rows = [hazards.opened(cast, due_on=in_days(days)) for days in (9, 6, 3)]
    with edited(exported(cast.manager)) as page:
        for hazard in rows:
            page.put(hazard, "整改措施", "换闭门器")
    batch = send(cast.manager, page.file)
    numbers = batch.lines.order_by("number").values_list("target_pk", flat=True)
    assert list(numbers) == [hazard.pk for hazard in reversed(rows)]
    confirm(batch, cast.manager)
    written = BatchRow.objects.order_by("pk").values_list("target_pk", flat=True)
    assert list(written) == [hazard.pk for hazard in rows]


def test_many_changes_are_written_by_a_job_and_undone_by_one(cast, monkeypatch):
    monkeypatch.setattr(round_trip, "MOST_AT_ONCE", 2)
    monkeypatch.setattr("campaign_portal.sheets.jobs.STEP", 2)
    rows = [hazards.opened(cast) for _ in range(3)]
    with edited(exported(cast.manager)) as page:
        for hazard in rows:
            page.put(hazard, "整改措施", "换闭门器")
    batch = send(cast.manager, page.file)
    response = confirm(batch, cast.manager)
    job = Job.objects.latest("pk")
    assert response.url == f"/jobs/{job.pk}/"
    confirm(batch, cast.manager)  # pressed again: the same job
    assert Job.objects.count() == 1
    jobs.run(job.pk)
    jobs.run(job.pk)  # a worker may run it twice
    assert set(Hazard.objects.values_list("measure", flat=True)) == {"换闭门器"}
    batch.refresh_from_db()
    assert (batch.status, batch.counts["written"]) == ("applied", 3)
    assert Event.objects.filter(verb="sheet.applied").count() == 1
    undo(batch, cast.manager)
    jobs.run(Job.objects.latest("pk").pk)
    assert set(Hazard.objects.values_list("measure", flat=True)) == {rows[0].measure}
    batch.refresh_from_db()
    assert batch.status == "undone"


def test_a_job_cancelled_before_it_began_gives_the_sheet_free_again(cast, monkeypatch):
    monkeypatch.setattr(round_trip, "MOST_AT_ONCE", 0)
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    confirm(batch, cast.manager)
    jobs.cancel(job=Job.objects.get(), by=cast.manager)
    monkeypatch.setattr(round_trip, "MOST_AT_ONCE", 500)
    confirm(batch, cast.manager)
    assert Hazard.objects.get(pk=hazard.pk).measure == "换闭门器"


def test_a_job_cancelled_between_two_signs_of_life_writes_no_more(cast, monkeypatch):
    monkeypatch.setattr(round_trip, "MOST_AT_ONCE", 0)
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    confirm(batch, cast.manager)
    job = Job.objects.get()

    def cancelled_meanwhile(done, total):
        jobs.cancel(job=job, by=cast.manager)

    with pytest.raises(jobs.Cancelled):
        accept_batch(job, cancelled_meanwhile)
    assert Hazard.objects.get(pk=hazard.pk).measure == hazard.measure
    batch.refresh_from_db()
    assert (batch.status, "job" in batch.options) == ("uploaded", False)


def test_a_cancelled_job_settles_no_sheet_that_somebody_has_gone_on_with(cast, monkeypatch):
    monkeypatch.setattr(round_trip, "MOST_AT_ONCE", 0)
    monkeypatch.setattr("campaign_portal.sheets.jobs.STEP", 1)
    rows = [hazards.opened(cast) for _ in range(2)]
    with edited(exported(cast.manager)) as page:
        for hazard in rows:
            page.put(hazard, "整改措施", "换闭门器")
    batch = send(cast.manager, page.file)
    confirm(batch, cast.manager)
    job = Job.objects.get()

    def overtaken(done, total):
        if done == 1:
            jobs.cancel(job=job, by=cast.manager)
            monkeypatch.setattr(round_trip, "MOST_AT_ONCE", 500)
            confirm(batch, cast.manager)
            raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        accept_batch(job, overtaken)
    assert Event.objects.filter(verb="sheet.applied").count() == 1
    assert set(Hazard.objects.values_list("measure", flat=True)) == {"换闭门器"}


def test_a_failed_row_leaves_no_trace_in_the_batch(cast):
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    hazards.submit(Hazard.objects.get(pk=hazard.pk), by=cast.manager)
    confirm(batch, cast.manager, add=[f"{batch.lines.get().pk}:measure"])
    assert not BatchRow.objects.exists()
    assert BatchLine.objects.get().outcome == "refused"


def test_a_sheet_of_which_nothing_may_be_written_says_so_and_offers_no_button(cast):
    hazard, batch = plan_sheet(cast, measure="换闭门器")
    url = f"/sheets/returns/{batch.pk}/"
    assert "写入勾选的改动" in browser(cast.manager).get(url).content.decode()
    hazards.submit(hazard, by=cast.manager)
    page = browser(cast.manager).get(url).content.decode()
    assert "没有可以写入的改动" in page
    assert "写入勾选的改动" not in page
