"""Screenshots for docs/: builds the demo county in a scratch folder, serves it, and walks the story with demo accounts.

    python tests/screenshots.py [FOLDER]

writes docs/images/*.png. With FOLDER the county is built there once and copied from there the next time.
"""

import base64
import io
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from django_otp.oath import totp
from PIL import Image
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from campaign_portal.demo import content  # noqa: E402
from campaign_portal.demo.drawings import draw_scene  # noqa: E402
from tests.browser import CHROMIUM, DESK, PHONE, field, follow, press, sign_in, take_photos  # noqa: E402

PASSWORD = "Demo-2026"  # of every demo account: campaign_portal.demo.county.PASSWORD
IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 150_000
PATIENCE = 30  # seconds for the server to start
CHINESE = {
    "LANG": "zh_CN.UTF-8",
    "LANGUAGE": "zh_CN",
    "LC_ALL": "zh_CN.UTF-8",
}  # date fields, with Debian's chromium-l10n


# The county and its server


SECRET_KEY = secrets.token_hex(32)  # of web and worker alike


def environment(folder: Path) -> dict[str, str]:
    """Only departments must show a second factor: the pictures of binding a phone are theirs."""
    own = {
        "PORTAL_SECRET_KEY": SECRET_KEY,
        "PORTAL_HTTPS": "0",
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_SECOND_FACTOR": "department",
        "PORTAL_LOG_LEVEL": "WARNING",
    }
    return {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")} | own


def build_county(folder: Path):
    """An empty folder becomes a demo county; one that has it already is left as it is."""
    if not (folder / "portal.sqlite3").exists():
        for command in (["migrate", "--verbosity", "0"], ["demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment(folder), check=True)


@contextmanager
def served(folder: Path):
    """The address of a gunicorn on a free loopback port, with a worker beside it, for the length of a with block."""
    env = environment(folder)
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=env, check=True)
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "campaign_portal.wsgi", "-b", f"127.0.0.1:{port}", "-w", "2"]
    server = subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT, env=env)
    work = [sys.executable, "-m", "celery", "--quiet", "-A", "campaign_portal", "worker", "--pool", "solo"]
    worker = subprocess.Popen([*work, "--loglevel", "error"], cwd=ROOT, env=env)
    try:
        wait_for(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in (server, worker):
            process.terminate()
        for process in (server, worker):
            process.wait(PATIENCE)


def wait_for(server: subprocess.Popen, port: int):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit("gunicorn did not start")
            time.sleep(0.1)


# The camera


class Camera:
    """Opens pages as a demo account and keeps what they show."""

    def __init__(self, browser, url: str):
        self.browser, self.url = browser, url

    def page(self, username=None, device=DESK):
        scale = 2 if device is PHONE else 1
        zone = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        context = self.browser.new_context(base_url=self.url, device_scale_factor=scale, **zone, **device)
        page = context.new_page()
        if username:
            sign_in(page, username, PASSWORD)
        return page

    def shoot(self, page, name, *, whole=False):
        page.wait_for_load_state("networkidle")
        size = page.viewport_size
        if whole:  # not full_page: the bar at the foot of a phone would stand in the middle
            page.set_viewport_size(size | {"height": page.evaluate("document.documentElement.scrollHeight")})
        save(page.screenshot(animations="disabled"), IMAGES / f"{name}.png")
        page.set_viewport_size(size)


def save(png: bytes, path: Path):
    """With as many colours as fit into MOST_BYTES."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    path.write_bytes(out.getvalue())
    print(f"{path.relative_to(ROOT)}  {image.width}×{image.height}  {out.tell() // 1000} KB  {colours} colours")


def photo(scene, *, fixed=False):
    data = draw_scene(scene, fixed=fixed, seed=7, label="演示照片")
    return {"name": f"{scene}.jpg", "mimeType": "image/jpeg", "buffer": data}


def to_top(locator):
    """Below the bar that stays at the top. At once: the portal's own scrolling takes its time."""
    locator.evaluate("element => scrollBy({top: element.getBoundingClientRect().top - 60, behavior: 'instant'})")


# The story


def at_the_home(camera):
    page = camera.page("bolin_home", PHONE)
    camera.shoot(page, "phone-home")
    self_check(camera, page)
    page.goto("/")
    page.locator(".tiles").get_by_role("link", name="上报隐患").click()
    field(page, "隐患部位").select_option("走廊和疏散通道")
    field(page, "类别").select_option(label="消防安全")
    camera.shoot(page, "phone-report-1")
    press(page, "下一步")
    take_photos(page, "隐患照片", photo("corridor"), photo("fire_door"))
    field(page, "隐患描述").fill("二楼东头疏散通道堆放轮椅和纸箱，防火门关不严")
    camera.shoot(page, "phone-report-2")
    press(page, "下一步")
    field(page, "整改措施").fill("今天清空通道，请维修师傅调好闭门器")
    camera.shoot(page, "phone-report-3", whole=True)
    press(page, "提交上报")
    expect(page.get_by_text("上报成功")).to_be_visible()
    camera.shoot(page, "phone-reported")
    page.goto("/hazards/?state=open")
    camera.shoot(page, "phone-ledger")
    rectify(camera, page)
    without_signal(camera, page)


def self_check(camera, page):
    """What is left of the open round, with one item that is not met; then a name on the glass."""
    page.locator(".tiles").get_by_role("link", name="安全自查").click()
    camera.shoot(page, "phone-selfchecks")
    follow(page, "去自查")
    camera.shoot(page, "phone-selfcheck")
    page.locator(".btn-big").click()
    for item in page.locator(".check-item").all():
        item.get_by_text("符合", exact=True).click()
    bad = page.locator(".check-item", has_text="没有过期变质")
    bad.get_by_text("不符合", exact=True).click()
    bad.get_by_label("哪里不符合").fill("冷藏柜生熟没有分开，两袋豆制品过期")
    bad.locator("input[type=file]").set_input_files([photo("fridge")])
    expect(bad.locator("input[type=hidden]")).to_have_count(1)
    bad.get_by_label("怎么整改").fill("当天清理，生熟分柜，贴标签")
    to_top(bad)
    camera.shoot(page, "phone-selfcheck-part")
    while page.get_by_role("button", name="保存，下一部分").count():
        here = page.url
        press(page, "保存，下一部分")
        expect(page).not_to_have_url(here)  # the form goes through the outbox, then the page moves on
        for item in page.locator(".check-item").all():
            item.get_by_text("符合", exact=True).click()
    here = page.url
    press(page, "保存，去核对签名")
    expect(page).not_to_have_url(here)
    draw_name(page)
    camera.shoot(page, "phone-selfcheck-sign", whole=True)
    press(page, "提交自查")
    expect(page.get_by_text("自查已提交")).to_be_visible()


def draw_name(page):
    """Two strokes across the glass."""
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    for stroke in ([(60, 40), (120, 30), (90, 110), (150, 90)], [(170, 50), (230, 40), (200, 120), (260, 70)]):
        page.mouse.move(box["x"] + stroke[0][0], box["y"] + stroke[0][1])
        page.mouse.down()
        for x, y in stroke[1:]:
            page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
        page.mouse.up()
    expect(page.get_by_text("已签名。")).to_be_visible()


def without_signal(camera, page):
    """A report from a cellar: one photo has arrived, two wait; the form waits with them and goes up by itself."""
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready")
    page.goto("/hazards/report/")
    page.wait_for_function("caches.match('/outbox/', {ignoreVary: true})")
    field(page, "隐患部位").select_option("锅炉房/燃气间")
    field(page, "类别").select_option(label="用电安全")
    press(page, "下一步")
    take_photos(page, "隐患照片", photo("boiler"))
    page.context.set_offline(True)
    field(page, "隐患照片").set_input_files([photo("socket"), photo("switchboard")])
    expect(page.get_by_text("等待信号")).to_have_count(2)
    field(page, "隐患描述").fill("锅炉房插线板放在地上，旁边渗水")
    camera.shoot(page, "phone-waiting-photos")
    press(page, "下一步")
    field(page, "整改措施").fill("插线板上墙，请维修师傅查漏")
    press(page, "提交上报")
    expect(page.get_by_text("已存在本机")).to_be_visible()
    camera.shoot(page, "phone-waiting-form")
    page.goto("/")
    expect(page.get_by_text("离线打开")).to_be_visible()
    camera.shoot(page, "phone-outbox")
    page.context.set_offline(False)
    expect(page.get_by_text("已送达").first).to_be_visible()


def rectify(camera, page):
    page.goto("/")
    card = page.locator(".card-duty", has_text="提交整改").first
    summary = card.locator("b").inner_text()
    text = next(text for text in content.HAZARDS if summary.endswith(text["summary"]))
    card.get_by_role("link", name="提交整改").click()
    page.locator(".pair input[type=file]").first.set_input_files([photo(text["scene"], fixed=True)])
    expect(page.locator(".pair .thumb input[type=hidden]")).to_have_count(1)
    field(page, "整改情况").fill(text["done_note"])
    camera.shoot(page, "phone-submit", whole=True)
    press(page, "提交整改")
    expect(page.locator(".tag.submitted").first).to_be_visible()


def at_the_township(camera):
    page = camera.page("bolin")
    camera.shoot(page, "township-home")
    follow(page, "待办")
    camera.shoot(page, "township-todo")
    page.get_by_role("link", name="二楼东头疏散通道").first.click()
    camera.shoot(page, "township-reported")
    follow(page, "核实确认")
    camera.shoot(page, "township-verify")
    page.goto("/hazards/?state=reported")
    page.get_by_label("全选本页").check()
    camera.shoot(page, "township-several")
    page.locator("#bulk").get_by_role("button", name="核实确认").click()
    camera.shoot(page, "township-bulk", whole=True)
    page.goto("/hazards/?state=submitted")
    page.locator("td.no a").first.click()
    follow(page, "复查销号")
    camera.shoot(page, "township-recheck")
    send_back(camera, page)
    page.goto("/selfchecks/")
    page.locator("td.summary a").first.click()
    camera.shoot(page, "township-selfcheck")
    page.goto("/figures/")
    camera.shoot(page, "township-figures")
    for name in ("mine", "month", "week"):
        page.goto(f"/deadlines/{'' if name == 'mine' else name + '/'}")
        camera.shoot(page, f"deadlines-{name}")


def send_back(camera, page):
    """The open hazards of a home go to WPS and come back; meanwhile the home changes one of the same cells."""
    page.goto("/hazards/?state=open&grade=normal&q=柏林敬老院")
    page.get_by_text("导出和打印", exact=True).click()
    camera.shoot(page, "township-export")
    with page.expect_download() as download:
        press(page, "导出 Excel")
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    sheet = book["隐患台账"]
    column = {cell.value: cell.column for cell in sheet[1]}
    for row, head, value in (
        (2, "整改资金（万元）", 0.8),
        (2, "整改措施", "加装扶手，配坐浴椅两把"),
        (3, "责任人", "周建军"),
        (3, "包联责任人", "李志明"),
        (4, "整改时限", "下周五"),
    ):
        sheet.cell(row, column[head]).value = value
    change_responsible(camera, sheet.cell(3, column["隐患编号"]).value, "许国平")
    follow(page, "表格往来")
    camera.shoot(page, "returns")
    page.get_by_label("改好的表格").set_input_files(workbook("柏林敬老院台账（改）.xlsx", book))
    press(page, "上传并核对")
    expect(page.get_by_text("冲突：下载后这一格又改过")).to_be_visible()
    camera.shoot(page, "return-preview", whole=True)
    page.get_by_label("代填（调整）原因").fill("按镇整改调度会核对的方案统一填报")
    press(page, "写入勾选的改动")
    expect(page.locator(".tally")).to_contain_text("写入")
    camera.shoot(page, "return-done", whole=True)


def change_responsible(camera, code, name):
    page = camera.page("bolin_home")
    page.goto(f"/hazards/?state=all&q={code}")
    page.locator("td.no a").first.click()
    follow(page, "打开整页")
    follow(page, "完善整改方案")
    field(page, "责任人").fill(name)
    press(page, "完善整改方案")
    expect(page.locator(".timeline")).to_contain_text(name)


def workbook(name, book):
    """An openpyxl workbook as a browser uploads it."""
    out = io.BytesIO()
    book.save(out)
    return {"name": name, "mimeType": "application/octet-stream", "buffer": out.getvalue()}


def at_the_departments(camera):
    page = bind_a_phone(camera)
    camera.shoot(page, "department-home")
    page.goto("/hazards/register/")
    page.get_by_label("养老机构").select_option(label="马田敬老院")
    press(page, "下一步")
    field(page, "排查方式").select_option(label="联合检查")
    field(page, "隐患部位").select_option("走廊和疏散通道")
    field(page, "类别").select_option(label="消防安全")
    field(page, "隐患描述").fill("一楼防火分区被打通，常闭防火门拆除，住有失能老人")
    take_photos(page, "隐患照片", photo("fire_door"))
    page.get_by_label("重大", exact=True).check()
    field(page, "判定依据").select_option(index=2)
    page.get_by_label("住建", exact=True).check()
    camera.shoot(page, "fire-register", whole=True)
    press(page, "登记")
    camera.shoot(page, "fire-registered")
    follow(page, "查看这条")
    camera.shoot(page, "fire-hazard")


def bind_a_phone(camera):
    """The first sign-in of the fire brigade's clerk; and what the next one asks, as far as the code."""
    page = camera.page("fire")
    camera.shoot(page, "second-factor-setup", whole=True)
    secret = page.locator(".how-to code").inner_text().replace(" ", "")
    field(page, "验证码").fill(f"{totp(base64.b32decode(secret)):06d}")
    press(page, "绑定")
    expect(page.get_by_text("请收好恢复码")).to_be_visible()
    camera.shoot(page, "second-factor-codes")
    follow(page, "已收好，进入工作台")
    later = camera.page()
    later.goto("/accounts/sign-in/")
    field(later, "账号").fill("fire")
    field(later, "密码").fill(PASSWORD)
    press(later, "登录")
    expect(later.get_by_role("heading", name="两步验证")).to_be_visible()
    camera.shoot(later, "second-factor-code")
    return page


def at_the_bureau(camera):
    page = camera.page("bureau")
    camera.shoot(page, "bureau-home")
    to_top(page.locator(".panels"))
    camera.shoot(page, "bureau-charts")
    follow(page, "隐患台账")
    camera.shoot(page, "bureau-ledger")
    page.locator("td.no a").nth(2).click()
    expect(page.get_by_role("complementary", name="隐患详情").get_by_text("办理经过")).to_be_visible()
    page.wait_for_function(
        "[...document.querySelectorAll('#panel .panel-photos img')].every(image => image.naturalWidth)"
    )
    camera.shoot(page, "bureau-panel")
    page.goto("/hazards/?state=closed&grade=major")
    page.locator("td.no a").first.click()
    follow(page, "打开整页")
    camera.shoot(page, "bureau-hazard", whole=True)
    follow(page, "养老机构")
    camera.shoot(page, "facilities")
    follow(page, "县中心敬老院")
    camera.shoot(page, "facility")
    follow(page, "隐患台账")
    page.locator("select[name=grade]").select_option(label="重大")
    expect(page.locator("select[name=grade].is-set")).to_be_visible()
    page.locator(".filters summary").click()
    page.locator(".filters details select[name=source]").select_option(label="联合检查")
    expect(page.locator(".filters select.is-set")).to_have_count(2)
    camera.shoot(page, "bureau-filtered")
    page.goto("/deadlines/overdue/")
    camera.shoot(page, "deadlines-overdue")
    keep_a_view(camera, page)
    on_paper_and_in_figures(camera, page)
    take_over_an_old_ledger(camera, page)
    ask_for_a_self_check(camera, page)
    page = camera.page("bureau_admin")
    page.goto("/accounts/users/")
    camera.shoot(page, "users")
    page.goto("/events/")
    camera.shoot(page, "events")
    take_in_a_day_off(camera, page)


def take_in_a_day_off(camera, page):
    """The wall calendar, and what the notice of one more day off would move. It is not confirmed."""
    page.goto("/calendar/")
    camera.shoot(page, "calendar")
    follow(page, "录入节假日安排")
    day = next(day for ahead in (1, 2, 3) if (day := date.today() + timedelta(days=ahead)).weekday() < 5)
    field(page, "通知全文").fill(
        f"关于{day.year}年纪念日放假的通知\n{day.year}年{day.month}月{day.day}日放假1天，不调休。"
    )
    press(page, "读取通知")
    page.get_by_role("button", name="确认录入").wait_for()
    camera.shoot(page, "calendar-draft")
    add_a_robot(camera, page)


def add_a_robot(camera, page):
    """Of a made-up address, which nothing calls."""
    page.goto("/deliveries/channels/robots/new/")
    page.get_by_label("类别").select_option(label="企业微信群机器人")
    field(page, "群名称").fill("全县养老机构工作群")
    field(page, "机器人地址").fill("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-demo")
    press(page, "保存")
    camera.shoot(page, "bureau-channels")


def keep_a_view(camera, page):
    page.goto("/hazards/?state=closed")
    page.get_by_text("列和排序", exact=True).click()
    page.get_by_label("排序", exact=True).select_option("-closed")
    page.get_by_role("checkbox", name="销号日期").check()
    camera.shoot(page, "bureau-columns")
    press(page, "应用")
    page.get_by_text("保存视图", exact=True).click()
    page.get_by_label("起个名称").fill("新近销号")
    page.get_by_label("本单位同事也能用").check()
    press(page, "保存")
    page.get_by_text("新近销号", exact=True).first.click()
    camera.shoot(page, "bureau-views")
    page.goto("/views/")
    camera.shoot(page, "views")


def on_paper_and_in_figures(camera, page):
    page.goto("/hazards/?due=overdue")
    page.get_by_text("批量办理", exact=True).click()
    page.get_by_role("button", name="指定包联责任人").click()
    camera.shoot(page, "bureau-bulk")
    page.goto("/hazards/print/?due=overdue")
    camera.shoot(page, "bureau-print")
    page.goto("/figures/")
    camera.shoot(page, "bureau-figures", whole=True)
    page.goto(f"/figures/?on={date.today() - timedelta(days=14)}")
    camera.shoot(page, "bureau-figures-past")
    follow(page, "汇总报告")
    page.get_by_label("意见建议").fill("建议把逾期较多的乡镇列入下周调度。")
    camera.shoot(page, "report", whole=True)
    press(page, "生成报告")
    page.get_by_role("link", name="下载").wait_for(timeout=120_000)
    page.goto("/reports/")
    to_top(page.get_by_role("heading", name="本单位的报告"))
    camera.shoot(page, "reports")


def take_over_an_old_ledger(camera, page):
    """A ledger as a township kept it: a title, blank and sub-total rows, a home and a day that nobody can read."""
    book = openpyxl.Workbook()
    for row in (
        ["2025年养老机构安全隐患排查整改台账"],
        [
            "序号",
            "机构",
            "检查日期",
            "存在问题",
            "责任部门",
            "整改责任人",
            "联系电话",
            "整改期限",
            "是否整改",
            "销号时间",
        ],
        [
            1,
            "柏林敬老院",
            "2025-3-5",
            "二楼通道堆放杂物",
            "消防",
            "王建国",
            13800000001,
            "2025.3.20",
            "已销号",
            "2025年3月18日",
        ],
        [2, "柏林养老院", "2025.3.6", "灭火器过期", "消防", "王建国", 13800000001, "2025.3.20", "已销号", "2025.3.19"],
        [
            3,
            "马田敬老院",
            "2025/3/9",
            "厨房无防蝇设施",
            "市监",
            "何秀英",
            13800000002,
            "2025.3.25",
            "已整改",
            "2025.3.24",
        ],
        ["小计", None, None, 3],
        [4, "马田敬老院", "明年", "扶手松动", None, "何秀英", 13800000002, "2025.4.1", "未整改", None],
        [5, "县福利院", 45757, "配电箱前堆放纸箱", "住建", "许慧兰", 13800000003, "2025.4.25", "已销号", "2025.4.20"],
    ):
        book.active.append(row)
    follow(page, "导入表格")
    page.get_by_label("隐患台账").check()
    page.get_by_label("Excel 文件（.xlsx）").set_input_files(workbook("2025年养老机构隐患台账.xlsx", book))
    camera.shoot(page, "import")
    press(page, "上传并核对")
    camera.shoot(page, "import-match", whole=True)
    press(page, "核对每一行")
    expect(page.get_by_text("还没有写入。")).to_be_visible()
    camera.shoot(page, "import-preview", whole=True)
    press(page, "导入这 3 条")
    press(page, "确定")
    expect(page.get_by_text("已导入。")).to_be_visible()
    camera.shoot(page, "import-done")


def ask_for_a_self_check(camera, page):
    follow(page, "自查")
    camera.shoot(page, "selfchecks")
    page.locator("td.summary a").first.click()
    camera.shoot(page, "selfcheck-round")
    page.get_by_role("link", name="项不符合").or_(page.locator("tr", has_text="1 项不符合").locator("a")).first.click()
    camera.shoot(page, "selfcheck-sheet", whole=True)
    page.goto("/selfchecks/")
    follow(page, "布置自查")
    camera.shoot(page, "selfcheck-new")


NOTICE = ROOT / "campaign_portal" / "demo" / "notices" / "jiangyin_2021.txt"


def running_campaign(page):
    """The address of the running campaign."""
    page.goto("/campaigns/")
    return (
        page.locator("tr", has_text="进行中").locator("td.title a", has_text="建设专项行动").first.get_attribute("href")
    )


def plan_a_campaign(camera):
    page = camera.page("bureau")
    page.goto("/campaigns/notices/new/")
    field(page, "粘贴通知全文").fill(NOTICE.read_text(encoding="utf-8"))
    press(page, "读取通知")
    page.locator("#deadline .draft-item").nth(5).get_by_text("原文").click()
    camera.shoot(page, "notice-draft")
    while count := page.get_by_role("button", name="其余全部采用").count():
        page.get_by_role("button", name="其余全部采用").first.click()
        expect(page.get_by_role("button", name="其余全部采用")).to_have_count(count - 1)
    follow(page, "下一步：生成方案")
    camera.shoot(page, "notice-confirm")
    here = running_campaign(page)
    for path, name in [("", "board"), ("plan/", "plan"), ("progress/?state=all", "progress-inbox"), ("wall/", "wall")]:
        page.goto(here + path)
        camera.shoot(page, name)
    page.goto(f"{here}plan/")
    page.locator("a", has_text="30 名").first.click()
    follow(page, "分解")
    camera.shoot(page, "share")
    page.goto("/activities/")
    camera.shoot(page, "activities")
    page.goto("/campaigns/summaries/")
    page.locator("td a").first.click()
    camera.shoot(page, "summary-round")


def report_on_it(camera):
    page = camera.page("bolin")
    here = running_campaign(page)
    page.goto(f"{here}own/")
    camera.shoot(page, "township-work")
    follow(page, "报送进展")
    camera.shoot(page, "township-progress", whole=True)
    page.goto(f"{here}brief/")
    camera.shoot(page, "township-brief", whole=True)
    other = camera.page("youma")
    other.goto("/campaigns/summaries/")
    other.locator("td a").first.click()
    follow(other, "开始写")
    camera.shoot(other, "township-summary", whole=True)


def be_reminded(camera):
    """Rules, rehearsal and settings of the bureau; calls of a township; the inbox of a home."""
    page = camera.page("bureau_admin")
    page.goto("/inbox/rules/")
    camera.shoot(page, "reminder-rules")
    page.goto("/inbox/rules/of/rectify/")
    camera.shoot(page, "reminder-rules-edit")
    page.goto("/inbox/rules/rehearsal/")
    camera.shoot(page, "reminder-rehearsal")
    page.goto("/inbox/rules/settings/")
    camera.shoot(page, "reminder-settings")
    township = camera.page("bolin")
    township.goto("/inbox/calls/")
    camera.shoot(township, "calls")
    township.goto("/inbox/")
    camera.shoot(township, "inbox")
    home = camera.page("bolin_home", PHONE)
    home.goto("/inbox/")
    camera.shoot(home, "phone-inbox")
    home.locator(".mails a").first.click()
    camera.shoot(home, "phone-message")


WARNING = """近日，外县一养老机构因电热毯使用不当发生火灾。请各机构立即排查：
一、电热毯、取暖器等大功率电器；
二、疏散通道和安全出口；
三、夜间值班和巡查。
发现问题立即整改，并按期回复排查情况。"""


def warn_of_a_fire(camera):
    """The bureau warns the homes of one town; one of them answers by phone."""
    page = camera.page("bureau")
    page.goto("/facilities/")
    page.get_by_label("全部乡镇").select_option("马田镇")
    follow(page, "给这些机构发通报")
    page.get_by_label("风险提示", exact=True).check()
    field(page, "标题").fill("关于外县养老机构火灾事故的风险提示")
    field(page, "正文").fill(WARNING)
    page.get_by_label("要求回复").check()
    page.get_by_label("回复期限").fill(f"{date.today() + timedelta(days=3):%Y-%m-%d}")
    camera.shoot(page, "circular-write")
    press(page, "保存，选发给谁")
    camera.shoot(page, "circular-recipients")
    press(page, "发出")
    page.get_by_role("button", name="确定", exact=True).click()
    expect(page.get_by_role("heading", name="签收情况")).to_be_visible()
    phone = camera.page("matian_home", PHONE)
    phone.goto("/circulars/")
    follow(phone, "关于外县养老机构火灾事故的风险提示")
    camera.shoot(phone, "phone-circular", whole=True)
    field(phone, "回复内容").fill("已排查，更换老化插座两处，收回电热毯 6 床。")
    press(phone, "回复")
    page.reload()
    camera.shoot(page, "circular-receipts", whole=True)


def main(base: Path | None):
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="portal-shots-") as scratch:
        folder = Path(scratch) / "data"
        if base:
            base.mkdir(parents=True, exist_ok=True)
            build_county(base)
            shutil.copytree(base, folder)
        folder.mkdir(exist_ok=True)
        build_county(folder)
        with served(folder) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(**CHROMIUM, env=os.environ | CHINESE)
            camera = Camera(browser, url)
            at_the_home(camera)
            at_the_township(camera)
            at_the_departments(camera)
            at_the_bureau(camera)
            plan_a_campaign(camera)
            report_on_it(camera)
            be_reminded(camera)
            warn_of_a_fire(camera)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
