"""The scenes by name, and a scene made into a photograph: light, caption, JPEG."""

import io
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from .pen import GREEN, GROUND, HEIGHT, SCALE, STRIP, WHITE, WIDTH, Pen, font_of

SCENES = {}


def scene(function):
    SCENES[function.__name__] = function
    return function


def draw_scene(kind, *, fixed, seed, label):
    """A JPEG of 1280 × 960 as bytes. `kind` is a key of SCENES; without the Chinese font the words are left out."""
    pen = Pen(kind, seed)
    SCENES[kind](pen, fixed)
    picture = pen.image.reduce(SCALE)
    picture = ImageChops.multiply(picture, _light(fixed))
    _caption(picture, fixed, label)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


@lru_cache(maxsize=2)
def _light(fixed):
    """Darker corners; a room not yet put right looks a little duller."""
    middle, edge = ((255, 255, 255), (214, 218, 224)) if fixed else ((246, 242, 234), (188, 184, 178))
    mask = Image.radial_gradient("L").resize((WIDTH, HEIGHT))
    mask = mask.point(lambda value: int((value / 255) ** 2 * 255))
    return Image.composite(Image.new("RGB", (WIDTH, HEIGHT), edge), Image.new("RGB", (WIDTH, HEIGHT), middle), mask)


def _caption(picture, fixed, label):
    draw = ImageDraw.Draw(picture)
    middle = GROUND + STRIP // 2
    draw.rectangle((0, GROUND, WIDTH, HEIGHT), fill=(26, 33, 44))
    draw.rounded_rectangle((18, GROUND + 14, 206, HEIGHT - 14), 12, fill=GREEN if fixed else (196, 88, 24))
    if fixed:
        draw.line(((38, middle), (50, middle + 13), (70, middle - 14)), fill=WHITE, width=8, joint="curve")
    else:
        draw.polygon(((54, middle - 17), (36, middle + 15), (72, middle + 15)), fill=WHITE)
        draw.line(((54, middle - 6), (54, middle + 5)), fill=(196, 88, 24), width=5)
        draw.rectangle((52, middle + 8, 56, middle + 11), fill=(196, 88, 24))
    font, small = font_of(32), font_of(26)
    if font is None:
        return
    draw.text((84, middle), "已整改" if fixed else "隐患", font=font, fill=WHITE, anchor="lm")
    draw.text((WIDTH - 24, middle), "示例图片", font=small, fill=(150, 162, 178), anchor="rm")
    while label and draw.textlength(label, font=font) > WIDTH - 400:
        label = label[:-2] + "…" if len(label) > 2 else ""
    draw.text((230, middle), label, font=font, fill=(236, 240, 245), anchor="lm")
