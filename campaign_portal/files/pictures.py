"""Photos as they arrive from phones, made small, upright and anonymous.

Nothing of the uploaded file is kept: it is decoded, and what was seen is written anew as JPEG.
"""

import contextlib
import io
import logging
import re
import warnings
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image
from pillow_heif import register_heif_opener

from campaign_portal import clock

logger = logging.getLogger(__name__)

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 60_000_000
LONG_EDGE = 1600
THUMBNAIL_EDGE = 320
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # JPEG includes MPO: a phone's JPEG with a second picture behind it
SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_PLAUSIBLE = datetime(2000, 1, 1, tzinfo=SHANGHAI)

# The pictures beside the main one are never asked for, so a hostile file cannot reach the code that reads them.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


class BadPicture(Exception):
    """The upload cannot become a photo. The message tells the user, in Chinese, what to change."""


@dataclass(frozen=True)
class Picture:
    """A clean JPEG without metadata, `width` × `height` pixels, and a small copy of it."""

    data: bytes
    content_type: str
    width: int
    height: int
    taken_at: datetime | None  # aware; None when the camera did not say or said nonsense
    thumbnail: bytes


def clean_picture(stream, *, name, now=None):
    """Turn an uploaded photo (binary file object) into a Picture; raises BadPicture, and nothing else, for bad content.

    `name` is for the log only and decides nothing. `now` (aware) is what a capture time is judged against.
    """
    image, taken_at = _decode(_read(stream), name, now or clock.now())
    small = image.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE), Image.Resampling.LANCZOS)
    return Picture(
        data=_jpeg(image, quality=82),
        content_type="image/jpeg",
        width=image.width,
        height=image.height,
        taken_at=taken_at,
        thumbnail=_jpeg(small, quality=75),
    )


def _read(stream):
    """The bytes of the upload, never more than MAX_BYTES of them."""
    stream.seek(0)
    data = stream.read(MAX_BYTES + 1)
    if not data:
        raise BadPicture("文件是空的，可能没有传完。请重新选择照片再上传。")
    if len(data) > MAX_BYTES:
        if wrong_kind := _wrong_kind(data):  # a film picked by mistake should not be called a large photo
            raise BadPicture(wrong_kind)
        raise BadPicture(
            f"照片文件超过 {MAX_BYTES // 1024 // 1024} MB，太大了。请用微信发给自己（不选“原图”）、保存后再上传，"
            "或把手机相机的照片尺寸调小后重拍。"
        )
    return data


def _decode(data, name, now):
    """What the file shows, as RGB within LONG_EDGE, and when it was taken. Any failure is a BadPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns once for every odd tag: thousands of log lines from one file
            _check_jpeg(data)
            _check_heif(data)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            _check_pixels(image.width, image.height)
            image.draft(None, _within(image.size, LONG_EDGE))  # JPEG only: decodes at a half, a quarter or an eighth
            image.load()
            turn, taken_at = _read_exif(image, now)
            image = _flat(image)
    except BadPicture:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Exception as error:  # decoders raise whatever they like on hostile bytes
        # Many of these lines point at a broken decoder rather than at the users.
        logger.warning("Picture %.60r not decoded: %r", name, error)
        raise BadPicture(_wrong_kind(data) or _unreadable(data)) from error
    return (image if turn is None else image.transpose(turn)), taken_at


def _flat(image):
    """Shrink to LONG_EDGE and paint on a white RGB canvas, which carries over no metadata.

    The colour profile goes too: an iPhone's strongest reds come out a little paler, which evidence can bear.
    """
    if image.mode.startswith("I"):  # 16-bit grey; Pillow's own conversion clips nearly all of it to white
        image = image.point(lambda value: value / 256).convert("L")
        image.info.pop("transparency", None)  # on the old scale
    if image.has_transparency_data and image.mode != "RGBA":  # convert() would copy, a quarter of a gigabyte at worst
        image = image.convert("RGBA")
    elif image.mode in ("1", "P"):  # neighbours cannot be averaged before they are colours
        image = image.convert("RGB")
    image.thumbnail((LONG_EDGE, LONG_EDGE), Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image if image.mode == "RGBA" else None)
    return canvas


def _jpeg(image, *, quality):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _within(size, edge):
    """(width, height) scaled so that the longer is `edge`; unchanged when already smaller."""
    scale = min(1, edge / max(size))
    return tuple(max(1, round(side * scale)) for side in size)


# --- Metadata ---

TURNS = {  # EXIF orientation → what makes it upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _read_exif(image, now):
    """(turn that makes the image upright or None, capture time or None).

    Not ImageOps.exif_transpose: it also rewrites the EXIF, and odd tags of old phones make that fail.
    """
    turn = taken_at = None
    with contextlib.suppress(Exception):  # a photo is never refused for its metadata
        exif = image.getexif()
        turn = TURNS.get(exif.get(ExifTags.Base.Orientation))
        taken_at = _taken_at(exif.get_ifd(ExifTags.IFD.Exif), now)
    return turn, taken_at


def _taken_at(tags, now):
    """Capture time, aware. EXIF has local time; without an offset beside it, that is Chinese time."""
    try:
        taken_at = datetime.strptime(str(tags.get(ExifTags.Base.DateTimeOriginal))[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    taken_at = taken_at.replace(tzinfo=_zone(tags.get(ExifTags.Base.OffsetTimeOriginal)))
    return taken_at if FIRST_PLAUSIBLE <= taken_at <= now + clock.ONE_DAY else None


def _zone(offset):
    """The zone of "+08:00", or Chinese time for anything that is not an offset."""
    try:
        return datetime.strptime(str(offset).strip("\0 "), "%z").tzinfo
    except ValueError:
        return SHANGHAI


# --- What the decoders themselves let pass ---

JPEG_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")  # those that start a segment, and the end of the picture
JPEG_SCAN, JPEG_END = 0xDA, 0xD9
MAX_JPEG_SCANS = 40  # phones write 1, web sites about 10; each is a pass over all pixels (40 ms at 60 megapixels)
MAX_JPEG_SEGMENTS = 2000
HEIF_SIZE = re.compile(rb"ispe\0{4}(.{4})(.{4})", re.DOTALL)


def _check_pixels(width, height):
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()


def _check_jpeg(data):
    """Refuse a JPEG of a few kilobytes that keeps the decoder busy for minutes: thousands of scans or segments."""
    if not data.startswith(b"\xff\xd8"):
        return
    scans = segments = position = 0
    while marker := JPEG_MARKER.search(data, position):
        kind = marker[0][1]
        if kind == JPEG_END:
            return
        segments += 1
        scans += kind == JPEG_SCAN
        if scans > MAX_JPEG_SCANS or segments > MAX_JPEG_SEGMENTS:
            raise BadPicture("照片的内部结构异常，无法处理。请用手机相机重拍一张再上传。")
        position = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2], "big")


def _check_heif(data):
    """Refuse a HEIC cut short, whose missing tiles libheif would leave blank, and one whose tiles are huge."""
    if data[4:8] != b"ftyp":
        return
    for width, height in HEIF_SIZE.findall(data):
        _check_pixels(int.from_bytes(width, "big"), int.from_bytes(height, "big"))
    position = 0
    while len(header := data[position : position + 16]) >= 8:
        size, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if size == 1:  # the real size follows in 64 bits
            size = int.from_bytes(header[8:], "big")
        if kind in (b"meta", b"mdat") and position + size > len(data):
            raise BadPicture(_wrong_kind(data) or _unreadable(data))
        if size < 8:  # 0: up to the end of the file; others are no boxes
            return
        position += size


# --- Words for what went wrong. These only choose the wording: the decoder has already said no. ---

NOT_PHOTOS = (
    (b"%PDF", "PDF 文档"),
    (b"\xd0\xcf\x11\xe0", "办公文档"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"\x1a\x45\xdf\xa3", "视频"),
    (b"#!AMR", "录音"),
    (b"ID3", "录音"),
)
OTHER_PICTURES = (
    (b"GIF8", "GIF 动图"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF 或相机原片"),
    (b"MM\0*", "TIFF 或相机原片"),
    (b"8BPS", "PSD"),
)
PHOTOS = (b"\xff\xd8", b"\x89PNG")
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def _too_many_pixels():
    return BadPicture(
        f"照片像素太高（超过 {MAX_PIXELS // 10_000} 万像素）。请在手机相机里关闭“高像素”或“1 亿像素”模式后重拍，"
        "或用微信发给自己（不选“原图”）、保存后再上传。"
    )


def _unreadable(data):
    if data.startswith(PHOTOS) or data[8:12] == b"WEBP" or data[8:12] in HEIF_BRANDS:
        return "照片不完整或已损坏，可能没有传完。请重新上传；仍不行，请重拍一张。"
    return "无法识别这个文件。请重新选择手机拍的照片（JPG、PNG、HEIC 或 WebP）。"


def _wrong_kind(data):
    """The sentence for a file that is something else than a photo we take, or None."""
    if kind := _other_picture(data):
        return f"不支持 {kind} 格式的图片。请改用手机相机拍的照片（JPG、PNG、HEIC 或 WebP）。"
    if kind := _not_photo(data):
        return f"这不是照片文件（识别为{kind}），请重新选择手机拍的照片。"
    return None


def _other_picture(data):
    if data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis"):
        return "AVIF"
    return next((kind for magic, kind in OTHER_PICTURES if data.startswith(magic)), None)


def _not_photo(data):
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data[4:8] == b"ftyp" and data[8:12] not in HEIF_BRANDS:
        return "视频"
    if data.startswith(b"RIFF") and data[8:12] != b"WEBP":
        return "视频" if data[8:11] == b"AVI" else "录音"
    return next((kind for magic, kind in NOT_PHOTOS if data.startswith(magic)), None) or _written(data)


def _zipped(data):
    if b"[Content_Types].xml" in data:
        return "办公文档"
    return "OFD 文档" if b"OFD.xml" in data else "压缩包"


def _written(data):
    """Web page, SVG or plain text: its first kilobyte has no control characters and no 0xFF, which no encoding uses."""
    head = data[:1024].lower()
    if re.search(rb"[\x00-\x08\x0e-\x1f\xff]", head):
        return None
    if b"<svg" in head:
        return " SVG 矢量图"
    return "网页" if re.search(rb"<(!doctype html|html|head|body|script)", head) else "文字文件"
