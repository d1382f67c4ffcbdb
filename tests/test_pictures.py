"""Photos from phones: what is taken, what is refused and in which words, and what is left of the original (nothing)."""

import io
import struct
import zipfile
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageFile

from campaign_portal.files import pictures
from campaign_portal.files.pictures import SHANGHAI, BadPicture, clean_picture

NOW = datetime(2025, 6, 1, 12, tzinfo=SHANGHAI)
RED, WHITE, BLUE = (254, 0, 0), (255, 255, 255), (0, 0, 254)


# --- Builders ---


def encoded(image, format="JPEG", **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def photo(size=(60, 40), colour=RED):
    return Image.new("RGB", size, colour)


def noise(size=(640, 480)):
    return Image.effect_noise(size, 80).convert("RGB")


def exif(*, taken=None, offset=None, orientation=None, place=False):
    tags = Image.Exif()
    if orientation:
        tags[ExifTags.Base.Orientation] = orientation
    details = tags.get_ifd(ExifTags.IFD.Exif)
    if taken:
        details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    if place:
        tags[ExifTags.Base.Make] = "HUAWEI"
        tags.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (25.0, 36.0, 12.0), 3: "E", 4: (113.0, 41.0, 5.0)})
    return tags


def clean(data, name="IMG_0001.jpg", now=NOW):
    return clean_picture(io.BytesIO(data), name=name, now=now)


def refusal(data, name="IMG_0001.jpg"):
    with pytest.raises(BadPicture) as caught:
        clean(data, name)
    return str(caught.value)


def shown(data):
    return Image.open(io.BytesIO(data))


def near(pixel, colour):
    return all(abs(a - b) <= 12 for a, b in zip(pixel, colour, strict=True))


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width, height):
    """A PNG of a few bytes whose header announces any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(b"\0" * 64)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


# --- What comes out ---


def test_a_large_photo_becomes_a_small_jpeg_with_a_thumbnail():
    picture = clean(encoded(noise((4000, 3000))))
    assert (picture.width, picture.height, picture.content_type) == (1600, 1200, "image/jpeg")
    assert (shown(picture.data).format, shown(picture.data).size) == ("JPEG", (1600, 1200))
    assert (shown(picture.thumbnail).format, shown(picture.thumbnail).size) == ("JPEG", (320, 240))


def test_a_small_photo_is_never_enlarged():
    picture = clean(encoded(photo((1, 1))))
    assert (picture.width, picture.height) == (1, 1)
    assert shown(picture.thumbnail).size == (1, 1)


def test_a_very_narrow_picture_keeps_at_least_one_pixel():
    picture = clean(encoded(Image.new("L", (40_000, 3)), "PNG"))
    assert (picture.width, picture.height) == (1600, 1)
    assert shown(picture.thumbnail).size == (320, 1)


def test_nothing_of_the_original_but_its_pixels_is_kept():
    original = encoded(
        photo(),
        exif=exif(taken="2025:05:20 08:30:00", place=True),
        comment="张三拍摄",
        xmp=b"<x:xmpmeta>secret place</x:xmpmeta>",
        icc_profile=b"a profile with a name",
    )
    picture = clean(original + b"trailing secret")
    for kept in (picture.data, picture.thumbnail):
        assert not any(word in kept for word in (b"Exif", b"HUAWEI", b"secret", b"ICC_PROFILE", "张三".encode()))
        assert dict(shown(kept).getexif()) == {}
        assert not shown(kept).getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert set(shown(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("format", ["PNG", "WEBP", "HEIF"])
def test_the_place_is_dropped_and_the_time_read_from_every_format(format):
    picture = clean(encoded(photo(), format, exif=exif(taken="2025:05:20 08:30:00", place=True)))
    assert picture.taken_at == datetime(2025, 5, 20, 8, 30, tzinfo=SHANGHAI)
    assert b"Exif" not in picture.data
    assert b"HUAWEI" not in picture.data


# --- Capture time ---


def taken_at(**tags):
    return clean(encoded(photo(), exif=exif(**tags))).taken_at


def test_a_time_without_zone_is_chinese_time():
    assert taken_at(taken="2025:05:20 08:30:00").isoformat() == "2025-05-20T08:30:00+08:00"


def test_a_time_with_an_offset_keeps_its_instant():
    moment = taken_at(taken="2025:05:20 09:30:00", offset="+09:00")
    assert moment == datetime(2025, 5, 20, 0, 30, tzinfo=UTC)


def test_a_broken_offset_is_ignored():
    assert taken_at(taken="2025:05:20 08:30:00", offset="+99:99") == datetime(2025, 5, 20, 8, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "nonsense", ["0000:00:00 00:00:00", "    :  :     :  :  ", "1999:12:31 23:59:59", "2025:06:02 12:00:01", "昨天", ""]
)
def test_a_time_before_2000_or_from_the_future_or_unreadable_is_no_time(nonsense):
    assert taken_at(taken=nonsense) is None


def test_a_phone_whose_clock_runs_ahead_by_hours_is_believed():
    assert taken_at(taken="2025:06:02 11:59:59") == NOW + timedelta(hours=23, minutes=59, seconds=59)


def test_a_photo_without_time_has_none():
    assert clean(encoded(photo())).taken_at is None


@pytest.mark.parametrize("header", [b"MM\0*\0\0\xff\x08", b"XX\0*\0\0\0\x08"])
def test_garbled_metadata_does_not_cost_the_photo(header):
    good = encoded(photo(), exif=exif(taken="2025:05:20 08:30:00"))
    assert b"Exif\0\0MM\0*\0\0\0\x08" in good
    assert clean(good.replace(b"Exif\0\0MM\0*\0\0\0\x08", b"Exif\0\0" + header)).taken_at is None


# --- Orientation ---


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_taken_with_a_turned_phone_comes_out_upright(orientation):
    stored = photo((80, 40), WHITE)
    stored.paste(BLUE, (0, 0, 40, 20))  # blue top left as stored
    picture = clean(encoded(stored, quality=95, exif=exif(orientation=orientation)))
    upright = shown(picture.data)
    wide, high = upright.size
    corners = {1: "TL", 2: "TR", 3: "BR", 4: "BL", 5: "TL", 6: "TR", 7: "BR", 8: "BL"}
    column = 5 if corners[orientation][1] == "L" else wide - 5
    row = 5 if corners[orientation][0] == "T" else high - 5
    assert upright.size == ((80, 40) if orientation < 5 else (40, 80))
    assert (picture.width, picture.height) == upright.size
    assert near(upright.getpixel((column, row)), BLUE)
    assert near(upright.getpixel((wide - column, high - row)), WHITE)


def test_an_iphone_photo_is_turned_once_and_not_twice():
    picture = clean(encoded(photo((80, 40)), "HEIF", exif=exif(orientation=6).tobytes()))
    assert (picture.width, picture.height) == (40, 80)


def test_an_impossible_orientation_leaves_the_photo_as_it_is():
    assert clean(encoded(photo((80, 40)), exif=exif(orientation=77))).width == 80


# --- Formats and colours ---


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF", "MPO"])
def test_what_phones_write_is_taken_under_any_name(format):
    picture = clean(encoded(photo(), format), name="厨房.jpg")
    assert near(shown(picture.data).getpixel((30, 20)), RED)


def test_a_tiled_iphone_photo_is_taken():
    assert clean(encoded(noise(), "HEIF", tile_size=256)).width == 640


def test_a_progressive_photo_is_taken():
    assert clean(encoded(noise(), progressive=True)).width == 640


def test_only_the_first_frame_of_an_animation_is_shown():
    frames = [photo(colour=WHITE), photo(colour=RED)]
    for format in ("WEBP", "PNG", "MPO"):
        data = encoded(photo(colour=BLUE), format, save_all=True, append_images=frames)
        assert near(shown(clean(data).data).getpixel((30, 20)), BLUE)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_becomes_white(mode):
    transparent = Image.new(mode, (60, 40), (0, 0, 0, 0) if mode == "RGBA" else (0, 0))
    assert near(shown(clean(encoded(transparent, "PNG")).data).getpixel((30, 20)), WHITE)


def test_a_palette_with_transparency_becomes_white():
    palette = photo().quantize(4)
    data = encoded(palette, "PNG", transparency=palette.getpixel((0, 0)))
    assert near(shown(clean(data).data).getpixel((30, 20)), WHITE)


def test_a_transparent_colour_in_plain_rgb_becomes_white():
    assert near(shown(clean(encoded(photo(), "PNG", transparency=RED)).data).getpixel((30, 20)), WHITE)


def test_transparency_survives_shrinking():
    half = Image.new("RGBA", (3200, 1600), (0, 0, 0, 0))
    half.paste((*RED, 255), (0, 0, 1600, 1600))
    shrunk = shown(clean(encoded(half, "WEBP", lossless=True)).data)
    assert near(shrunk.getpixel((100, 400)), RED)
    assert near(shrunk.getpixel((1500, 400)), WHITE)


@pytest.mark.parametrize(
    ("image", "format", "colour"),
    [
        (Image.new("CMYK", (60, 40), (0, 255, 255, 0)), "JPEG", RED),
        (Image.new("L", (60, 40), 128), "JPEG", (128, 128, 128)),
        (Image.new("1", (60, 40), 1), "PNG", WHITE),
        (Image.new("P", (60, 40), 0), "PNG", (0, 0, 0)),
        (Image.new("I;16", (60, 40), 128 * 256), "PNG", (128, 128, 128)),
        (Image.new("L", (60, 40), 128), "HEIF", (128, 128, 128)),
    ],
    ids=["CMYK", "grey", "one bit", "palette", "16 bit", "grey HEIC"],
)
def test_every_kind_of_colour_comes_out_right(image, format, colour):
    cleaned = shown(clean(encoded(image, format)).data)
    assert cleaned.mode == "RGB"
    assert near(cleaned.getpixel((30, 20)), colour)


def test_16_bit_grey_with_a_transparent_value_is_taken():
    data = encoded(Image.new("I;16", (60, 40), 128 * 256), "PNG", transparency=5)
    assert near(shown(clean(data).data).getpixel((30, 20)), (128, 128, 128))


# --- What is refused, and in which words ---


def zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "empty": (b"", "文件是空的"),
    "zip": (zipped("1.jpg"), "识别为压缩包"),
    "rar": (b"Rar!\x1a\x07\x00", "识别为压缩包"),
    "docx": (zipped("[Content_Types].xml", "word/document.xml"), "识别为办公文档"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "识别为办公文档"),
    "ofd": (zipped("OFD.xml"), "识别为OFD 文档"),
    "pdf": (b"%PDF-1.7\n", "识别为PDF 文档"),
    "svg": (SVG, "识别为 SVG 矢量图"),
    "html": (b"\xef\xbb\xbf<!DOCTYPE html><script>alert(1)</script>", "识别为网页"),
    "text": ("隐患台账".encode("gb18030"), "识别为文字文件"),
    "film": (b"\0\0\0\x18ftypmp42" + bytes(50), "识别为视频"),
    "avi": (b"RIFF\0\0\0\0AVI LIST", "识别为视频"),
    "wav": (b"RIFF\0\0\0\0WAVEfmt ", "识别为录音"),
    "gif": (encoded(photo(), "GIF"), "不支持 GIF 动图 格式"),
    "bmp": (encoded(photo(), "BMP"), "不支持 BMP 格式"),
    "tiff": (encoded(photo(), "TIFF"), "不支持 TIFF 或相机原片 格式"),
    "avif": (encoded(photo(), "AVIF"), "不支持 AVIF 格式"),
    "bytes": (bytes(range(256)), "无法识别这个文件"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_is_no_photo_is_refused_in_its_own_words_whatever_it_is_called(kind):
    data, words = REFUSED[kind]
    message = refusal(data, name="厨房.jpg")
    assert words in message
    assert message.endswith("。")


def test_each_refusal_says_something_of_its_own_and_what_to_do():
    messages = {refusal(data) for data, _ in REFUSED.values()}
    assert len(messages) >= 13
    assert all("请" in message for message in messages)


def test_a_zip_renamed_to_jpg_gets_the_sentence_we_agreed_on():
    assert refusal(zipped("1.jpg")) == "这不是照片文件（识别为压缩包），请重新选择手机拍的照片。"


def test_a_picture_hidden_behind_a_photo_header_is_not_believed():
    assert "已损坏" in refusal(b"\xff\xd8\xff\xe0" + SVG)


def test_a_decoder_that_fails_is_named_in_the_log(caplog):
    refusal(encoded(noise())[:-100], name="厨房\n.jpg")
    assert "'厨房\\n.jpg'" in caplog.text
    assert "truncated" in caplog.text


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.999])
@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {}),
        ("HEIF", {}),
        ("HEIF", {"tile_size": 256}),
    ],
    ids=["jpeg", "progressive", "png", "webp", "heic", "tiled heic"],
)
def test_an_upload_cut_short_is_refused(format, options, share):
    data = encoded(noise(), format, **options)
    assert "没有传完" in refusal(data[: int(len(data) * share)])


def test_a_jpeg_or_heic_that_lacks_its_last_byte_is_refused():
    for data in (encoded(noise()), encoded(noise(), "HEIF", tile_size=256)):
        assert "没有传完" in refusal(data[:-1])


def test_cutting_a_tiled_heic_anywhere_is_noticed():
    data = encoded(noise(), "HEIF", tile_size=256)
    media = data.index(b"mdat") - 4
    for end in (*range(1, media + 40), *range(media + 40, len(data), 997)):
        refusal(data[:end])


def test_a_heic_with_something_of_the_phone_maker_behind_it_is_taken():
    assert clean(encoded(noise(), "HEIF") + b"\0\0\xff\xffsefd and then less than announced").width == 640


def test_a_heic_with_a_64_bit_length_is_measured_by_it():
    announced = encoded(noise(), "HEIF") + struct.pack(">I4sQ", 1, b"mdat", 16 + 1000)
    assert "没有传完" in refusal(announced + bytes(999))
    assert clean(announced + bytes(1000)).width == 640


def test_loading_truncated_pictures_stays_switched_off():
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


# --- Bounds ---


@pytest.mark.parametrize("size", [(10_000, 10_000), (7_746, 7_746), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_of_100_megapixels_is_refused_by_its_header(size):
    message = refusal(png_claiming(*size))
    assert "超过 6000 万像素" in message
    assert "重拍" in message


def test_a_real_one_bit_picture_of_100_megapixels_is_refused():
    assert "超过 6000 万像素" in refusal(encoded(Image.new("1", (10_000, 10_000)), "PNG"))


def test_a_picture_just_within_the_limit_is_taken():
    assert clean(encoded(Image.new("1", (7_500, 8_000)), "PNG")).height == 1600


def test_a_file_of_26_megabytes_is_refused_with_advice():
    assert "超过 25 MB" in refusal(encoded(photo()) + bytes(26 * 1024 * 1024))


def test_a_long_film_is_called_a_film_and_not_a_large_photo():
    assert "识别为视频" in refusal(b"\0\0\0\x18ftypqt  " + bytes(26 * 1024 * 1024))


def test_no_more_is_read_than_the_limit():
    class Endless(io.RawIOBase):
        def seek(self, *_):
            return 0

        def read(self, size=-1):
            assert 0 < size <= pictures.MAX_BYTES + 1
            return b"\xff" * size

    with pytest.raises(BadPicture, match="25 MB"):
        clean_picture(Endless(), name="a.jpg", now=NOW)


def test_a_jpeg_that_would_be_drawn_thousands_of_times_is_refused():
    data = encoded(Image.new("L", (640, 480), 128), progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    assert "内部结构异常" in refusal(data[:-2] + scan * 1000 + data[-2:])


def test_a_jpeg_of_endless_comments_is_refused():
    data = encoded(photo())
    assert "内部结构异常" in refusal(data[:2] + b"\xff\xfe\0\2" * 100_000 + data[2:])


def test_a_heic_that_hides_huge_tiles_behind_a_small_size_is_refused():
    data = encoded(photo((128, 64)), "HEIF", tile_size=64)
    tile = b"ispe" + struct.pack(">III", 0, 64, 64)
    assert tile in data
    assert "超过 6000 万像素" in refusal(data.replace(tile, b"ispe" + struct.pack(">III", 0, 30_000, 30_000)))


def test_a_stream_read_before_is_read_from_its_start():
    stream = io.BytesIO(encoded(photo()))
    stream.read()
    assert clean_picture(stream, name="a.jpg", now=NOW).width == 60


# --- Anything at all ---


def survives(data):
    """Either a picture or a BadPicture; any other exception fails the test."""
    try:
        picture = clean(data)
    except BadPicture:
        return
    assert max(shown(picture.data).size) <= 1600
    assert b"Exif" not in picture.data


MAGICS = [
    b"",
    b"\xff\xd8\xff\xe1",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\0\0\0\0WEBPVP8X",
    b"\0\0\0\x18ftypheic",
    b"PK\3\4",
    b"<svg",
]
SEEDS = {
    "jpeg": encoded(noise((64, 48)), exif=exif(taken="2025:05:20 08:30:00", orientation=6, place=True)),
    "progressive": encoded(noise((64, 48)), progressive=True),
    "mpo": encoded(noise((64, 48)), "MPO", save_all=True, append_images=[noise((64, 48))]),
    "png": encoded(noise((64, 48)), "PNG", exif=exif(orientation=6, place=True)),
    "webp": encoded(noise((64, 48)), "WEBP", exif=exif(orientation=6, place=True)),
    "heic": encoded(noise((64, 48)), "HEIF", exif=exif(taken="2025:05:20 08:30:00", place=True)),
    "tiled heic": encoded(noise((128, 96)), "HEIF", tile_size=64),
}
patiently = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@patiently
@given(magic=st.sampled_from(MAGICS), rest=st.binary(max_size=400))
@example(magic=b"", rest=png_claiming(0, 0))
def test_random_bytes_are_refused_in_words(magic, rest):
    survives(magic + rest)


@pytest.mark.parametrize("kind", SEEDS)
@patiently
@given(data=st.data())
def test_damaged_photos_are_taken_or_refused_in_words(kind, data):
    photo = bytearray(SEEDS[kind])
    for place in data.draw(st.lists(st.integers(0, len(photo) - 1), max_size=6), label="bytes changed"):
        photo[place] ^= data.draw(st.integers(1, 255), label="bits flipped")
    survives(bytes(photo))


@pytest.mark.parametrize("kind", SEEDS)
@patiently
@given(data=st.data())
def test_photos_cut_anywhere_are_taken_or_refused_in_words(kind, data):
    photo = SEEDS[kind]
    survives(photo[: data.draw(st.integers(0, len(photo)), label="length")])


@pytest.mark.parametrize("kind", SEEDS)
@patiently
@given(place=st.integers(0, 600), garbage=st.binary(min_size=1, max_size=20))
def test_photos_with_a_damaged_header_are_taken_or_refused_in_words(kind, place, garbage):
    data = SEEDS[kind]
    survives(data[:place] + garbage + data[place + len(garbage) :])
