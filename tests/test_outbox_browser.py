"""The phone with a bad signal: what is photographed and typed waits on it until the portal has it, once and whole."""

import hashlib
import io
import random

import pytest
from django.contrib.sessions.models import Session
from PIL import Image
from pillow_heif import register_heif_opener
from playwright.sync_api import expect, sync_playwright

from campaign_portal.files.models import StoredFile, Upload
from inspections.models import Hazard

from . import builders, hazards
from .browser import CHROMIUM, PATIENCE, PHONE, axe_violations, field, follow, press, shot, sign_in
from .builders import in_days
from .hazards import Cast
from .proxy import BadLine, Cut, CutAnswer, Double, Late

pytestmark = [pytest.mark.browser]

BEFORE, BEFORE_TOO, AFTER = shot("#8a6d4b", "前一.jpg"), shot("#6d8a4b", "前二.jpg"), shot("#4b6d8a", "后.jpg")
NO_LINE = ("ERR_INTERNET_DISCONNECTED", "ERR_EMPTY_RESPONSE", "ERR_CONTENT_LENGTH", "ERR_CONNECTION", "status of 40")


@pytest.fixture
def cast(transactional_db):
    return Cast()


@pytest.fixture(autouse=True)
def _complaints_about_the_line(complaints):
    """That there is no connection is what these tests are about; anything else the console says still fails them."""
    yield
    complaints[:] = [complaint for complaint in complaints if not any(words in complaint for words in NO_LINE)]


def fill_in(page, *photos, arrived=True, summary="二楼疏散通道堆放杂物"):
    """A report up to its last button."""
    page.get_by_label("隐患部位").select_option("走廊和疏散通道")
    page.get_by_label("类别").select_option(label="消防安全")
    press(page, "下一步")
    page.get_by_label("隐患照片").set_input_files(list(photos))
    if arrived:
        expect(page.get_by_text(f"已送达 {len(photos)}/{len(photos)}")).to_be_visible()
    page.get_by_label("隐患描述").fill(summary)
    press(page, "下一步")
    page.get_by_label("整改措施").fill("清空通道，每日巡查")
    field(page, "责任人").fill("陈秀英")


# The line


def grainy(number):
    """A photo that cannot be made much smaller: several pieces on its way."""
    image = Image.frombytes("RGB", (400, 300), random.Random(number).randbytes(400 * 300 * 3)).resize((1000, 750))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def line(live_server):
    with BadLine(live_server) as line:
        line.troubled = lambda first_line: "/files/uploads/" in first_line or first_line.startswith("POST /hazards")
        yield line


@pytest.fixture
def own_phone(tmp_path, line, monkeypatch):
    """own_phone(): Chromium with a memory of its own, which survives closing it. The line is between it and the portal."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    opened = []

    def open_browser(playwright):
        options = CHROMIUM | PHONE | {"base_url": line.url, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        context = playwright.chromium.launch_persistent_context(str(tmp_path / "phone"), **options)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    return open_browser


def test_five_photos_and_a_form_through_a_line_that_keeps_breaking_and_a_closed_browser(cast, line, own_phone):
    with sync_playwright() as playwright:
        expect.set_options(timeout=60_000)
        context = own_phone(playwright)
        page = context.pages[0]
        sign_in(page, cast.manager.username, builders.PASSWORD)
        page.goto("/hazards/report/")
        line.faults = iter([Cut(0.3), None, CutAnswer(0.5), Double(), Late(), None] + [Cut(0.9)] * 100)
        fill_in(page, *map(grainy, range(5)), arrived=False)
        expect(page.get_by_text("等待信号").first).to_be_attached()
        press(page, "提交上报")
        expect(page.get_by_text("已存在本机，有信号后自动发送")).to_be_visible()
        context.close()
        assert not Hazard.objects.exists()

        line.faults = iter([Cut(0.01), CutAnswer(0), None, Late(), Double(), None, CutAnswer(0.99), None] * 3)
        line.troubled = lambda first_line: "/files/uploads/" in first_line
        context = own_phone(playwright)
        page = context.pages[0]
        page.goto("/")
        expect(page.get_by_text("待发送 1")).to_be_visible()
        expect(page.locator("[data-outbox-badge]")).to_be_hidden()
        page.goto("/outbox/")
        follow(page, "查看")
        expect(page.get_by_text("上报成功")).to_be_visible()
        context.close()
        expect.set_options(timeout=PATIENCE)
    line.deliver_late()
    assert Hazard.objects.get().photos.count() == StoredFile.objects.count() == 5
    assert len(line.happened) > 10


def test_a_report_whose_answer_is_lost_is_one_hazard(cast, phone, line):
    page = phone(cast.manager, base_url=line.url)
    page.goto("/hazards/report/")
    fill_in(page, BEFORE, BEFORE_TOO)
    line.faults = iter([CutAnswer(0), Double(), CutAnswer(0.4)])
    line.troubled = lambda first_line: first_line.startswith("POST")
    press(page, "提交上报")
    expect(page.get_by_text("上报成功")).to_be_visible(timeout=30_000)
    assert Hazard.objects.get().photos.count() == 2


# No signal, then signal


def test_what_is_submitted_without_signal_goes_by_itself_when_there_is_some(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    page.context.set_offline(True)
    fill_in(page, BEFORE, BEFORE_TOO, arrived=False)
    press(page, "提交上报")
    expect(page.get_by_text("已存在本机，有信号后自动发送")).to_be_visible()
    expect(page.get_by_text("照片已送达 0/2")).to_be_visible()
    expect(page.get_by_text("待发送 1")).to_be_visible()
    assert not Hazard.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_text("上报成功")).to_be_visible()
    assert Hazard.objects.get().photos.count() == 2
    page.goto("/hazards/report/")
    expect(page.get_by_text("已接着上次")).to_have_count(0)


def test_a_home_sends_its_rectification_and_an_officer_the_recheck_from_where_there_is_no_signal(cast, phone):
    hazard = hazards.opened(cast)
    home = phone(cast.manager)
    home.goto(f"{hazard.get_absolute_url()}submit/")
    home.context.set_offline(True)
    field(home, "整改后").set_input_files([AFTER])
    home.get_by_label("整改情况").fill("已清空")
    press(home, "提交整改")
    expect(home.get_by_text("已存在本机")).to_be_visible()
    home.context.set_offline(False)
    expect(home.get_by_text("整改已提交，等待复查")).to_be_visible()

    officer = phone(cast.officer)
    officer.goto(f"{hazard.get_absolute_url()}close/")
    officer.context.set_offline(True)
    field(officer, "复查照片").set_input_files([AFTER])
    press(officer, "复查销号")
    expect(officer.get_by_text("已存在本机")).to_be_visible()
    officer.context.set_offline(False)
    expect(officer.get_by_text("复查结论已记入台账")).to_be_visible()
    hazard.refresh_from_db()
    assert hazard.status == Hazard.Status.CLOSED
    assert hazard.photos.count() == 3


def test_photos_wait_in_a_draft_through_a_closed_page_without_signal(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    page.context.set_offline(True)
    fill_in(page, BEFORE, arrived=False)
    expect(page.locator("figure[data-key]")).to_have_count(1)
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto("/hazards/report/")
    expect(page.get_by_text("已接着上次没提交的内容")).to_be_visible()
    press(page, "下一步")
    expect(page.get_by_text("已送达 1/1")).to_be_visible()
    press(page, "下一步")
    press(page, "提交上报")
    expect(page.get_by_text("上报成功")).to_be_visible()
    assert Hazard.objects.get().photos.count() == 1


# What the server does not take


def leave_without_signal(page, **changes):
    """Submit a report without signal, and go away."""
    page.goto("/hazards/report/")
    page.context.set_offline(True)
    fill_in(page, BEFORE, BEFORE_TOO, arrived=False)
    for label, value in changes.items():
        page.get_by_label(label).fill(value)
    press(page, "提交上报")
    expect(page.get_by_text("已存在本机")).to_be_visible()
    context = page.context
    page.close()
    context.set_offline(False)
    return context.new_page()


def test_a_mistake_found_later_comes_back_with_everything_filled_in(cast, phone):
    page = leave_without_signal(phone(cast.manager), 整改期限=f"{in_days(-1):%Y-%m-%d}")
    page.goto("/outbox/")
    expect(page.get_by_text("整改期限不能早于今天")).to_be_visible()
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    press(page, "打开修改")
    expect(page.get_by_text("上次没有办成")).to_be_visible()
    expect(page.get_by_label("隐患部位")).to_have_value("走廊和疏散通道")
    press(page, "下一步")
    expect(page.get_by_text("已送达 2/2")).to_be_visible()
    expect(page.get_by_label("隐患描述")).to_have_value("二楼疏散通道堆放杂物")
    press(page, "下一步")
    page.get_by_label("整改期限").fill(f"{in_days(9):%Y-%m-%d}")
    press(page, "提交上报")
    expect(page.get_by_text("上报成功")).to_be_visible()
    hazard = Hazard.objects.get()
    assert (hazard.photos.count(), hazard.due_on) == (2, in_days(9))
    page.goto("/outbox/")
    expect(page.get_by_text("没有办成")).to_have_count(0)


def test_what_is_no_photo_says_so_in_the_box(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    page.get_by_label("隐患部位").select_option("厨房")
    page.get_by_label("类别").select_option(label="食品安全")
    press(page, "下一步")
    page.get_by_label("隐患照片").set_input_files(
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.4 no"}]
    )
    expect(page.locator(".say.is-error")).to_be_visible()
    expect(page.locator(".thumb")).to_have_count(0)


def test_a_photo_that_this_browser_cannot_show_is_sent_as_it_is(cast, phone):
    register_heif_opener()
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "#8a6d4b").save(out, "HEIF")
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    fill_in(page, {"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": out.getvalue()})
    press(page, "提交上报")
    expect(page.get_by_text("上报成功")).to_be_visible()
    assert Upload.objects.get().sha256 == hashlib.sha256(out.getvalue()).hexdigest()
    assert Hazard.objects.get().photos.get().file.content_type == "image/jpeg"


def test_a_photo_refused_after_the_form_was_submitted_is_said_in_the_outbox(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    page.context.set_offline(True)
    fill_in(page, {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.4 no"}, BEFORE, arrived=False)
    press(page, "提交上报")
    expect(page.get_by_text("已存在本机")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("没有办成，内容都还在")).to_be_visible()
    press(page, "打开修改")
    press(page, "下一步")
    expect(page.get_by_text("已送达 1/1")).to_be_visible()
    press(page, "下一步")
    press(page, "提交上报")
    expect(page.get_by_text("上报成功")).to_be_visible()
    assert Hazard.objects.get().photos.count() == 1


def test_a_waiting_form_is_deleted_only_after_a_question(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    page.context.set_offline(True)
    fill_in(page, BEFORE, arrived=False)
    press(page, "提交上报")
    press(page, "删除")
    expect(page.get_by_text("填写的内容和照片都会从本机删掉")).to_be_visible()
    press(page, "取消")
    expect(page.get_by_text("待发送 1")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("上报成功")).to_be_visible()


# Whose it is


def test_after_signing_out_it_waits_for_the_same_person_and_nobody_else_sees_or_sends_it(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    fill_in(page, BEFORE)
    Session.objects.all().delete()  # signed out elsewhere
    press(page, "提交上报")
    expect(page.get_by_text("请登录后继续发送")).to_be_visible()

    sign_in(page, cast.officer.username, builders.PASSWORD)
    page.goto("/outbox/")
    expect(page.get_by_text("没有等待发送的内容")).to_be_visible()
    assert not Hazard.objects.exists()
    page.locator(".who summary").click()
    press(page, "退出登录")

    sign_in(page, cast.manager.username, builders.PASSWORD)
    page.goto("/outbox/")
    follow(page, "查看")
    expect(page.get_by_text("上报成功")).to_be_visible()
    assert Hazard.objects.get().reported_by == cast.manager


def test_a_page_left_open_sends_nothing_in_the_session_of_the_next_person(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    fill_in(page, BEFORE)
    other = page.context.new_page()
    other.context.clear_cookies(name="sessionid")
    sign_in(other, cast.officer.username, builders.PASSWORD)
    press(page, "提交上报")
    expect(page.get_by_text("请登录后继续发送")).to_be_visible()
    assert not Hazard.objects.exists()


# Without a connection: the kept pages


def test_a_form_opened_earlier_opens_without_signal_and_nothing_else_is_kept(cast, phone):
    page = phone(cast.manager, service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready")
    page.goto("/facilities/")
    page.goto("/hazards/report/")
    page.wait_for_function("caches.match('/outbox/', {ignoreVary: true})")
    page.wait_for_function("caches.match('/hazards/report/', {ignoreVary: true})")
    page.context.set_offline(True)

    page.goto("/facilities/")
    expect(page.get_by_role("heading", name="待发送")).to_be_visible()
    page.get_by_role("link", name="上报隐患").last.click()
    expect(page.get_by_text("离线打开")).to_be_visible()
    first_key = page.locator("[name=sent_key]").input_value()
    fill_in(page, BEFORE, arrived=False)
    press(page, "提交上报")
    expect(page.get_by_text("已存在本机")).to_be_visible()
    page.goto("/hazards/report/")
    assert page.locator("[name=sent_key]").input_value() != first_key  # another form, another hazard
    fill_in(page, BEFORE, arrived=False, summary="灭火器过期")
    press(page, "提交上报")
    expect(page.get_by_text("待发送 2")).to_be_visible()

    page.context.set_offline(False)
    expect(page.get_by_text("上报成功")).to_be_visible()
    assert {hazard.summary for hazard in Hazard.objects.all()} == {"二楼疏散通道堆放杂物", "灭火器过期"}

    page.locator(".who summary").click()
    press(page, "退出登录")
    expect(page.get_by_label("账号")).to_be_visible()
    page.wait_for_function("caches.keys().then(names => !names.includes('pages'))")


# Old and plain browsers


def test_over_plain_http_the_fingerprint_is_the_same(cast, phone):
    """Without HTTPS a browser offers no SHA-256 of its own and no service worker."""
    page = phone(cast.manager)
    texts = ["", "a", "x" * 55, "x" * 56, "x" * 64, "汉字" * 5000]
    theirs = [page.evaluate("text => fingerprint(new TextEncoder().encode(text).buffer)", text) for text in texts]
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    page.goto("/hazards/report/")
    ours = [page.evaluate("text => fingerprint(new TextEncoder().encode(text).buffer)", text) for text in texts]
    assert ours == theirs
    fill_in(page, BEFORE)
    press(page, "提交上报")
    expect(page.get_by_text("上报成功")).to_be_visible()


def turned_photo():
    """A large photo of a phone held upright: turned by its EXIF, with time and place."""
    image, out = Image.new("RGB", (3200, 2400), "#8a6d4b"), io.BytesIO()
    image.paste("#ffffff", (0, 0, 1600, 2400))  # white on the left: on top, once turned
    exif = image.getexif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2026:03:04 05:06:07"
    image.save(out, "JPEG", quality=95, exif=exif)
    return {"name": "IMG_9.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_photo_is_made_small_on_the_phone_upright_and_keeps_its_time(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    sizes = []
    page.on("request", lambda sent: sizes.append(sent.headers.get("upload-length")) if sent.method == "PUT" else None)
    photo = turned_photo()
    fill_in(page, photo)
    stored = StoredFile.objects.get()
    assert (stored.width, stored.height) == (1200, 1600)
    assert int(sizes[0]) < len(photo["buffer"]) / 2
    assert f"{stored.taken_at:%Y-%m-%d %H:%M:%S}" == "2026-03-03 21:06:07"  # UTC
    with stored.open() as data:
        upright = Image.open(data)
        assert min(upright.getpixel((600, 100))) > 200 > max(upright.getpixel((600, 1500)))


# Small mercies of a form on a phone


def test_a_day_that_has_not_come_is_refused_at_its_own_step(cast, phone):
    page = phone(cast.manager)
    page.goto("/hazards/report/")
    page.get_by_label("隐患部位").select_option("厨房")
    page.get_by_label("类别").select_option(label="食品安全")
    page.get_by_label("发现日期").fill(f"{in_days(1):%Y-%m-%d}")
    press(page, "下一步")
    expect(page.get_by_label("隐患描述")).to_be_hidden()
    page.get_by_label("发现日期").fill(f"{in_days(0):%Y-%m-%d}")
    press(page, "下一步")
    expect(page.get_by_label("隐患描述")).to_be_visible()


def test_a_text_that_is_nearly_full_says_how_much_is_left(cast, phone):
    page = phone(cast.manager)
    page.goto(f"{hazards.opened(cast).get_absolute_url()}submit/")
    text = page.get_by_label("整改情况")
    text.fill("字" * 440)
    expect(page.get_by_text("还可输入")).to_have_count(0)
    text.fill("字" * 480)
    expect(page.get_by_text("还可输入 20 字")).to_be_visible()
    text.fill("字" * 500)
    expect(page.get_by_text("已满 500 字")).to_be_visible()
