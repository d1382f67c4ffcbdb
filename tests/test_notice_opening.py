"""From a file to its text: what is inside decides, not the name."""

import io
import zipfile

import docx
import pytest
from weasyprint import HTML

from campaign_portal.campaigns.notice import NoticeError, open_notice, opening

pytestmark = pytest.mark.text

TEXT = "关于检查的通知\n各镇：\n请于5月20日前报送。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_in_every_usual_encoding(encoding):
    assert open_notice(TEXT.encode(encoding), "通知.txt") == TEXT


def test_controls_and_other_line_ends_are_cleaned():
    assert open_notice("甲\0乙\r\n丙\r丁\x0b".encode(), "a.txt") == "甲乙\n丙\n丁"


def word(build):
    document, data = docx.Document(), io.BytesIO()
    build(document)
    document.save(data)
    return data.getvalue()


def test_a_word_file_gives_paragraphs_and_tables_in_their_order():
    def build(document):
        document.add_paragraph("关于检查的通知")
        table = document.add_table(rows=2, cols=2)
        for cell, words in zip(
            (c for row in table.rows for c in row.cells), ["任务", "时限", "排查", "6月底前"], strict=True
        ):
            cell.text = words
        document.add_paragraph("永兴县民政局")

    assert open_notice(word(build), "通知.pdf") == "关于检查的通知\n任务 | 时限\n排查 | 6月底前\n永兴县民政局"


def test_a_pdf_with_text_is_read():
    page = "<p>关于检查的通知</p><p>各镇：</p><p>请于5月20日前报送总结。</p>"
    data = HTML(string=f"<meta charset=utf-8><body style='font-family: Noto Sans CJK SC'>{page}").write_pdf()
    assert "请于5月20日前报送总结" in "".join(open_notice(data, "通知").split())


def test_a_scanned_pdf_is_refused_with_what_would_help():
    with pytest.raises(NoticeError, match="扫描件"):
        open_notice(HTML(string="<svg width=10 height=10><rect width=9 height=9 /></svg>").write_pdf(), "扫描.pdf")


def archive(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    "data, says",
    [
        (b"", "空的"),
        (b" \n ", "空的"),
        (b"%PDF-1.7 broken", "损坏"),
        (b"PK\x03\x04 broken", "不是完整的"),
        (archive({"a.txt": "甲"}), "不是 Word 文件"),
        (archive({"word/document.xml": "<broken"}), "不是完整的"),
        (archive({"word/document.xml": "x", "word/vbaProject.bin": "x"}), "宏"),
        (opening.OLE + b"x" * 100, "另存为 .docx"),
        (bytes(range(256)) * 4, "认不出"),
        (b"x" * (opening.MOST_BYTES + 1), "10 MB"),
        (("养" * (opening.MOST_CHARACTERS + 1)).encode(), "100 万字"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data, says):
    with pytest.raises(NoticeError, match=says) as refused:
        open_notice(data, "通知")
    assert str(refused.value).endswith("。")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(opening, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(NoticeError, match="太大"):
        open_notice(archive({"word/document.xml": b"0" * 2_000_000}), "通知.docx")


# Small files that would grow


def packed(body):
    """A .docx with this as its body."""
    document, out = docx.Document(), io.BytesIO()
    document.save(out)
    whole = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            data = old.read(entry)
            if entry == "word/document.xml":
                data = data.replace(b"<w:body>", b"<w:body>" + body)
            new.writestr(entry, data)
    return whole.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b"<w:p/>" * 1_000_000,
        b'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>',
        b"<w:p><w:r><w:t>" + b"x" * 17_000_000 + b"</w:t></w:r></w:p>",
    ],
    ids=["paragraphs", "columns", "text"],
)
def test_a_small_file_that_would_grow_is_refused_before_anything_is_made_of_it(body):
    with pytest.raises(NoticeError, match="不像一份通知"):
        open_notice(packed(body), "通知.docx")
