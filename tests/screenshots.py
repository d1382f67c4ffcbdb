"""Screenshots for docs/: builds the demo county in a scratch folder, serves it, and walks the story with demo accounts.

    python tests/screenshots.py [FOLDER]

writes docs/images/*.png. With FOLDER the county is built there once and copied from there the next time.
"""

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
from pathlib import Path

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


def environment(folder: Path) -> dict[str, str]:
    own = {"PORTAL_SECRET_KEY": secrets.token_hex(32), "PORTAL_HTTPS": "0", "PORTAL_DATA_DIR": str(folder)}
    return {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")} | own


def build_county(folder: Path):
    """An empty folder becomes a demo county; one that has it already is left as it is."""
    if not (folder / "portal.sqlite3").exists():
        for command in (["migrate", "--verbosity", "0"], ["demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment(folder), check=True)


@contextmanager
def served(folder: Path):
    """The address of a gunicorn on a free loopback port, for the length of a with block."""
    env = environment(folder)
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=env, check=True)
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "campaign_portal.wsgi", "-b", f"127.0.0.1:{port}", "-w", "2"]
    server = subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT, env=env)
    try:
        wait_for(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


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
        context = self.browser.new_context(base_url=self.url, locale="zh-CN", device_scale_factor=scale, **device)
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


# The story


def at_the_home(camera):
    page = camera.page("bolin_home", PHONE)
    camera.shoot(page, "phone-home")
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


def rectify(camera, page):
    page.goto("/")
    card = page.locator(".card-duty", has_text="提交整改").first
    summary = card.locator("b").inner_text()
    text = next(text for text in content.HAZARDS if summary.endswith(text["summary"]))
    card.get_by_role("link", name="提交整改").click()
    page.locator(".pair input[type=file]").first.set_input_files([photo(text["after"], fixed=True)])
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
    page.goto("/hazards/?state=submitted")
    page.locator("td.no a").first.click()
    follow(page, "复查销号")
    camera.shoot(page, "township-recheck")


def at_the_departments(camera):
    page = camera.page("fire")
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


def at_the_bureau(camera):
    page = camera.page("bureau")
    camera.shoot(page, "bureau-home")
    follow(page, "隐患台账")
    camera.shoot(page, "bureau-ledger")
    page.goto("/hazards/?state=closed&grade=major")
    page.locator("td.no a").first.click()
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
    page = camera.page("bureau_admin")
    page.goto("/accounts/users/")
    camera.shoot(page, "users")
    page.goto("/events/")
    camera.shoot(page, "events")


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
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
