"""HTML becomes a PDF that carries its own fonts and has taken nothing from anywhere else; charts say their numbers."""

import re
import zlib

import pytest

from campaign_portal.documents import charts, pdf
from campaign_portal.documents.charts import Series

from . import hazards

CHINESE = "<p>隐患整改销号率</p>"


def objects_of(data):
    """The text of a PDF with its compressed streams opened."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    opened = []
    for stream in streams:
        try:
            opened.append(zlib.decompress(stream))
        except zlib.error:
            opened.append(stream)
    return data + b"\n".join(opened)


def pages_of(data):
    return len(re.findall(rb"/Type /Page\b", objects_of(data)))


def test_the_pdf_embeds_the_chinese_font_it_uses():
    data = pdf.make_pdf(f'<link rel="stylesheet" href="portal:report.css">{CHINESE}')
    content = objects_of(data)
    assert data.startswith(b"%PDF-") and pages_of(data) == 1
    assert re.search(rb"/FontFile[23]? \d+ 0 R", content), "no font inside"
    assert re.search(rb"/FontName /\w+\+Noto-Serif-CJK-SC", content)
    assert len(data) < 200_000  # the used characters only


STRANGERS = [
    "http://127.0.0.1:9/secret.png",
    "https://example.com/x.png",
    "file:///etc/passwd",
    "data:image/png;base64,iVBORw0KGgo=",
    "ftp://127.0.0.1/x",
    "portal:../pdf.py",
    "portal:/etc/passwd",
    "portal:missing.png",
    "PORTAL:report.css",
]


@pytest.mark.parametrize("url", STRANGERS)
def test_what_is_not_ours_is_not_opened(url, caplog):
    with pytest.raises(pdf.NotOurs):
        pdf.our_bytes(url, {"picture.png": b"x"})
    assert "not fetched" in caplog.text


EVERY_WAY_IN = """
<base href="file:///etc/">
<link rel="stylesheet" href="{url}"><link rel="attachment" href="{url}">
<style>@import url("{url}"); @font-face {{ font-family: X; src: url("{url}") }} body {{ background: url("{url}"); font-family: X }}</style>
<img src="{url}"><object data="{url}"></object><embed src="{url}"><a rel="attachment" href="{url}">附件</a><img src="passwd">
<svg width="9" height="9"><image href="{url}" width="9" height="9"/><use href="{url}#a"/></svg>
"""


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1:9/x", "data:text/css,p{}"])
def test_no_way_into_a_document_reaches_a_file_or_the_network(url, monkeypatch):
    """However it is named: style sheet, import, font, background, picture, attachment, inside an SVG."""
    asked = []

    def our_bytes(url, files, really=pdf.our_bytes):
        asked.append(url)
        return really(url, files)

    def opened(*args, **kwargs):
        raise AssertionError("an inherited handler was reached")

    monkeypatch.setattr(pdf, "our_bytes", our_bytes)
    monkeypatch.setattr("urllib.request.OpenerDirector.open", opened)
    data = pdf.make_pdf(EVERY_WAY_IN.format(url=url) + CHINESE)
    assert pages_of(data) >= 1
    assert b"root:" not in objects_of(data)
    assert len(asked) >= 5 and not any(url.startswith("portal:") for url in asked)


def test_bytes_handed_in_with_the_document_are_used():
    plain = pdf.make_pdf('<img src="portal:other.jpg">')
    with_picture = pdf.make_pdf('<img src="portal:seal.jpg">', files={"seal.jpg": hazards.jpeg()})
    assert b"/Subtype /Image" in objects_of(with_picture)
    assert b"/Subtype /Image" not in objects_of(plain)


# Charts


def numbers_in(svg):
    return re.findall(r">([^<>]+)</text>", svg)


def test_bars_are_as_long_as_their_numbers_and_labels_are_escaped():
    svg = charts.bar_chart([("<script>消防", 40), ("用电", 10), ("食品", 0)], title="按类别")
    assert "&lt;script&gt;消防" in svg and "<script>" not in svg
    assert numbers_in(svg) == ["&lt;script&gt;消防", "40条", "用电", "10条", "食品", "0条"]
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', svg)]
    assert widths[0] == pytest.approx(4 * widths[1]) and widths[2] == 0


def test_a_funnel_narrows():
    svg = charts.funnel([("确认", 80), ("提交", 60), ("销号", 20)], title="漏斗")
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', svg)]
    assert widths == [pytest.approx(widths[0]), pytest.approx(widths[0] * 0.75), pytest.approx(widths[0] * 0.25)]
    assert "20条" in numbers_in(svg)


def test_a_line_has_a_point_a_day_up_to_what_a_page_can_show():
    days = [f"9-{day}" for day in range(1, 31)]
    svg = charts.line_chart(days, [Series("发现", list(range(30))), Series("销号", [0] * 30)], title="走势")
    solid, dashed = re.findall(r'<polyline points="([^"]+)"[^>]*?(?:/>)', svg)
    assert len(solid.split()) == len(dashed.split()) == 30
    assert svg.count("stroke-dasharray") == 1
    assert "发现 29" in numbers_in(svg) and "销号 0" in numbers_in(svg)
    year = charts.line_chart([str(n) for n in range(400)], [Series("发现", list(range(400)))], title="一年")
    assert len(re.search(r'points="([^"]+)"', year)[1].split()) <= charts.MOST_POINTS
    assert "发现 399" in numbers_in(year)  # the last day is never left out


@pytest.mark.parametrize(
    "value, top", [(0, 4), (4, 4), (5, 8), (9, 20), (19, 20), (21, 40), (91, 100), (120, 200), (1999, 2000)]
)
def test_the_scale_ends_on_a_round_number(value, top):
    assert charts._round_up(value) == top


def test_charts_of_nothing_are_still_charts():
    for svg in (
        charts.bar_chart([], title="空"),
        charts.funnel([("确认", 0), ("销号", 0)], title="空"),
        charts.line_chart(["9-1"], [Series("发现", [0])], title="空"),
        charts.line_chart([], [Series("发现", [])], title="空"),
    ):
        assert svg.startswith("<svg") and svg.endswith("</svg>")
        assert "nan" not in svg and "inf" not in svg
