"""Stand-ins for photographs: flat drawings of a hazard before and after it was fixed.

One scene is one function below, registered by its name. The same seed gives the same bytes, and the room stays the same
between the two states, so that a pair looks like two pictures of one place. Drawn at twice the size and averaged down.
"""

import io
import math
import os
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFont

WIDTH, HEIGHT, STRIP = 1280, 960, 84
GROUND = HEIGHT - STRIP  # the picture ends where the caption begins
SCALE = 2

WHITE, INK, PAPER = (255, 255, 255), (38, 44, 54), (250, 247, 238)
RED, GREEN, AMBER, BLUE = (205, 45, 45), (34, 150, 92), (226, 150, 40), (42, 96, 172)
STEEL, DARK, WOOD, CARDBOARD = (186, 194, 202), (62, 68, 78), (176, 128, 80), (196, 152, 98)
SKY, GRASS, CONCRETE, WATER = (186, 214, 236), (126, 164, 96), (190, 188, 180), (150, 132, 98)

WALLS = [(232, 228, 214), (222, 230, 228), (236, 226, 210), (224, 226, 234), (228, 234, 222)]
FLOORS = [(190, 178, 158), (176, 182, 184), (198, 184, 160), (182, 176, 170), (170, 180, 172)]
FONT_FOLDERS = ["/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-cjk"]
FONT_FILES = ["NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc"]

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


# --- Tools ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _font(size):
    for folder in FONT_FOLDERS:
        for file in FONT_FILES:
            path = os.path.join(folder, file)
            if os.path.exists(path):
                return ImageFont.truetype(path, size, index=2)  # 2 is the simplified Chinese face of the collection
    return None


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
    font, small = _font(32), _font(26)
    if font is None:
        return
    draw.text((84, middle), "已整改" if fixed else "隐患", font=font, fill=WHITE, anchor="lm")
    draw.text((WIDTH - 24, middle), "示例图片", font=small, fill=(150, 162, 178), anchor="rm")
    while label and draw.textlength(label, font=font) > WIDTH - 400:
        label = label[:-2] + "…" if len(label) > 2 else ""
    draw.text((230, middle), label, font=font, fill=(236, 240, 245), anchor="lm")


def tone(colour, factor):
    return tuple(max(0, min(255, round(part * factor))) for part in colour)


def mix(one, other, share):
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


class Pen:
    """Draws in picture points. `shift` and the colours are the room's; `rng` is for what lies about in it."""

    def __init__(self, kind, seed):
        room = Random(f"{kind}:{seed}")
        self.wall = room.choice(WALLS)
        self.floor = room.choice(FLOORS)
        self.accent = room.choice([(74, 116, 168), (96, 140, 120), (150, 104, 92), (120, 112, 160), (178, 132, 70)])
        self.shift = room.randint(-46, 46)
        self.rng = Random(f"{kind}:{seed}:things")
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), self.wall)
        self.solid = ImageDraw.Draw(self.image)
        self.glass = ImageDraw.Draw(self.image, "RGBA")  # mixes colours that carry an alpha; several times slower

    def on(self, *colours):
        return self.glass if any(colour and len(colour) == 4 for colour in colours) else self.solid

    def poly(self, points, fill):
        self.on(fill).polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def rect(self, x, y, w, h, fill, radius=0, outline=None, width=3):
        box = (x * SCALE, y * SCALE, (x + w) * SCALE, (y + h) * SCALE)
        draw = self.on(fill, outline)
        if radius:
            draw.rounded_rectangle(box, radius * SCALE, fill=fill, outline=outline, width=width * SCALE)
        else:
            draw.rectangle(box, fill=fill, outline=outline, width=width * SCALE)

    def oval(self, x, y, rx, ry, fill=None, outline=None, width=4):
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self.on(fill, outline).ellipse(box, fill=fill, outline=outline, width=width * SCALE)

    def pie(self, x, y, radius, start, end, fill):
        box = ((x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE)
        self.on(fill).pieslice(box, start, end, fill=fill)

    def arc(self, x, y, rx, ry, start, end, fill, width):
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self.on(fill).arc(box, start, end, fill=fill, width=width * SCALE)

    def line(self, points, fill, width=4, caps=True):
        dots = [(x * SCALE, y * SCALE) for x, y in points]
        draw = self.on(fill)
        draw.line(dots, fill=fill, width=round(width * SCALE), joint="curve")
        if caps and width >= 6:
            radius = width * SCALE / 2 - 1
            for x, y in (dots[0], dots[-1]):
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)

    def curve(self, a, b, c, d, fill, width=6):
        """A Bézier curve: cables, hoses, chains."""
        points = []
        for step in range(25):
            t = step / 24
            u = 1 - t
            weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
            points.append(tuple(sum(w * p[i] for w, p in zip(weights, (a, b, c, d), strict=True)) for i in (0, 1)))
        self.line(points, fill, width)

    def shadow(self, x, y, rx, ry, strength=26):
        for part in (1.0, 0.82, 0.64):
            self.oval(x, y, rx * part, ry * part, (20, 20, 30, strength))

    def text(self, x, y, words, size, fill=INK, anchor="mm"):
        font = _font(size * SCALE)
        if font is not None:
            self.on(fill).text((x * SCALE, y * SCALE), words, font=font, fill=fill, anchor=anchor)

    def ring(self, x, y, rx, ry):
        """The red circle that an inspector draws on the phone around what is wrong."""
        points = []
        for step in range(68):
            angle = -2.2 + step * 0.1
            grow = 1 + step * 0.0011
            points.append((x + rx * grow * math.cos(angle), y + ry * grow * math.sin(angle)))
        self.line(points, (226, 32, 32), 10)

    def tube(self, x, y, w, h, colour, radius=0):
        """An upright cylinder: light in the middle left, dark to the right."""
        self.rect(x, y, w, h, tone(colour, 0.8), radius)
        self.rect(x + w * 0.06, y, w * 0.68, h, colour, radius)
        self.rect(x + w * 0.18, y + radius * 0.4, w * 0.16, h - radius * 0.8, tone(colour, 1.35), radius * 0.4)

    def backdrop(self, floor_at=690):
        """A wall seen from the front, with skirting and floor."""
        bands = 14
        for band in range(bands):
            top = floor_at * band / bands
            self.rect(0, top, WIDTH, floor_at / bands + 1, tone(self.wall, 1.04 - 0.10 * band / bands))
        for band in range(8):
            top = floor_at + (HEIGHT - floor_at) * band / 8
            self.rect(0, top, WIDTH, 60, tone(self.floor, 0.84 + 0.045 * band))
        for x in range(-900, 2300, 200):
            self.line([(640 + (x - 640) * 0.45, floor_at), (x, HEIGHT)], tone(self.floor, 0.8), 2)
        for y in (floor_at + 40, floor_at + 105, floor_at + 200):
            self.line([(0, y), (WIDTH, y)], tone(self.floor, 0.8), 2)
        self.rect(0, floor_at - 26, WIDTH, 26, tone(self.wall, 0.72))
        self.rect(0, floor_at - 28, WIDTH, 4, tone(self.wall, 1.08))

    def tiles(self, colour, size, top=0, bottom=HEIGHT):
        self.rect(0, top, WIDTH, bottom - top, colour)
        for x in range(self.shift % size, WIDTH, size):
            self.line([(x, top), (x, bottom)], tone(colour, 0.86), 2)
        for y in range(int(top), int(bottom), size):
            self.line([(0, y), (WIDTH, y)], tone(colour, 0.86), 2)
            self.line([(0, y + 3), (WIDTH, y + 3)], tone(colour, 1.06), 2)

    def outdoors(self, horizon=400):
        for band in range(10):
            self.rect(0, horizon * band / 10, WIDTH, horizon / 10 + 1, mix(SKY, (236, 242, 246), band / 10))
        for x, y, size in ((180, 90, 46), (940, 130, 38)):
            for step in (-1.1, -0.3, 0.6, 1.3):
                self.oval(x + self.shift + step * size, y, size, size * 0.5, (255, 255, 255, 150))
        for band in range(12):
            top = horizon + (HEIGHT - horizon) * band / 12
            self.rect(0, top, WIDTH, 60, tone(CONCRETE, 0.86 + 0.016 * band))

    def house(self, x, y, w, h, colour, floors=2):
        self.rect(x, y, w, h, colour)
        self.poly([(x - 26, y), (x + w + 26, y), (x + w - 6, y - 46), (x + 6, y - 46)], (150, 84, 70))
        rows = h / floors
        for row in range(floors):
            for column in range(int(w // 120)):
                left, top = x + 34 + column * 120, y + row * rows + rows * 0.22
                self.rect(left, top, 62, rows * 0.5, (120, 150, 172), 2, WHITE, 4)
                self.line([(left + 31, top), (left + 31, top + rows * 0.5)], WHITE, 4)
            self.rect(x, y + (row + 1) * rows - 6, w, 6, tone(colour, 0.8))

    def gauge(self, x, y, radius, good):
        """A pressure gauge that can be read on a thumbnail."""
        self.oval(x + 6, y + 8, radius, radius, (0, 0, 0, 60))
        self.oval(x, y, radius, radius, WHITE, DARK, max(4, radius // 9))
        inner = radius * 0.8
        self.pie(x, y, inner, 150, 222, RED)
        self.pie(x, y, inner, 222, 318, GREEN)
        self.pie(x, y, inner, 318, 390, AMBER)
        self.oval(x, y, inner * 0.62, inner * 0.62, WHITE)
        angle = math.radians(262 if good else 172)
        tip = (x + inner * 0.9 * math.cos(angle), y + inner * 0.9 * math.sin(angle))
        self.line([(x, y), tip], INK, max(5, radius // 11))
        self.oval(x, y, radius * 0.13, radius * 0.13, INK)

    def plate(self, x, y, w, h, colour, words, size):
        self.rect(x + 4, y + 5, w, h, (0, 0, 0, 50), 8)
        self.rect(x, y, w, h, colour, 8)
        self.text(x + w / 2, y + h / 2, words, size, WHITE)

    def exit_sign(self, x, y, w=170, h=58):
        self.rect(x - w / 2, y, w, h, (20, 140, 84), 6, WHITE, 4)
        self.text(x, y + h / 2, "安全出口", int(h * 0.5), WHITE)


class View:
    """Looks into a room: metres to picture points. x right, y up from the floor, z away from the eye."""

    def __init__(self, pen, focus=900, eye=1.5, middle=(640, 372)):
        self.pen, self.focus, self.eye, self.middle = pen, focus, eye, middle

    def at(self, x, y, z):
        size = self.focus / z
        return self.middle[0] + x * size, self.middle[1] - (y - self.eye) * size

    def face(self, corners, fill):
        self.pen.poly([self.at(*corner) for corner in corners], fill)

    def ground(self, x0, x1, z0, z1, fill, y=0.0):
        self.face([(x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1)], fill)

    def side(self, x, z0, z1, y0, y1, fill):
        self.face([(x, y0, z0), (x, y0, z1), (x, y1, z1), (x, y1, z0)], fill)

    def front(self, x0, x1, y0, y1, z, fill):
        self.face([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)], fill)

    def room(self, half, high, deep):
        pen, steps = self.pen, 9
        edges = [1.2 + (deep - 1.2) * (step / steps) ** 2.2 for step in range(steps + 1)]
        for near, far, step in zip(edges, edges[1:], range(steps), strict=False):
            dim = 1.02 - 0.024 * step
            self.ground(-half, half, near, far, tone(pen.floor, dim))
            self.ground(-half, half, near, far, tone((244, 244, 240), dim - 0.04), y=high)
            self.side(-half, near, far, 0, high, tone(pen.wall, dim - 0.05))
            self.side(half, near, far, 0, high, tone(pen.wall, dim - 0.12))
            for x in (-half, half):
                self.side(x, near, far, 0, 0.12, tone(pen.wall, dim * 0.66))
        self.front(-half, half, 0, high, deep, tone(pen.wall, 0.9))
        tile = half / 2
        for step in range(1, 4):
            x = -half + step * tile
            pen.line([self.at(x, 0, 1.4), self.at(x, 0, deep)], tone(pen.floor, 0.86), 2)
        z = 2.0
        while z < deep:
            pen.line([self.at(-half, 0, z), self.at(half, 0, z)], tone(pen.floor, 0.86), 2)
            z += tile

    def box(self, x, y, z, w, h, d, colour):
        """A box by its nearest lower left corner."""
        if x > 0:
            self.side(x, z, z + d, y, y + h, tone(colour, 0.74))
        if x + w < 0:
            self.side(x + w, z, z + d, y, y + h, tone(colour, 0.8))
        if y + h < self.eye:
            self.ground(x, x + w, z, z + d, tone(colour, 1.14), y=y + h)
        self.front(x, x + w, y, y + h, z, colour)

    def carton(self, x, y, z, w, h, d):
        colour = tone(CARDBOARD, self.pen.rng.uniform(0.88, 1.08))
        self.box(x, y, z, w, h, d, colour)
        self.front(x + w * 0.44, x + w * 0.56, y, y + h, z, tone(colour, 1.16))
        self.front(x + w * 0.08, x + w * 0.3, y + h * 0.12, y + h * 0.4, z, tone(colour, 0.82))


# --- Fire -------------------------------------------------------------------------------------------------------------


@scene
def corridor(pen, fixed):
    view = View(pen, middle=(640 + pen.shift, 360))
    view.room(1.5, 2.7, 15)
    for z in (3.2, 5.6, 9.2, 12.2):
        for x in (-1.49, 1.49):
            view.side(x, z, z + 1.0, 0, 2.1, tone(WOOD, 0.72))
            view.side(x, z + 0.08, z + 0.92, 0, 2.02, tone(WOOD, 1.05 if x < 0 else 0.92))
    for x in (-1.46, 1.46):
        pen.line([view.at(x, 0.86, 1.5), view.at(x, 0.86, 14.5)], tone(pen.accent, 0.9), 9)
    for z in (3.0, 5.0, 8.0, 12.0):
        view.ground(-0.3, 0.3, z, z + 0.8, (255, 255, 250), y=2.69)
    view.front(-0.9, 0.9, 0, 2.1, 14.9, (206, 226, 232))
    view.front(-0.02, 0.02, 0, 2.1, 14.9, DARK)
    left, top = view.at(0, 2.62, 9.0)
    pen.exit_sign(left, top, 190, 62)
    if fixed:
        for z in (3.4, 5.4, 8.6):
            view.face([(-0.12, 0, z), (0.12, 0, z), (0.12, 0, z + 0.8), (-0.12, 0, z + 0.8)], (40, 168, 100))
            view.face([(-0.34, 0, z + 0.75), (0.34, 0, z + 0.75), (0, 0, z + 1.5)], (40, 168, 100))
        for x in (-1.25, 1.25):
            view.ground(x - 0.04, x + 0.04, 2.6, 14.5, (238, 196, 52))
        return
    for z, x, w in ((7.4, -0.3, 0.7), (7.2, 0.5, 0.8), (6.6, -1.4, 0.7)):
        view.carton(x, 0, z, w, 0.62, 0.6)
    view.carton(0.55, 0.62, 7.2, 0.6, 0.5, 0.5)
    view.carton(-1.35, 0.62, 6.7, 0.55, 0.45, 0.5)
    view.face([(-1.4, 0, 5.2), (-0.75, 0, 5.2), (-1.05, 1.7, 5.2), (-1.46, 1.7, 5.2)], (214, 222, 236))
    for share in (0.25, 0.5, 0.75):
        pen.line(
            [view.at(-1.4 - 0.06 * share, 1.7 * share, 5.2), view.at(-0.75 - 0.3 * share, 1.7 * share, 5.2)], BLUE, 4
        )
    for x, y, z, w, h, d in (
        (0.45, 0, 4.6, 0.85, 0.62, 0.7),
        (0.5, 0.62, 4.6, 0.7, 0.52, 0.6),
        (-0.25, 0, 4.4, 0.6, 0.45, 0.6),
    ):
        view.carton(x + pen.rng.uniform(-0.05, 0.05), y, z, w, h, d)
    view.box(-1.2, 0, 4.2, 0.5, 0.4, 0.45, (70, 120, 190))
    pen.line([view.at(-0.95, 0.2, 4.3), view.at(-0.62, 1.5, 4.3)], tone(WOOD, 0.8), 12)
    x, y = view.at(0.25, 0.55, 4.5)
    pen.ring(x, y, 330, 190)


@scene
def fire_door(pen, fixed):
    pen.backdrop(760)
    x = 380 + pen.shift
    door, frame = (168, 70, 60), (120, 124, 130)
    pen.rect(x - 34, 90, 568, 672, frame, 4)
    pen.rect(x, 124, 500, 638, (44, 46, 54))
    if fixed:
        leaves = [(x, 250), (x + 252, 248)]
    else:
        leaves = [(x, 250)]
        for step in range(7):  # stairs going up behind the open leaf
            pen.rect(x + 252, 700 - step * 54, 248, 62, tone((150, 150, 150), 0.95 - step * 0.1))
            pen.rect(x + 252, 700 - step * 54, 248, 10, tone((186, 186, 186), 0.98 - step * 0.1))
    for left, width in leaves:
        pen.rect(left, 124, width, 638, door)
        pen.rect(left, 124, 10, 638, tone(door, 1.18))
        pen.rect(left + width * 0.32, 220, width * 0.36, 150, (168, 196, 206), 4, tone(door, 0.6), 8)
        pen.line([(left + width * 0.36, 350), (left + width * 0.6, 236)], (220, 236, 240), 8)
    pen.rect(x + 206, 430, 22, 110, STEEL, 8)
    pen.exit_sign(x + 250, 22, 180, 58)
    if fixed:
        pen.rect(x + 274, 430, 22, 110, STEEL, 8)
        for left in (x + 22, x + 290):
            pen.plate(left, 570, 180, 92, (32, 118, 76), "保持关闭", 38)
        pen.line([(x + 60, 142), (x + 150, 156), (x + 220, 142)], STEEL, 12)
        pen.line([(x + 280, 142), (x + 350, 156), (x + 440, 142)], STEEL, 12)
        return
    pen.poly([(x + 500, 124), (x + 690, 66), (x + 690, 846), (x + 500, 762)], tone(door, 0.86))
    pen.poly([(x + 560, 200), (x + 630, 184), (x + 630, 372), (x + 560, 366)], (150, 176, 186))
    pen.shadow(x + 560, 830, 170, 30)
    pen.rect(x + 392, 650, 120, 150, (70, 126, 186), 8)
    pen.rect(x + 380, 636, 144, 26, tone((70, 126, 186), 1.25), 8)
    pen.poly([(x + 560, 838), (x + 690, 838), (x + 690, 790)], (214, 172, 104))
    pen.ring(x + 520, 726, 200, 122)


@scene
def extinguisher(pen, fixed):
    pen.backdrop(720)
    x = 330 + pen.shift
    if fixed:
        pen.poly([(x - 250, 720), (x + 250, 720), (x + 330, 860), (x - 330, 860)], (238, 196, 52, 70))
    pen.shadow(x, 812, 170, 34)
    pen.rect(x - 150, 770, 300, 34, (150, 40, 38), 6)
    pen.tube(x - 110, 300, 220, 490, (206, 38, 38), 60)
    pen.rect(x - 80, 470, 160, 170, PAPER, 6)
    pen.text(x, 520, "灭火器", 42, (170, 30, 30))
    for y in (566, 590, 614):
        pen.line([(x - 60, y), (x + 60, y)], (140, 140, 140), 5)
    pen.rect(x - 34, 238, 68, 76, (60, 60, 66), 8)
    pen.line([(x - 20, 236), (x + 120, 196)], (40, 40, 46), 22)
    pen.line([(x - 20, 250), (x + 120, 262)], (40, 40, 46), 18)
    pen.curve((x - 30, 270), (x - 210, 270), (x - 210, 520), (x - 158, 640), (34, 34, 38), 26)
    pen.poly([(x - 182, 620), (x - 134, 620), (x - 122, 716), (x - 196, 716)], (34, 34, 38))
    pen.oval(x + 4, 282, 30, 30, WHITE, DARK, 5)
    pen.line([(x + 36, 282), (x + 320, 330)], (90, 96, 104), 4)
    pen.gauge(x + 500, 370, 210, fixed)
    pen.plate(x + 330, 100 - 60, 340, 92, (196, 36, 36), "消防器材", 46)
    if fixed:
        pen.rect(x + 62, 330, 120, 150, WHITE, 6, GREEN, 6)
        pen.line([(x + 88, 406), (x + 112, 436), (x + 158, 368)], GREEN, 14)
        return
    for left, top, size in ((x + 70, 640, 210), (x + 250, 690, 190)):
        pen.shadow(left + size / 2, top + 170, size * 0.6, 24)
        pen.rect(left, top, size, 170, (226, 216, 194), 40)
        pen.rect(left + 30, top + 40, size - 60, 90, (206, 190, 158), 14)
        pen.text(left + size / 2, top + 86, "大米", 40, (120, 90, 50))
    pen.oval(x, 700, 96, 40, (120, 100, 80, 60))
    pen.ring(x + 500, 370, 246, 246)


@scene
def hydrant(pen, fixed):
    pen.backdrop(780)
    x, red = 350 + pen.shift, (196, 40, 38)
    pen.rect(x + 14, 150, 580, 560, (0, 0, 0, 46), 8)
    pen.rect(x, 130, 580, 560, red, 8)
    pen.rect(x + 28, 158, 524, 504, (196, 200, 204))
    pen.rect(x + 28, 158, 524, 40, (150, 154, 160))
    pen.rect(x + 420, 330, 60, 190, (170, 40, 36), 8)
    pen.oval(x + 450, 330, 58, 20, (206, 60, 50))
    pen.rect(x + 372, 420, 66, 52, (190, 150, 70), 8)
    pen.plate(x + 150, 40, 280, 76, red, "消火栓", 48)
    if fixed:
        for radius in range(128, 20, -22):
            pen.oval(x + 200, 400, radius, radius, (236, 226, 204), (176, 160, 130), 5)
        pen.oval(x + 200, 400, 26, 26, DARK)
        pen.curve((x + 310, 450), (x + 350, 560), (x + 380, 520), (x + 380, 448), (236, 226, 204), 24)
        pen.rect(x + 60, 560, 170, 40, (206, 168, 80), 12)
        pen.poly([(x + 230, 568), (x + 320, 574), (x + 320, 586), (x + 230, 592)], (206, 168, 80))
        pen.rect(x + 420, 560, 96, 80, WHITE, 4, GREEN, 5)
        pen.line([(x + 442, 600), (x + 462, 620), (x + 498, 578)], GREEN, 10)
        pen.poly([(x + 580, 130), (x + 700, 84), (x + 700, 740), (x + 580, 690)], tone(red, 0.8))
        pen.poly([(x + 606, 170), (x + 676, 146), (x + 676, 672), (x + 606, 646)], (176, 206, 216))
        return
    pen.curve((x + 40, 650), (x + 80, 560), (x + 180, 590), (x + 220, 655), (120, 120, 120), 5)
    pen.line([(x + 372, 470), (x + 366, 560)], (110, 150, 190), 8)
    pen.oval(x + 366, 610, 12, 18, (110, 150, 190))
    pen.poly([(x + 580, 130), (x + 690, 104), (x + 676, 760), (x + 580, 690)], tone(red, 0.72))
    pen.poly([(x + 606, 176), (x + 668, 160), (x + 660, 690), (x + 606, 650)], (110, 124, 132))
    pen.line([(x + 606, 300), (x + 640, 360), (x + 622, 420), (x + 664, 500)], WHITE, 4)
    for left, top in ((x - 190, 560), (x - 60, 640)):
        pen.shadow(left + 130, top + 214, 160, 26)
        pen.rect(left, top, 250, 210, CARDBOARD, 4)
        pen.rect(left + 108, top, 34, 210, tone(CARDBOARD, 1.16))
        pen.poly([(left, top), (left + 250, top), (left + 216, top - 34), (left + 36, top - 34)], tone(CARDBOARD, 1.1))
    pen.ring(x + 200, 390, 180, 170)


@scene
def fire_panel(pen, fixed):
    pen.backdrop(840)
    x, case = 270 + pen.shift, (206, 210, 212)
    pen.rect(x + 16, 86, 720, 760, (0, 0, 0, 46), 10)
    pen.rect(x, 66, 720, 780, case, 10, tone(case, 0.75), 5)
    pen.rect(x, 66, 720, 84, (176, 40, 40), 10)
    pen.text(x + 360, 108, "火灾报警控制器", 46, WHITE)
    pen.rect(x + 50, 184, 400, 220, (20, 48, 44) if fixed else (58, 22, 22), 8, DARK, 6)
    pen.text(x + 250, 248, "系统正常" if fixed else "故障 6 处", 62, (120, 236, 160) if fixed else (255, 132, 110))
    pen.text(x + 250, 336, "自动" if fixed else "已静音 屏蔽 1", 40, (120, 236, 160) if fixed else (255, 190, 110))
    big = GREEN if fixed else (232, 40, 40)
    if not fixed:
        pen.oval(x + 585, 292, 132, 132, (255, 70, 60, 50))
    pen.oval(x + 585, 292, 92, 92, big, DARK, 8)
    pen.oval(x + 560, 262, 28, 22, (255, 255, 255, 120))
    bad = set(pen.rng.sample(range(32), 9))
    for spot in range(32):
        left, top = x + 84 + spot % 8 * 79, 462 + spot // 8 * 72
        lamp = (236, 52, 44) if spot in bad and not fixed else (70, 200, 120) if fixed else (120, 132, 128)
        pen.rect(left - 24, top - 24, 48, 48, tone(case, 0.86), 6)
        pen.oval(left, top, 18, 18, lamp, DARK, 3)
    for spot in range(5):
        pen.rect(x + 60 + spot * 124, 758, 96, 54, tone(case, 0.7), 6)
        pen.rect(x + 60 + spot * 124, 754, 96, 50, tone(case, 1.1), 6)
    if fixed:
        pen.rect(x + 756, 300, 150, 210, WHITE, 6, STEEL, 4)
        pen.text(x + 831, 340, "值班表", 34)
        for y in (384, 416, 448, 480):
            pen.line([(x + 776, y), (x + 884, y)], (120, 140, 130), 5)
    else:
        pen.ring(x + 585, 292, 166, 150)


@scene
def gate(pen, fixed):
    pen.outdoors(330)
    pen.house(330 + pen.shift, 120, 620, 330, (226, 212, 188))
    pen.poly([(420, 470), (860, 470), (1100, HEIGHT), (180, HEIGHT)], tone(CONCRETE, 1.08))
    bar = (58, 74, 96)
    for x in (60, 1100):
        pen.rect(x, 150, 120, 700, (176, 128, 108))
        pen.rect(x - 14, 120, 148, 40, (196, 150, 128))
        for y in range(180, 850, 50):
            pen.line([(x, y), (x + 120, y)], (150, 104, 88), 3)
    if fixed:
        for hinge, edge in ((180, 60), (1100, 1220)):
            for step in range(7):
                x = hinge + (edge - hinge) * step / 6
                rise = 40 * step / 6
                pen.line([(x, 240 - rise), (x, 820 + rise * 1.2)], bar, 11)
            for y, spread in ((260, -40), (520, 4), (800, 48)):
                pen.line([(hinge, y), (edge, y + spread)], bar, 13)
        pen.rect(930, 400, 130, 190, DARK, 12)
        pen.rect(948, 420, 94, 70, (30, 64, 56), 6)
        pen.text(995, 455, "门禁", 32, (130, 240, 170))
        pen.oval(995, 545, 24, 24, (60, 220, 120))
        pen.line([(1060, 500), (1100, 500)], DARK, 14)
        pen.poly([(600, 560), (680, 560), (680, 700), (740, 700), (640, 800), (540, 700), (600, 700)], (40, 168, 100))
        return
    for x in [*range(205, 640, 62), *range(668, 1100, 62)]:
        pen.line([(x, 230), (x, 830)], bar, 13)
        pen.poly([(x - 14, 232), (x + 14, 232), (x, 190)], tone(bar, 1.2))
    for y in (270, 520, 800):
        pen.line([(180, y), (632, y)], bar, 17)
        pen.line([(648, y), (1100, y)], bar, 17)
    for step in range(11):
        angle = step / 10
        y = 520 + 70 * math.sin(angle * math.pi)
        pen.oval(515 + 250 * angle, y, 22, 15, outline=(206, 180, 96), width=7)
    pen.arc(640, 610, 46, 56, 180, 360, (150, 156, 164), 18)
    pen.rect(572, 610, 136, 120, (214, 166, 54), 14)
    pen.rect(584, 620, 30, 100, (240, 206, 110), 8)
    pen.oval(640, 660, 16, 16, INK)
    pen.rect(634, 660, 12, 40, INK)
    pen.ring(640, 610, 190, 180)


# --- Electricity and gas ----------------------------------------------------------------------------------------------


def _outlet(pen, x, y, size=120):
    pen.rect(x + 4, y + 6, size, size, (0, 0, 0, 50), 10)
    pen.rect(x, y, size, size, (246, 246, 242), 10, (206, 206, 200), 3)
    for dx in (0.34, 0.66):
        pen.rect(x + size * dx - 5, y + size * 0.24, 10, size * 0.2, DARK, 3)
    pen.line([(x + size * 0.36, y + size * 0.74), (x + size * 0.46, y + size * 0.58)], DARK, 8)
    pen.line([(x + size * 0.64, y + size * 0.74), (x + size * 0.54, y + size * 0.58)], DARK, 8)


@scene
def socket(pen, fixed):
    pen.backdrop(640)
    x = 240 + pen.shift
    if fixed:
        pen.rect(0, 176, x + 150, 22, (238, 238, 234), 6, (200, 200, 196), 2)
        pen.rect(x + 128, 176, 22, 190, (238, 238, 234), 4, (200, 200, 196), 2)
        for left in (x + 60, x + 300, x + 540):
            _outlet(pen, left, 350, 170)
        pen.rect(x + 128, 176, 560, 22, (238, 238, 234), 6, (200, 200, 196), 2)
        for left in (x + 374, x + 614):
            pen.rect(left, 176, 22, 180, (238, 238, 234), 4, (200, 200, 196), 2)
        pen.rect(x + 345, 396, 80, 96, (60, 64, 70), 14)
        pen.curve((x + 385, 490), (x + 385, 640), (x + 480, 690), (x + 640, 700), (60, 64, 70), 13)
        pen.rect(x + 620, 600, 230, 200, (222, 228, 232), 20, (186, 192, 198), 4)
        pen.oval(x + 735, 700, 66, 66, (120, 150, 170))
        pen.plate(x + 740, 120, 150, 78, (238, 180, 36), "安全用电", 32)
        return
    _outlet(pen, x + 40, 230, 150)
    pen.oval(x + 120, 250, 120, 96, (40, 30, 20, 70))
    pen.rect(x + 70, 262, 90, 84, (40, 40, 44), 12)
    pen.shadow(x + 470, 742, 360, 36)
    pen.poly([(x + 130, 690), (x + 800, 650), (x + 820, 720), (x + 140, 764)], (238, 236, 228))
    pen.poly([(x + 140, 764), (x + 820, 720), (x + 820, 744), (x + 140, 790)], (190, 188, 180))
    colours = [(30, 30, 34), (206, 60, 50), (40, 96, 180), (230, 170, 40), (60, 140, 90), (120, 60, 140)]
    for spot, colour in enumerate(colours):
        left, top = x + 168 + spot * 106, 652 - spot * 7
        pen.rect(left, top, 74, 76, tone(colour, 1.1), 12)
        end = (x + pen.rng.randint(-180, 900), pen.rng.choice([30, 820, 850, 70]))
        bend = [(pen.rng.randint(x - 60, x + 860), pen.rng.randint(260, 840)) for _ in range(2)]
        pen.curve((left + 37, top), (left + 37, top - 260), bend[0], (bend[1][0], bend[1][1]), colour, 12)
        pen.curve(bend[1], (bend[1][0] + 160, 420), (end[0] - 100, 520), end, colour, 12)
    pen.curve((x + 115, 340), (x + 60, 620), (x - 90, 780), (x + 150, 740), (30, 30, 34), 14)
    for dx, dy, size in ((0, 0, 34), (30, -66, 46), (-6, -140, 60)):
        pen.oval(x + 640 + dx, 590 + dy, size, size * 0.8, (90, 90, 96, 80))
    pen.poly(
        [(x + 640, 560), (x + 606, 630), (x + 634, 626), (x + 616, 690), (x + 668, 606), (x + 640, 610)], (255, 214, 60)
    )
    pen.ring(x + 470, 660, 420, 170)


@scene
def switchboard(pen, fixed):
    pen.backdrop(800)
    x, case = 390 + pen.shift, (196, 202, 206)
    pen.rect(x + 210, 0, 56, 110, (206, 210, 212), 4, (170, 174, 178), 3)
    pen.rect(x + 14, 124, 480, 600, (0, 0, 0, 50), 8)
    pen.rect(x, 104, 480, 600, case, 8, tone(case, 0.7), 5)
    if fixed:
        pen.rect(x + 22, 126, 436, 556, tone(case, 1.07), 6, tone(case, 0.8), 4)
        pen.poly([(x + 240, 196), (x + 100, 436), (x + 380, 436)], (244, 200, 40))
        pen.line([(x + 240, 204), (x + 108, 431), (x + 372, 431), (x + 240, 204)], INK, 12)
        bolt = [(256, 262), (204, 356), (240, 352), (222, 414), (284, 326), (246, 330)]
        pen.poly([(x + dx, y) for dx, y in bolt], INK)
        pen.text(x + 240, 486, "有电危险", 56, (60, 50, 20))
        pen.rect(x + 398, 548, 34, 70, DARK, 6)
        pen.arc(x + 415, 610, 20, 26, 180, 360, STEEL, 9)
        pen.rect(x + 386, 610, 58, 52, (214, 166, 54), 8)
        pen.rect(x + 60, 560, 180, 92, WHITE, 4, GREEN, 5)
        pen.line([(x + 120, 604), (x + 144, 630), (x + 190, 580)], GREEN, 12)
        pen.poly([(x - 160, 800), (x + 640, 800), (x + 760, 870), (x - 280, 870)], (60, 66, 62))
        return
    pen.rect(x + 24, 128, 432, 552, (74, 80, 88))
    for row in range(2):
        for spot in range(6):
            left, top = x + 46 + spot * 66, 190 + row * 200
            pen.rect(left, top, 56, 130, (236, 236, 232), 4)
            pen.rect(left + 16, top + (34 if (spot + row) % 3 else 66), 24, 36, INK, 4)
    for colour in ((206, 50, 44), (230, 180, 40), (50, 110, 190), (60, 150, 90), (206, 50, 44)):
        start = (x + pen.rng.randint(60, 420), pen.rng.choice([320, 520]))
        middle = (x + pen.rng.randint(-60, 500), pen.rng.randint(560, 700))
        pen.curve(start, (start[0], start[1] + 130), middle, (x + pen.rng.randint(-190, 330), 850), colour, 12)
    pen.poly([(x, 104), (x - 230, 56), (x - 230, 790), (x, 704)], tone(case, 0.84))
    pen.poly([(x - 24, 130), (x - 206, 92), (x - 206, 748), (x - 24, 680)], tone(case, 0.96))
    pen.shadow(x + 590, 850, 190, 26)
    pen.rect(x + 500, 640, 200, 206, CARDBOARD, 4)
    pen.rect(x + 586, 640, 28, 206, tone(CARDBOARD, 1.16))
    pen.line([(x + 720, 850), (x + 640, 330)], tone(WOOD, 0.9), 16)
    pen.oval(x + 722, 842, 66, 26, (196, 196, 190))
    pen.ring(x + 220, 580, 260, 220)


@scene
def ebike(pen, fixed):
    pen.backdrop(640)
    x = pen.shift
    for step in range(8):  # the stairs behind
        top = 580 - step * 66
        pen.poly(
            [(800 + x + step * 52, top), (1290, top), (1290, top + 70), (800 + x + step * 52, top + 70)],
            tone((176, 174, 170), 1.02 - step * 0.05),
        )
        pen.rect(800 + x + step * 52, top, 490, 12, (212, 210, 206))
    pen.line([(780 + x, 470), (1200 + x, -60)], tone(pen.accent, 0.9), 18)
    pen.line([(790 + x, 470), (790 + x, 650)], tone(pen.accent, 0.8), 14)
    if fixed:
        for left in (220 + x, 470 + x, 720 + x):
            pen.shadow(left + 24, 806, 60, 16)
            pen.tube(left, 560, 48, 246, (240, 196, 40))
            for top in (600, 690):
                pen.rect(left, top, 48, 34, INK)
        pen.oval(410 + x, 270, 150, 150, WHITE, RED, 26)
        pen.oval(350 + x, 310, 36, 36, outline=INK, width=9)
        pen.oval(470 + x, 310, 36, 36, outline=INK, width=9)
        pen.line([(350 + x, 310), (400 + x, 300), (456 + x, 240), (436 + x, 232)], INK, 10)
        pen.line([(456 + x, 240), (470 + x, 310)], INK, 10)
        pen.line([(304 + x, 376), (516 + x, 164)], RED, 24)
        pen.text(410 + x, 470, "楼内禁止停放充电", 44, RED)
        return
    _outlet(pen, 120 + x, 300, 120)
    pen.rect(146 + x, 330, 68, 66, INK, 8)
    pen.curve((180 + x, 396), (150 + x, 640), (260 + x, 820), (440 + x, 620), INK, 11)
    pen.shadow(500 + x, 806, 400, 34)
    for wheel in (280, 760):
        pen.oval(wheel + x, 690, 112, 112, (40, 40, 44))
        pen.oval(wheel + x, 690, 76, 76, (150, 156, 162))
        pen.oval(wheel + x, 690, 20, 20, DARK)
    body = tone(pen.accent, 1.05)
    pen.poly([(250 + x, 600), (330 + x, 500), (560 + x, 500), (600 + x, 640), (420 + x, 690), (300 + x, 660)], body)
    pen.poly([(580 + x, 650), (640 + x, 420), (710 + x, 420), (720 + x, 600), (660 + x, 660)], tone(body, 0.9))
    pen.line([(420 + x, 670), (640 + x, 660)], DARK, 26)
    pen.rect(290 + x, 460, 270, 50, INK, 22)
    pen.line([(676 + x, 430), (650 + x, 320), (580 + x, 300)], DARK, 18)
    pen.oval(694 + x, 390, 34, 34, (255, 240, 180), DARK, 6)
    pen.line([(730 + x, 600), (760 + x, 690)], DARK, 20)
    pen.rect(400 + x, 590, 90, 60, (220, 60, 50), 8)
    pen.poly(
        [(450 + x, 596), (430 + x, 624), (446 + x, 622), (438 + x, 646), (462 + x, 614), (448 + x, 616)], (255, 220, 60)
    )
    pen.ring(440 + x, 620, 120, 84)


@scene
def gas_alarm(pen, fixed):
    pen.tiles((228, 232, 228), 92, 0, 610)
    x, steel = pen.shift, (176, 182, 188)
    pen.rect(0, 600, WIDTH, 30, tone(steel, 1.2))
    pen.rect(0, 630, WIDTH, 330, steel)
    for left in (40, 350, 660, 970):
        pen.rect(left, 664, 280, 220, tone(steel, 0.9), 6, tone(steel, 0.74), 4)
        pen.rect(left + 100, 684, 80, 14, tone(steel, 0.6), 6)
    pen.poly([(330 + x, 0), (770 + x, 0), (900 + x, 170), (200 + x, 170)], tone(steel, 1.02))
    pen.rect(200 + x, 170, 700, 46, tone(steel, 0.8))
    for burner in (350, 620):
        pen.rect(burner - 110 + x, 560, 220, 44, (60, 62, 68), 8)
        pen.line([(burner - 96 + x, 552), (burner + 96 + x, 552)], INK, 12)
    pen.oval(350 + x, 484, 120, 30, tone(steel, 0.62))
    pen.rect(230 + x, 484, 240, 70, tone(steel, 0.8), 26)
    pen.line([(470 + x, 500), (580 + x, 480)], INK, 18)
    for step in range(-3, 4):
        pen.poly(
            [(620 + x + step * 26 - 11, 552), (620 + x + step * 26 + 11, 552), (620 + x + step * 26, 500)],
            (70, 140, 236),
        )
    pipe = (232, 186, 44)
    pen.line([(1190, 0), (1190, 560)], pipe, 30)
    pen.line([(1198, 0), (1198, 560)], tone(pipe, 0.8), 8)
    alarm = 960 + x // 3
    if fixed:
        pen.line([(1190, 556), (1060, 556), (800 + x, 586)], STEEL, 26)
        for step in range(14):
            left = 830 + x + step * 18
            pen.line([(left, 566), (left + 4, 590)], tone(STEEL, 0.7), 4)
        pen.rect(1150, 360, 84, 100, (206, 60, 50), 10)
        pen.oval(1192, 410, 34, 34, (240, 220, 90), DARK, 5)
        pen.rect(alarm + 6, 190 + 44, 190, 210, (0, 0, 0, 46), 20)
        pen.rect(alarm, 224, 190, 210, WHITE, 20, (200, 206, 206), 4)
        pen.oval(alarm + 95, 300, 40, 40, (54, 206, 118))
        pen.oval(alarm + 84, 288, 12, 10, (220, 255, 230))
        for y in (366, 384, 402):
            pen.line([(alarm + 46, y), (alarm + 144, y)], (150, 156, 156), 6)
        pen.line([(alarm + 190, 330), (1150, 400)], (120, 126, 130), 8)
        pen.text(alarm + 95, 462, "燃气报警 正常", 30, (24, 110, 66))
        return
    pen.curve((1190, 556), (1080, 760), (960 + x, 480), (730 + x, 590), (222, 120, 40), 26)
    for spot in (0.28, 0.5, 0.62, 0.75):
        cx = 1190 + (730 + x - 1190) * spot
        pen.line([(cx - 8, 585), (cx + 10, 640)], (110, 50, 20), 5)
    pen.poly([(alarm + 20, 250), (alarm + 200, 216), (alarm + 238, 410), (alarm + 56, 446)], (188, 186, 176))
    pen.poly([(alarm + 36, 264), (alarm + 188, 236), (alarm + 218, 398), (alarm + 68, 428)], (206, 204, 194))
    pen.oval(alarm + 122, 312, 38, 38, (70, 72, 76))
    pen.line([(alarm + 96, 286), (alarm + 148, 338)], RED, 9)
    pen.line([(alarm + 148, 286), (alarm + 96, 338)], RED, 9)
    pen.curve((alarm + 110, 180), (alarm + 60, 210), (alarm + 200, 200), (alarm + 110, 236), INK, 8)
    pen.curve((alarm + 150, 430), (alarm + 190, 520), (alarm + 90, 500), (alarm + 130, 560), (200, 40, 40), 7)
    pen.ring(alarm + 126, 330, 168, 160)


@scene
def boiler(pen, fixed):
    pen.backdrop(760)
    x, body = 190 + pen.shift, tone(pen.accent, 1.12)
    pen.line([(x + 160, 260), (x + 160, -20)], STEEL, 60)
    pen.line([(x + 176, 260), (x + 176, -20)], tone(STEEL, 0.8), 20)
    pen.shadow(x + 330, 830, 420, 34)
    for left in (x + 80, x + 500):
        pen.rect(left, 700, 70, 130, DARK, 4)
    pen.rect(x, 250, 650, 480, tone(body, 0.72), 120)
    pen.rect(x, 250, 650, 400, body, 120)
    pen.rect(x + 60, 290, 530, 60, tone(body, 1.25), 30)
    for left in (x + 170, x + 480):
        pen.rect(left, 250, 14, 480, tone(body, 0.6))
    pen.oval(x + 330, 560, 110, 110, tone(body, 0.5), DARK, 8)
    pen.oval(x + 330, 560, 70, 70, (255, 170, 60) if fixed else (60, 50, 46))
    pen.line([(x + 640, 420), (x + 760, 420)], STEEL, 30)
    pen.line([(x + 560, 260), (x + 560, 150), (x + 760, 150)], (196, 60, 50), 26)
    pen.gauge(x + 830, 380, 170, fixed)
    if fixed:
        pen.plate(x + 700, 610, 260, 96, GREEN, "已校验", 50)
        pen.poly([(0, 846), (WIDTH, 846), (WIDTH, 860), (0, 860)], (238, 196, 52))
        return
    for dx, dy, size in ((0, 0, 40), (40, -50, 56), (-20, -96, 66), (60, -130, 76)):
        pen.oval(x + 600 + dx, 210 + dy, size, size * 0.7, (240, 240, 240, 130))
    pen.oval(x + 120, 690, 90, 40, (130, 70, 30, 110))
    pen.oval(x + 440, 716, 130, 22, (130, 70, 30, 120))
    pen.oval(x + 470, 836, 190, 22, (90, 110, 130, 110))
    pen.ring(x + 830, 380, 204, 200)


# --- Rooms and care ---------------------------------------------------------------------------------------------------


@scene
def handrail(pen, fixed):
    pen.tiles(mix(pen.wall, (210, 226, 230), 0.6), 104, 0, 650)
    floor = (170, 184, 188)
    pen.rect(0, 650, WIDTH, 310, floor)
    for x in range(-900, 2300, 150):
        pen.line([(640 + (x - 640) * 0.5, 650), (x, HEIGHT)], tone(floor, 0.86), 2)
    for y in (690, 750, 830):
        pen.line([(0, y), (WIDTH, y)], tone(floor, 0.86), 2)
    x = 150 + pen.shift
    pen.shadow(x + 190, 830, 210, 30)
    pen.rect(x + 50, 330, 280, 210, WHITE, 22, (206, 210, 212), 4)
    pen.rect(x + 160, 344, 60, 22, STEEL, 8)
    pen.poly([(x + 90, 600), (x + 300, 600), (x + 270, 826), (x + 120, 826)], (236, 238, 240))
    pen.oval(x + 190, 596, 170, 58, WHITE, (206, 210, 212), 5)
    pen.oval(x + 190, 596, 120, 36, (196, 206, 212))
    rail = (232, 148, 44)
    if fixed:
        pen.line([(x + 470, 200), (x + 470, 520), (x + 920, 520)], (0, 0, 0, 40), 40)
        pen.line([(x + 462, 190), (x + 462, 506), (x + 910, 506)], rail, 38)
        pen.line([(x + 454, 190), (x + 454, 496), (x + 906, 496)], tone(rail, 1.2), 9)
        for cx, cy in ((462, 190), (462, 506), (910, 506)):
            pen.oval(x + cx, cy, 40, 40, WHITE, STEEL, 5)
            pen.oval(x + cx, cy, 22, 22, rail)
        pen.poly([(x + 440, 700), (x + 940, 700), (x + 1010, 842), (x + 400, 842)], (64, 128, 176))
        for step in range(1, 9):
            left = x + 440 + step * 56
            pen.line([(left, 704), (x + 400 + step * 68, 838)], (96, 160, 204), 7)
        pen.oval(x + 1010, 300, 44, 44, (206, 60, 50), WHITE, 8)
        pen.text(x + 1010, 374, "呼叫", 32)
        return
    for cx, cy in ((462, 190), (462, 506), (910, 506)):
        pen.oval(x + cx, cy, 34, 34, (150, 140, 130))
        pen.oval(x + cx + 6, cy + 4, 12, 12, (40, 36, 34))
    pen.line([(x + 470, 204), (x + 540, 520), (x + 960, 700)], (0, 0, 0, 44), 40)
    pen.line([(x + 462, 190), (x + 534, 500), (x + 950, 676)], rail, 38)
    pen.line([(x + 455, 196), (x + 528, 492), (x + 944, 664)], tone(rail, 1.2), 9)
    pen.line([(x + 890, 520), (x + 930, 560), (x + 900, 590)], (120, 112, 104), 6)
    pen.oval(x + 700, 800, 260, 44, (120, 160, 190, 150))
    pen.oval(x + 650, 790, 120, 16, (226, 240, 250, 150))
    pen.oval(x + 1010, 830, 70, 16, (120, 160, 190, 150))
    pen.ring(x + 880, 580, 150, 150)


@scene
def bed(pen, fixed):
    pen.backdrop(640)
    x = 200 + pen.shift
    pen.rect(x - 120, 60, 300, 330, (236, 240, 242), 4, (180, 150, 110), 14)
    pen.rect(x - 106, 74, 130, 302, (186, 214, 232))
    pen.rect(x + 36, 74, 130, 302, (176, 206, 226))
    pen.shadow(x + 430, 840, 480, 34)
    frame, sheet = (196, 202, 208), (238, 242, 246)
    for left in (x + 30, x + 800):
        pen.rect(left, 640, 30, 196, tone(frame, 0.8), 4)
        pen.oval(left + 15, 838, 22, 16, DARK)
    pen.rect(x - 6, 420, 44, 320, tone(WOOD, 1.05), 14)
    pen.rect(x + 830, 480, 44, 260, tone(WOOD, 0.95), 14)
    pen.rect(x + 26, 596, 816, 90, sheet, 22)
    pen.rect(x + 26, 660, 816, 34, tone(frame, 0.9), 6)
    pen.rect(x + 60, 540, 210, 80, WHITE, 34, (214, 220, 226), 4)
    blanket = mix(pen.accent, (236, 236, 236), 0.25)
    if fixed:
        pen.rect(x + 300, 560, 530, 110, blanket, 24)
        pen.rect(x + 300, 560, 530, 30, tone(blanket, 1.22), 14)
        rail = (86, 136, 190)
        pen.rect(x + 330, 450, 430, 24, rail, 12)
        pen.rect(x + 330, 640, 430, 20, rail, 10)
        for left in range(x + 340, x + 770, 68):
            pen.rect(left, 452, 16, 200, rail, 8)
        pen.line([(x + 40, 250), (x + 40, 330), (x + 190, 470)], (236, 236, 232), 8)
        pen.rect(x + 176, 450, 44, 76, (60, 190, 110), 14)
        pen.oval(x + 198, 476, 12, 12, WHITE)
        pen.plate(x + 380, 200, 260, 96, BLUE, "防坠床", 52)
        pen.poly([(x + 160, 800), (x + 760, 800), (x + 840, 866), (x + 90, 866)], (96, 150, 130))
        return
    wave = [(x + 330 + step * 42, 560 - 20 * (step % 2)) for step in range(11)]
    pen.poly([*wave, (x + 800, 690), (x + 690, 806), (x + 560, 850), (x + 450, 800), (x + 380, 690)], blanket)
    for step in range(4):
        pen.line([(x + 430 + step * 80, 590), (x + 470 + step * 66, 790)], tone(blanket, 0.8), 8)
    pen.rect(x + 900, 560, 180, 290, tone(WOOD, 0.9), 6)
    pen.rect(x + 900, 560, 180, 26, tone(WOOD, 1.12), 4)
    pen.tube(x + 940, 400, 96, 160, (196, 60, 54), 20)
    pen.rect(x + 962, 364, 52, 40, (236, 220, 190), 10)
    for dx in (-12, 14):
        pen.curve(
            (x + 988 + dx, 350), (x + 960 + dx, 310), (x + 1020 + dx, 280), (x + 990 + dx, 230), (255, 255, 255, 160), 9
        )
    pen.line([(x + 40, 250), (x + 30, 420), (x - 60, 700), (x - 30, 810)], (220, 216, 206), 8)
    pen.rect(x - 46, 800, 34, 60, (110, 110, 110), 12)
    pen.ring(x + 560, 680, 320, 190)


@scene
def window(pen, fixed):
    pen.backdrop(800)
    x, frame = 300 + pen.shift, (236, 240, 242)
    pen.rect(x - 20, 80, 700, 590, tone(pen.wall, 0.76), 4)
    for band in range(8):
        pen.rect(x, 100 + band * 69, 660, 70, mix((168, 204, 234), (222, 236, 240), band / 8))
    pen.poly(
        [(x, 520), (x + 180, 440), (x + 360, 510), (x + 520, 450), (x + 660, 500), (x + 660, 650), (x, 650)],
        (132, 164, 112),
    )
    pen.rect(x - 40, 650, 740, 40, (226, 222, 214), 4)
    for left in (x, x + 330):
        if fixed or left == x:
            pen.rect(left, 100, 330, 550, None, 2, frame, 22)
            pen.rect(left + 20, 120, 290, 510, None, 0, tone(frame, 0.75), 3)
            pen.line([(left + 60, 330), (left + 190, 170)], (255, 255, 255, 110), 18)
    if fixed:
        for y in (200, 540):
            pen.rect(x + 312, y, 36, 64, STEEL, 6)
            pen.oval(x + 330, y + 32, 9, 9, DARK)
        pen.plate(x + 470, 550, 150, 66, GREEN, "限位", 38)
        return
    tilt = [(x + 350, 130), (x + 700, 70), (x + 780, 640), (x + 430, 704)]
    pen.poly(tilt, (196, 220, 232, 150))
    pen.line([*tilt, tilt[0]], (0, 0, 0, 60), 34)
    pen.line([*tilt, tilt[0]], frame, 26)
    pen.line([(x + 520, 420), (x + 600, 300), (x + 570, 250), (x + 650, 160)], WHITE, 5)
    pen.line([(x + 600, 300), (x + 690, 330)], WHITE, 5)
    for dx, dy in ((0, 0), (70, 26), (-60, 40)):
        pen.oval(x + 450 + dx, 800 + dy, 12, 8, DARK)
        pen.line([(x + 456 + dx, 802 + dy), (x + 484 + dx, 812 + dy)], STEEL, 7)
    pen.ring(x + 400, 640, 150, 120)


@scene
def wall_crack(pen, fixed):
    pen.backdrop(770)
    x = 400 + pen.shift
    pen.rect(60, 140, 240, 400, (176, 200, 214), 4, (236, 240, 242), 18)
    pen.line([(180, 150), (180, 530)], (236, 240, 242), 14)
    pen.rect(44, 540, 272, 28, (224, 220, 212), 4)
    path, side = [(x + 590, 40)], 1
    for _ in range(11):
        last = path[-1]
        path.append((last[0] - pen.rng.randint(22, 62) + side * 26, last[1] + pen.rng.randint(46, 72)))
        side = -side
    if fixed:
        pen.rect(x + 190, 40, 420, 690, tone(pen.wall, 1.09))
        for y in (110, 290, 470):  # bands of carbon fibre across the old crack
            pen.rect(x + 130, y, 540, 56, (104, 108, 114))
            for left in range(x + 134, x + 650, 26):
                pen.line([(left, y + 54), (left + 20, y + 2)], (124, 130, 136), 4)
        pen.rect(x + 540, 566, 240, 170, WHITE, 6, GREEN, 8)
        pen.text(x + 660, 618, "修复完成", 44, (24, 110, 66))
        pen.line([(x + 620, 676), (x + 648, 706), (x + 704, 652)], GREEN, 14)
        return
    patch = path[5]
    pen.poly(
        [
            (patch[0] + dx, patch[1] + dy)
            for dx, dy in ((-150, -60), (-40, -120), (110, -90), (170, 30), (90, 130), (-90, 110))
        ],
        tone(pen.wall, 0.8),
    )
    pen.poly(
        [
            (patch[0] + dx, patch[1] + dy)
            for dx, dy in ((-134, -52), (-36, -104), (98, -78), (152, 28), (80, 114), (-80, 96))
        ],
        (206, 196, 182),
    )
    for row, dy in enumerate(range(-62, 80, 44)):
        for column in range(-1, 2):
            left = patch[0] - 42 + column * 84 + (row % 2) * 22 - 10
            pen.rect(left - 34, patch[1] + dy, 76, 36, tone((176, 92, 72), pen.rng.uniform(0.88, 1.1)), 3)
    for offset, width, colour in ((7, 15, tone(pen.wall, 0.66)), (0, 13, (46, 40, 38))):
        pen.line([(px + offset, py + offset) for px, py in path], colour, width)
    for spot in (2, 4, 7, 9):
        px, py = path[spot]
        turn = 1 if spot % 4 else -1
        pen.line([(px, py), (px + turn * 70, py + 40), (px + turn * 120, py + 100)], (60, 52, 48), 7)
    for _ in range(16):
        cx, cy, size = pen.rng.randint(x - 60, x + 560), pen.rng.randint(790, 850), pen.rng.randint(10, 34)
        pen.poly(
            [
                (cx - size, cy),
                (cx - size * 0.3, cy - size * 0.7),
                (cx + size, cy - 2),
                (cx + size * 0.4, cy + size * 0.4),
            ],
            tone(pen.wall, pen.rng.uniform(0.7, 0.95)),
        )
    pen.ring(patch[0], patch[1], 220, 190)


@scene
def lift(pen, fixed):
    pen.backdrop(800)
    x, steel = 190 + pen.shift, (196, 202, 208)
    pen.rect(x - 40, 70, 600, 732, (120, 126, 134), 4)
    pen.rect(x, 130, 520, 672, (46, 50, 58))
    gap = 4 if fixed else 70
    for left, width in ((x, 258 - gap), (x + 262 + gap, 258 - gap)):
        pen.rect(left, 130, width, 672, steel)
        for stripe in range(5):
            pen.rect(left + stripe * width / 5, 130, width / 14, 672, tone(steel, 1.1))
        pen.rect(left, 130, 8, 672, tone(steel, 0.8))
    pen.rect(x + 170, 82, 180, 42, (24, 26, 30), 6)
    pen.text(x + 260, 103, "↑ 2" if fixed else "- -", 32, (255, 120, 60))
    for y in (430, 530):
        pen.oval(x + 620, y, 34, 34, (236, 238, 240), DARK, 5)
    pen.poly([(x + 620, 412), (x + 604, 442), (x + 636, 442)], DARK)
    pen.poly([(x + 620, 548), (x + 604, 518), (x + 636, 518)], DARK)
    good = GREEN if fixed else RED
    pen.rect(x + 698, 148, 300, 400, (0, 0, 0, 50), 14)
    pen.rect(x + 690, 136, 300, 400, WHITE, 14, good, 12)
    pen.rect(x + 690, 136, 300, 92, good, 14)
    pen.text(x + 840, 182, "检验标志", 50, WHITE)
    for y, length in ((270, 210), (308, 170)):
        pen.line([(x + 730, y), (x + 730 + length, y)], (150, 156, 162), 8)
    pen.text(x + 840, 376, "合格" if fixed else "已过期", 76, good)
    pen.text(x + 840, 476, "下次检验" if fixed else "逾期 60 天", 38, DARK)
    if fixed:
        return
    for y, tilt in ((300, 60), (560, -40)):
        pen.poly([(x - 40, y), (x + 560, y + tilt), (x + 560, y + tilt + 46), (x - 40, y + 46)], (244, 206, 50))
        for step in range(8):
            left, top = x - 20 + step * 76, y + tilt * (step + 0.3) / 8
            pen.poly([(left, top), (left + 30, top + 3), (left + 6, top + 46), (left - 24, top + 43)], INK)
    pen.ring(x + 840, 350, 206, 262)


# --- Food, medicine, stores -------------------------------------------------------------------------------------------


@scene
def fridge(pen, fixed):
    pen.backdrop(850)
    x, case = 280 + pen.shift, (230, 234, 236)
    pen.rect(x + 18, 40, 700, 830, (0, 0, 0, 46), 12)
    pen.rect(x, 20, 700, 850, case, 14, tone(case, 0.78), 5)
    pen.rect(x + 24, 40, 652, 90, (36, 84, 140), 8)
    pen.text(x + 230, 85, "食品留样柜", 50, WHITE)
    pen.rect(x + 500, 52, 150, 66, (16, 22, 26), 6)
    pen.text(x + 575, 85, "4℃" if fixed else "--", 46, (90, 240, 160) if fixed else (255, 80, 70))
    pen.rect(x + 30, 150, 640, 690, (196, 216, 228))
    pen.rect(x + 40, 160, 620, 670, (222, 236, 244) if fixed else (206, 212, 214))
    shelves = (372, 596, 820)
    for y in shelves:
        pen.rect(x + 40, y, 620, 14, (150, 164, 174))
    foods = [
        (206, 96, 60),
        (120, 160, 80),
        (226, 190, 90),
        (170, 110, 70),
        (236, 226, 206),
        (150, 60, 50),
        (90, 140, 110),
        (214, 150, 120),
    ]
    if fixed:
        for row, y in enumerate(shelves):
            for column in range(4):
                left = x + 66 + column * 148
                food = foods[(row * 3 + column) % len(foods)]
                pen.rect(left, y - 150, 128, 150, (246, 250, 252), 10, (176, 190, 200), 4)
                pen.rect(left + 10, y - 66, 108, 58, food, 8)
                pen.rect(left + 14, y - 138, 100, 62, WHITE, 4, BLUE, 4)
                for dy in (-122, -106, -92):
                    pen.line([(left + 28, y + dy), (left + 98, y + dy)], (90, 100, 112), 5)
        return
    for left, y, food in ((x + 90, shelves[0], foods[0]), (x + 420, shelves[1], foods[2])):
        pen.poly([(left, y - 84), (left + 190, y - 84), (left + 150, y), (left + 40, y)], (240, 240, 236))
        pen.oval(left + 95, y - 84, 95, 26, food)
    pen.poly([(x + 180, 596), (x + 210, 500), (x + 330, 490), (x + 352, 596)], (236, 236, 240, 200))
    pen.line([(x + 250, 494), (x + 264, 460), (x + 292, 492)], (200, 200, 206), 8)
    pen.rect(x + 110, 700, 230, 120, (196, 80, 60), 50)
    pen.oval(x + 470, 800, 120, 26, (150, 110, 70, 150))
    pen.curve((x + 470, 610), (x + 460, 680), (x + 500, 720), (x + 470, 790), (150, 110, 70, 170), 12)
    pen.ring(x + 330, 490, 310, 160)


def _board(pen, x, y, colour, words):
    pen.rect(x + 8, y + 10, 190, 300, (0, 0, 0, 50), 24)
    pen.rect(x, y, 190, 300, colour, 24)
    pen.rect(x + 12, y + 12, 166, 276, tone(colour, 1.12), 18)
    pen.oval(x + 95, y + 40, 16, 16, tone(colour, 0.5))
    pen.text(x + 95, y + 190, words, 62, WHITE)


@scene
def boards(pen, fixed):
    pen.tiles((232, 234, 228), 96, 0, 560)
    x, top = pen.shift, (176, 182, 188)
    pen.poly([(0, 560), (WIDTH, 560), (WIDTH, HEIGHT), (0, HEIGHT)], top)
    pen.rect(0, 556, WIDTH, 18, tone(top, 1.2))
    for y in (650, 760):
        pen.line([(0, y), (WIDTH, y)], tone(top, 1.05), 5)
    if fixed:
        pen.rect(130 + x, 500, 800, 34, DARK, 8)
        pen.rect(130 + x, 590, 800, 34, tone(DARK, 0.8), 8)
        for spot, (colour, words) in enumerate(
            (((196, 54, 50), "生肉"), ((46, 140, 80), "蔬菜"), ((48, 104, 180), "熟食"))
        ):
            _board(pen, 200 + x + spot * 240, 236, colour, words)
        pen.rect(130 + x, 540, 800, 60, tone(DARK, 1.3), 8)
        pen.rect(960 + x, 120, 230, 60, (60, 64, 70), 6)
        for spot in range(3):
            left = 990 + x + spot * 66
            pen.poly([(left, 180), (left + 44, 180), (left + 44, 380), (left, 340)], (222, 228, 232))
            pen.rect(left + 6, 96, 30, 60, INK, 8)
        pen.shadow(430 + x, 790, 260, 26)
        pen.oval(430 + x, 740, 250, 60, WHITE, (200, 206, 210), 6)
        pen.oval(430 + x, 700, 230, 110, (206, 224, 236, 130), (186, 200, 210), 5)
        pen.oval(430 + x, 592, 20, 16, DARK)
        for dx, dy in ((-70, 20), (0, 0), (70, 24), (30, 40)):
            pen.oval(430 + x + dx, 716 + dy, 44, 22, (96, 160, 84))
        return
    pen.shadow(600 + x, 780, 520, 50)
    pen.poly([(210 + x, 580), (1010 + x, 580), (1110 + x, 790), (110 + x, 790)], (206, 168, 116))
    pen.poly([(110 + x, 790), (1110 + x, 790), (1110 + x, 826), (110 + x, 826)], (160, 122, 78))
    for step in range(9):
        pen.line([(250 + x + step * 84, 590), (190 + x + step * 104, 784)], (186, 146, 96), 4)
    pen.oval(380 + x, 690, 190, 74, (176, 40, 44))
    pen.oval(360 + x, 672, 130, 44, (206, 84, 80))
    pen.oval(410 + x, 690, 40, 16, (240, 214, 200))
    pen.oval(500 + x, 764, 120, 14, (150, 30, 34, 150))
    for dx, dy in ((0, 0), (76, -20), (140, 16), (60, 44), (-20, 54)):
        pen.oval(740 + x + dx, 660 + dy, 60, 34, (110, 168, 84))
        pen.oval(746 + x + dx, 652 + dy, 30, 14, (150, 200, 116))
    pen.oval(960 + x, 740, 90, 40, (236, 190, 110))
    pen.oval(960 + x, 732, 60, 22, (250, 220, 160))
    pen.poly([(520 + x, 620), (820 + x, 480), (850 + x, 540), (570 + x, 670)], (220, 226, 230))
    pen.line([(840 + x, 506), (960 + x, 440)], INK, 36)
    for _ in range(7):
        fx, fy = pen.rng.randint(220, 980) + x, pen.rng.randint(290, 600)
        pen.oval(fx, fy, 13, 9, INK)
        pen.oval(fx - 10, fy - 12, 13, 7, (90, 96, 104, 150))
        pen.oval(fx + 10, fy - 12, 13, 7, (90, 96, 104, 150))
    pen.ring(480 + x, 690, 330, 130)


def _drug(pen, left, bottom, w, h, colour, label):
    pen.rect(left, bottom - h, w, h, colour, 6)
    pen.rect(left, bottom - h, w * 0.16, h, tone(colour, 1.2), 6)
    if label:
        pen.rect(left + w * 0.2, bottom - h * 0.66, w * 0.62, h * 0.42, WHITE, 3)
        pen.line([(left + w * 0.3, bottom - h * 0.45), (left + w * 0.7, bottom - h * 0.45)], DARK, 4)


@scene
def medicine(pen, fixed):
    pen.backdrop(820)
    x, case = 300 + pen.shift, (240, 242, 242)
    pen.rect(x + 14, 84, 660, 720, (0, 0, 0, 46), 8)
    pen.rect(x, 64, 660, 740, case, 8, (196, 202, 206), 5)
    pen.rect(x + 26, 140, 608, 640, (212, 222, 226))
    pen.rect(x + 300, 76, 60, 52, WHITE)
    pen.rect(x + 321, 80, 18, 44, (206, 50, 50))
    pen.rect(x + 308, 93, 44, 18, (206, 50, 50))
    shelves = (340, 550, 772)
    for y in shelves:
        pen.rect(x + 26, y, 608, 14, (170, 180, 186))
    colours = [(206, 96, 84), (84, 140, 190), (232, 190, 90), (110, 168, 120), (160, 120, 180), (226, 140, 80)]
    if fixed:
        for row, y in enumerate(shelves):
            for spot in range(5):
                _drug(pen, x + 48 + spot * 116, y, 98, 138, colours[(row + spot) % 6], True)
        for left in (x + 8, x + 334):
            pen.rect(left, 136, 318, 652, (190, 220, 234, 60), 4, (150, 164, 172), 8)
            pen.line([(left + 60, 300), (left + 150, 190)], (255, 255, 255, 150), 12)
        pen.arc(x + 330, 470, 30, 40, 180, 360, STEEL, 12)
        pen.rect(x + 286, 470, 88, 78, (214, 166, 54), 10)
        pen.oval(x + 330, 500, 10, 10, INK)
        pen.plate(x + 690, 320, 190, 120, GREEN, "专人保管", 38)
        return
    for y in shelves:
        left = x + 44
        while left < x + 540:
            w, h = pen.rng.randint(50, 110), pen.rng.randint(50, 140)
            if pen.rng.random() < 0.4:
                pen.rect(left, y - w * 0.7, h, w * 0.7, pen.rng.choice(colours), 6)
                left += h + 6
            else:
                _drug(pen, left, y, w, h, pen.rng.choice(colours), False)
                left += w + pen.rng.randint(2, 30)
    for side, edge in ((x, x - 190), (x + 660, x + 850)):
        pen.poly([(side, 136), (edge, 84), (edge, 850), (side, 788)], (200, 222, 230, 190))
        pen.line([(side, 136), (edge, 84), (edge, 850), (side, 788)], (150, 164, 172), 12)
    pen.tube(x + 120, 780, 54, 76, (240, 160, 60), 12)
    for dx in (0, 34, 70, 96, 130):
        pen.oval(x + 230 + dx, 838 - dx % 3 * 9, 15, 9, WHITE, (180, 180, 180), 2)
    pen.ring(x + 330, 460, 330, 170)


@scene
def storeroom(pen, fixed):
    view = View(pen, middle=(640 + pen.shift, 330), eye=1.6)
    view.room(2.4, 2.8, 7)
    frame = (92, 118, 150)
    for x in (-2.3, 0.9) if fixed else (-2.3,):
        for level in (0.12, 0.8, 1.48, 2.16):
            view.box(x, level, 5.6, 1.4, 0.07, 1.0, frame)
            if level < 2:
                for spot in range(3):
                    if fixed:
                        view.box(
                            x + 0.06 + spot * 0.44,
                            level + 0.07,
                            5.7,
                            0.38,
                            0.44,
                            0.6,
                            tone(CARDBOARD, 1 - spot % 2 * 0.1),
                        )
                        view.front(
                            x + 0.14 + spot * 0.44, x + 0.36 + spot * 0.44, level + 0.2, level + 0.38, 5.7, WHITE
                        )
                    elif pen.rng.random() < 0.5:
                        view.carton(x + 0.06 + spot * 0.44, level + 0.07, 5.7, 0.36, pen.rng.uniform(0.2, 0.5), 0.5)
        for post in (x, x + 1.34):
            view.box(post, 0, 5.58, 0.06, 2.3, 0.06, tone(frame, 0.8))
    lamp = view.at(0, 2.79, 4)
    pen.rect(lamp[0] - 130, lamp[1], 260, 24, (255, 255, 246), 6)
    if fixed:
        view.ground(-0.6, 0.6, 3.0, 6.9, (240, 206, 70, 60))
        view.side(2.39, 4.0, 4.9, 0.9, 1.9, WHITE)
        left, top = view.at(0, 2.1, 7)
        pen.plate(left - 100, top, 200, 80, GREEN, "离地离墙", 40)
        return
    heap = [
        (-0.2, 0, 6.0, 1.0, 0.7, 0.7),
        (0.9, 0, 5.8, 1.1, 0.8, 0.7),
        (0.2, 0.7, 6.0, 0.9, 0.6, 0.6),
        (1.2, 0.8, 5.8, 0.8, 0.7, 0.6),
    ]
    heap += [
        (-1.1, 0, 4.8, 0.9, 0.55, 0.7),
        (0.0, 0, 4.5, 0.8, 0.6, 0.7),
        (0.95, 0, 4.3, 0.9, 0.7, 0.7),
        (0.1, 0.6, 4.5, 0.6, 0.45, 0.5),
    ]
    for item in heap:
        view.carton(*item)
    for x, z, colour in ((-1.5, 4.1, (90, 130, 180)), (-0.6, 3.9, (190, 90, 80))):
        left, top = view.at(x, 0, z)
        pen.oval(left, top - 40, 150, 74, colour)
        pen.oval(left - 20, top - 60, 90, 36, tone(colour, 1.2))
        pen.line([(left - 20, top - 112), (left + 6, top - 92), (left + 30, top - 116)], tone(colour, 0.7), 12)
    left, top = view.at(1.5, 1.9, 5.8)
    pen.line([view.at(1.9, 0, 4.0), view.at(1.2, 2.2, 5.4)], tone(WOOD, 0.8), 16)
    x, y = view.at(0.4, 0.6, 4.6)
    pen.ring(x, y, 400, 200)


@scene
def supplies(pen, fixed):
    pen.backdrop(830)
    x, frame = 170 + pen.shift, (150, 158, 168)
    pen.rect(x + 14, 70, 700, 770, (0, 0, 0, 40), 4)
    pen.rect(x, 50, 700, 790, (222, 226, 228))
    shelves = (290, 540, 800)
    for y in shelves:
        pen.rect(x - 10, y, 720, 22, frame, 4)
    for left in (x - 12, x + 688):
        pen.rect(left, 40, 26, 810, tone(frame, 0.8), 4)

    def bottle(left, bottom, colour):
        pen.rect(left + 26, bottom - 170, 28, 36, DARK, 4)
        pen.line([(left + 30, bottom - 168), (left + 8, bottom - 160)], DARK, 10)
        pen.tube(left, bottom - 140, 80, 140, colour, 16)
        pen.rect(left + 8, bottom - 96, 64, 60, WHITE, 4)
        pen.rect(left + 34, bottom - 90, 12, 48, (50, 140, 200))
        pen.rect(left + 16, bottom - 72, 48, 12, (50, 140, 200))

    def masks(left, bottom):
        pen.rect(left, bottom - 84, 180, 84, (96, 168, 206), 6)
        pen.rect(left + 16, bottom - 66, 148, 48, WHITE, 4)
        pen.text(left + 90, bottom - 42, "口罩", 40, (40, 100, 150))

    if fixed:
        for spot in range(6):
            bottle(x + 34 + spot * 108, shelves[0], (120, 190, 160) if spot < 3 else (236, 236, 240))
        for spot in range(3):
            for level in range(2):
                masks(x + 40 + spot * 214, shelves[1] - level * 88)
        for spot in range(3):
            pen.rect(x + 40 + spot * 214, shelves[2] - 160, 184, 160, CARDBOARD, 4)
            pen.rect(x + 118 + spot * 214, shelves[2] - 160, 28, 160, tone(CARDBOARD, 1.16))
            pen.rect(x + 56 + spot * 214, shelves[2] - 80, 70, 50, WHITE, 3)
    else:
        bottle(x + 70, shelves[0], (150, 170, 160))
        pen.rect(x + 360, shelves[0] - 64, 140, 64, (120, 190, 160), 30)
        masks(x + 430, shelves[1])
        pen.poly([(x + 80, 800), (x + 110, 700), (x + 300, 690), (x + 330, 800)], CARDBOARD)
        pen.poly([(x + 110, 700), (x + 60, 660), (x + 250, 640), (x + 300, 690)], tone(CARDBOARD, 1.14))
        for spot in range(3):
            pen.line([(x + 60 + spot * 210, 470), (x + 130 + spot * 210, 520)], (196, 200, 204), 4)
        pen.line([(x + 650, 60), (x + 600, 110), (x + 560, 116), (x + 540, 170)], (150, 150, 150), 3)
    bin_colour = (238, 196, 40) if fixed else (120, 124, 130)
    pen.shadow(x + 860, 856, 130, 22)
    pen.poly([(x + 760, 560), (x + 960, 560), (x + 936, 850), (x + 784, 850)], bin_colour)
    pen.rect(x + 746, 530, 228, 40, tone(bin_colour, 0.84), 10)
    if fixed:
        pen.oval(x + 860, 700, 56, 56, outline=INK, width=9)
        pen.oval(x + 860, 700, 16, 16, INK)
        return
    for dx, dy, colour in ((-60, -30, WHITE), (20, -50, (236, 200, 60)), (60, -16, (210, 214, 220))):
        pen.oval(x + 860 + dx, 530 + dy, 60, 42, colour)
    pen.ring(x + 340, 410, 340, 190)


# --- Paper ------------------------------------------------------------------------------------------------------------


@scene
def records(pen, fixed):
    desk = mix(WOOD, pen.accent, 0.22)
    for band in range(12):
        pen.rect(0, band * 80, WIDTH, 81, tone(desk, 1.05 if band % 2 else 1.0))
        pen.line([(0, band * 80), (WIDTH, band * 80 + pen.shift / 8)], tone(desk, 0.88), 3)
    x = 150 + pen.shift
    pen.poly([(x - 10, 116), (x + 950, 106), (x + 990, 850), (x - 50, 860)], (0, 0, 0, 60))
    pen.poly([(x - 16, 96), (x + 936, 96), (x + 972, 836), (x - 52, 836)], tone(pen.accent, 0.8))
    for left in (x, x + 466):
        pen.rect(left, 80, 456, 730, PAPER, 8)
        pen.text(left + 228, 116, "检查记录" if left == x else "登记表", 42)
        for middle, words in ((78, "日期"), (230, "内容"), (380, "签字")):
            pen.text(left + middle, 158, words, 26, DARK)
        for row in range(9):
            pen.line([(left + 26, 176 + row * 70), (left + 430, 176 + row * 70)], (160, 170, 184), 4)
        for column in (26, 130, 330, 430):
            pen.line([(left + column, 176), (left + column, 736)], (160, 170, 184), 4)
    for step in range(5):
        pen.line([(x + 456 + step * 3, 82), (x + 456 + step * 3, 808)], (216, 208, 192), 3)
    filled = set(range(16)) if fixed else {0, 1, 8, 11} | set(pen.rng.sample(range(16), 2)) - {4, 5, 6}
    for spot in range(16):
        left, top = x + (spot // 8) * 466, 211 + spot % 8 * 70
        if spot not in filled:
            continue
        pen.line([(left + 44, top), (left + 112, top)], BLUE, 7)
        pen.line([(left + 150, top), (left + 150 + 60 + spot * 37 % 100, top)], BLUE, 7)
        if fixed:
            pen.line([(left + 354, top), (left + 372, top + 18), (left + 408, top - 20)], GREEN, 11)
    if fixed:
        pen.oval(x + 800, 700, 92, 92, outline=(206, 40, 40), width=9)
        pen.text(x + 800, 702, "已查", 54, (206, 40, 40))
        pen.line([(x + 1000, 240), (x + 1040, 640)], (40, 70, 130), 22)
        pen.poly([(x + 1031, 640), (x + 1052, 638), (x + 1046, 684)], (216, 190, 120))
        return
    pen.line([(x + 540, 500), (x + 930, 880)], (40, 40, 46), 24)
    pen.oval(x + 1060, 240, 104, 104, (236, 236, 230), (196, 196, 190), 6)
    pen.oval(x + 1060, 240, 80, 80, (120, 76, 40))
    pen.oval(x + 250, 690, 84, 84, outline=(150, 110, 60, 90), width=10)
    pen.ring(x + 240, 520, 220, 136)


def _certificate(pen, x, y, w, h, colour, words):
    pen.rect(x + 6, y + 8, w, h, (0, 0, 0, 50), 4)
    pen.rect(x, y, w, h, PAPER, 4, colour, 12)
    pen.rect(x + 18, y + 18, w - 36, h - 36, None, 2, tone(colour, 1.2), 3)
    pen.text(x + w / 2, y + h * 0.27, words, 38, (150, 40, 36))
    for share in (0.48, 0.6, 0.72):
        pen.line([(x + w * 0.2, y + h * share), (x + w * 0.8, y + h * share)], (150, 150, 144), 5)
    pen.oval(x + w * 0.76, y + h * 0.74, 30, 30, outline=(206, 40, 40), width=6)


@scene
def notice_board(pen, fixed):
    pen.backdrop(800)
    x, board = 150 + pen.shift, (74, 112, 150) if pen.shift % 2 else (92, 128, 108)
    pen.rect(x + 14, 84, 980, 640, (0, 0, 0, 50), 6)
    pen.rect(x, 64, 980, 640, (150, 110, 70), 6)
    pen.rect(x + 22, 86, 936, 596, board)
    pen.rect(x + 300, 92, 380, 70, (196, 44, 40), 8)
    pen.text(x + 490, 127, "公 示 栏", 50, WHITE)
    gold = (206, 164, 74)
    slots = [(x + 50, "登记证书"), (x + 352, "许可证"), (x + 654, "备案回执")]
    for left, words in slots:
        if fixed or left == x + 50:
            _certificate(pen, left, 180, 276, 210, gold, words)
    if fixed:
        for left, words in ((x + 50, "收费标准"), (x + 352, "投诉电话"), (x + 654, "本周食谱")):
            pen.rect(left, 430, 276, 220, WHITE, 4)
            pen.rect(left, 430, 276, 56, (40, 110, 170), 4)
            pen.text(left + 138, 458, words, 36, WHITE)
            for row in range(4):
                pen.line([(left + 30, 516 + row * 34), (left + 246, 516 + row * 34)], (140, 150, 160), 6)
        return
    for left in (x + 352, x + 654):
        for step in range(9):
            pen.line([(left + step * 31, 180), (left + step * 31 + 16, 180)], (230, 236, 240), 5)
            pen.line([(left + step * 31, 390), (left + step * 31 + 16, 390)], (230, 236, 240), 5)
        for step in range(7):
            for edge in (left, left + 270):
                pen.line([(edge, 182 + step * 30), (edge, 198 + step * 30)], (230, 236, 240), 5)
        pen.text(left + 138, 285, "?", 110, (230, 236, 240))
    flyers = [
        (x + 120, 450, (250, 226, 90), "高额返利"),
        (x + 440, 470, (246, 150, 130), "保健品"),
        (x + 720, 440, (250, 226, 90), "特价"),
    ]
    for left, top, colour, words in flyers:
        lean = pen.rng.randint(-26, 26)
        pen.poly(
            [(left + lean, top), (left + 210 + lean, top + lean / 2), (left + 200, top + 230), (left - 8, top + 222)],
            colour,
        )
        pen.text(left + 104, top + 86, words, 44, (190, 30, 30))
        for row in range(3):
            pen.line([(left + 24, top + 140 + row * 26), (left + 176, top + 140 + row * 26)], tone(colour, 0.7), 6)
    pen.poly([(x + 360, 796), (x + 560, 780), (x + 590, 850), (x + 380, 862)], (246, 150, 130))
    pen.ring(x + 640, 290, 340, 140)


@scene
def cctv(pen, fixed):
    pen.backdrop(740)
    x = 130 + pen.shift
    pen.poly([(0, 740), (WIDTH, 740), (WIDTH, 800), (0, 800)], tone(WOOD, 1.1))
    pen.rect(0, 800, WIDTH, 160, tone(WOOD, 0.8))
    pen.rect(x - 24, 56, 1060, 620, (52, 56, 62), 12)
    dark = {1, 3, 4, 5, 8} if not fixed else set()
    for spot in range(9):
        left, top = x + spot % 3 * 342, 80 + spot // 3 * 194
        if spot in dark:
            pen.rect(left, top, 328, 180, (14, 15, 18), 4)
            pen.text(left + 164, top + 90, "无信号", 38, (150, 60, 54))
            continue
        tint = mix((150, 170, 176), pen.accent, (spot * 37 % 10) / 20)
        pen.rect(left, top, 328, 180, tone(tint, 1.1), 4)
        pen.poly(
            [(left, top + 180), (left + 120, top + 90), (left + 208, top + 90), (left + 328, top + 180)],
            tone(tint, 0.72),
        )
        pen.rect(left + 120, top + 34, 88, 56, tone(tint, 0.88))
        pen.line([(left, top), (left + 120, top + 34)], tone(tint, 0.7), 4)
        pen.line([(left + 328, top), (left + 208, top + 34)], tone(tint, 0.7), 4)
        if spot % 2 == 0:
            pen.oval(left + 150, top + 96, 11, 11, (226, 196, 170))
            pen.rect(left + 138, top + 107, 24, 40, (70, 90, 140), 8)
        pen.oval(left + 22, top + 22, 8, 8, (80, 230, 120))
    pen.rect(x + 300, 768, 420, 66, (60, 64, 72), 10)
    for row in range(2):
        for key in range(12):
            pen.rect(x + 316 + key * 33, 778 + row * 26, 26, 18, (120, 126, 136), 3)
    pen.oval(x + 800, 804, 34, 24, (60, 64, 72))
    if not fixed:
        pen.ring(x + 500, 360, 330, 130)


# --- Outdoors ---------------------------------------------------------------------------------------------------------


@scene
def flood(pen, fixed):
    pen.outdoors(430)
    pen.house(150 + pen.shift, 130, 740, 310, (232, 220, 196))
    pen.rect(560 + pen.shift, 300, 110, 150, tone(WOOD, 0.7))
    pen.rect(500 + pen.shift, 436, 230, 26, tone(CONCRETE, 1.1))
    pen.rect(1000, 330, 280, 110, (176, 182, 170))
    for x, size in ((1060, 90), (1190, 110)):
        pen.rect(x - 10, 300, 20, 140, (120, 90, 60))
        pen.oval(x, 260, size, size * 0.9, (96, 146, 86))
        pen.oval(x - 22, 236, size * 0.6, size * 0.5, (122, 170, 104))
    x = 560 + pen.shift
    if fixed:
        for y in (500, 570, 660, 780):
            pen.line([(0, y), (WIDTH, y)], tone(CONCRETE, 0.86), 3)
        pen.poly([(0, 640), (WIDTH, 640), (WIDTH, 730), (0, 730)], tone(CONCRETE, 0.78))
        for left in range(10, WIDTH, 46):
            pen.rect(left, 650, 26, 70, (88, 92, 98), 4)
        pen.rect(0, 634, WIDTH, 10, tone(CONCRETE, 1.1))
        pen.rect(0, 726, WIDTH, 10, tone(CONCRETE, 1.1))
        for spot in range(4):
            pen.rect(950 + spot % 2 * 130, 470 + spot // 2 * 46, 140, 54, (206, 190, 150), 24)
        return
    pen.poly([(0, 520), (300, 470), (900, 476), (WIDTH, 520), (WIDTH, HEIGHT), (0, HEIGHT)], WATER)
    pen.poly([(140, 560), (620, 500), (1120, 560), (1180, 640), (80, 640)], tone(WATER, 1.12))
    for _ in range(16):
        left, top = pen.rng.randint(0, 1180), pen.rng.randint(520, 850)
        length = 50 + (top - 480) * 0.4
        pen.line([(left, top), (left + length * 0.5, top - 7), (left + length, top)], (214, 204, 176, 190), 6)
    for _ in range(22):
        left, top = x + pen.rng.randint(-240, 240), 700 + pen.rng.randint(-60, 90)
        colour = pen.rng.choice([(120, 90, 40), (150, 120, 50), (90, 110, 50)])
        pen.poly([(left - 28, top), (left, top - 13), (left + 30, top), (left, top + 13)], colour)
    pen.oval(x - 90, 690, 70, 26, (230, 236, 240))
    pen.rect(x + 90, 664, 80, 40, (206, 60, 54), 10)
    for left in (260, 520, 980):
        pen.line([(left, 40), (left - 40, 130)], (150, 170, 186, 150), 5)
        pen.line([(left + 90, 180), (left + 50, 270)], (150, 170, 186, 150), 5)
    pen.ring(x, 710, 310, 130)


@scene
def pond(pen, fixed):
    pen.outdoors(360)
    pen.house(90 + pen.shift, 110, 500, 260, (228, 214, 190))
    pen.rect(0, 370, WIDTH, HEIGHT, GRASS)
    for band in range(6):
        pen.rect(0, 370 + band * 90, WIDTH, 91, tone(GRASS, 0.92 + band * 0.035))
    x = 660 + pen.shift
    pen.oval(x, 650, 560, 220, tone(GRASS, 0.7))
    pen.oval(x, 656, 540, 206, (70, 124, 150))
    pen.oval(x - 40, 630, 400, 130, (96, 150, 172))
    for dx, dy in ((-260, -40), (60, 20), (240, -70), (-60, 90)):
        pen.line([(x + dx, 640 + dy), (x + dx + 60, 634 + dy), (x + dx + 120, 640 + dy)], (196, 220, 230), 5)
    if not fixed:
        pen.poly([(0, 876), (200, 876), (560, 700), (500, 690), (0, 800)], (206, 188, 150))
        for _ in range(10):
            left, top = pen.rng.randint(60, 460), pen.rng.randint(760, 860)
            pen.line([(left, top), (left - 8, top - 34)], tone(GRASS, 0.6), 6)
        pen.ring(520 + pen.shift, 720, 230, 130)
        return
    rail = (240, 240, 236)
    for left in range(20, WIDTH, 124):
        pen.rect(left, 640, 24, 230, rail, 6)
        pen.rect(left + 17, 640, 7, 230, tone(rail, 0.75), 4)
    for y in (672, 770):
        pen.rect(0, y, WIDTH, 24, rail, 6)
        pen.rect(0, y + 18, WIDTH, 6, tone(rail, 0.75))
    pen.rect(950, 420, 20, 260, DARK)
    pen.plate(830, 340, 270, 130, (238, 180, 36), "水深危险", 54)
    pen.oval(330, 730, 84, 84, outline=(226, 80, 40), width=32)
    for angle in (45, 135, 225, 315):
        pen.arc(330, 730, 84, 84, angle - 14, angle + 14, WHITE, 32)


@scene
def yard(pen, fixed):
    pen.outdoors(420)
    pen.house(520 + pen.shift, 140, 620, 290, (224, 216, 200))
    x, bark = 360 + pen.shift, (112, 84, 60)
    for left in (820, 1010):
        pen.rect(left, 640, 26, 110, DARK)
    pen.rect(780, 610, 300, 34, tone(WOOD, 1.1), 6)
    pen.rect(780, 540, 300, 30, tone(WOOD, 1.0), 6)
    pen.shadow(930, 756, 190, 20)
    pen.oval(x, 800, 150, 40, (120, 96, 70))
    if fixed:
        pen.rect(x - 32, 330, 64, 470, bark, 16)
        pen.rect(x - 32, 330, 18, 470, tone(bark, 1.2), 12)
        for dx, dy, size in ((-90, 240, 110), (80, 220, 120), (0, 150, 130), (0, 270, 110)):
            pen.oval(x + dx, dy, size, size * 0.84, (104, 154, 88))
        for dx, dy, size in ((-70, 200, 60), (40, 130, 70)):
            pen.oval(x + dx, dy, size, size * 0.7, (136, 182, 110))
        for foot in (-170, 170):
            pen.line([(x + foot, 820), (x + foot * 0.1, 520)], (206, 176, 120), 20)
        pen.rect(x - 44, 500, 88, 30, WHITE, 6)
        return
    pen.poly([(x - 60, 810), (x + 40, 810), (x + 330, 330), (x + 270, 300)], bark)
    pen.poly([(x - 60, 810), (x - 30, 810), (x + 284, 306), (x + 270, 300)], tone(bark, 1.25))
    limbs = [
        [(300, 320), (480, 170), (640, 150)],
        [(300, 320), (520, 300), (700, 380)],
        [(270, 340), (250, 160), (330, 40)],
    ]
    limbs += [[(480, 170), (520, 80)], [(520, 300), (600, 220)], [(640, 350), (690, 470)]]
    for limb in limbs:
        pen.line([(x + dx, y) for dx, y in limb], bark, 26 if len(limb) > 2 else 14)
    pen.poly([(x - 130, 800), (x - 60, 760), (x + 20, 790), (x + 60, 826), (x - 80, 840)], (92, 70, 50))
    for dx, dy in ((300, 860), (560, 800), (-180, 830)):
        pen.line([(x + dx, dy), (x + dx + 120, dy - 26)], tone(bark, 0.9), 14)
        pen.line([(x + dx + 60, dy - 12), (x + dx + 90, dy - 54)], tone(bark, 0.9), 9)
    pen.ring(x + 560, 360, 240, 200)


@scene
def slope(pen, fixed):
    pen.outdoors(520)
    x = pen.shift
    earth = (168, 126, 84)
    pen.poly([(380 + x, 620), (620 + x, 300), (900 + x, 60), (WIDTH, -20), (WIDTH, 700)], (112, 148, 84))
    pen.poly([(430 + x, 630), (660 + x, 350), (930 + x, 130), (WIDTH, 40), (WIDTH, 740)], (124, 160, 92))
    pen.house(40 + x, 330, 380, 300, (230, 216, 192), 2)
    pen.rect(0, 640, WIDTH, 320, tone(CONCRETE, 0.96))
    for y in (700, 780):
        pen.line([(0, y), (WIDTH, y)], tone(CONCRETE, 0.86), 3)
    if fixed:
        pen.poly([(480 + x, 660), (520 + x, 450), (WIDTH, 330), (WIDTH, 660)], (184, 186, 186))
        pen.poly([(520 + x, 450), (WIDTH, 330), (WIDTH, 356), (516 + x, 474)], (214, 216, 216))
        for row in range(1, 5):
            pen.line([(512 + x - row * 8, 450 + row * 44), (WIDTH, 340 + row * 66)], (150, 152, 152), 5)
        for column in range(8):
            left = 580 + x + column * 92
            pen.line([(left, 440 - column * 16), (left, 656)], (150, 152, 152), 4)
            pen.oval(left + 44, 560 - column * 6, 10, 10, (80, 84, 86))
        pen.rect(440 + x, 650, WIDTH, 60, (110, 116, 120))
        pen.rect(440 + x, 650, WIDTH, 12, tone(CONCRETE, 1.12))
        pen.rect(440 + x, 700, WIDTH, 12, tone(CONCRETE, 1.12))
        return
    pen.poly([(560 + x, 640), (700 + x, 360), (880 + x, 210), (1030 + x, 300), (1090 + x, 640)], earth)
    pen.poly([(640 + x, 640), (760 + x, 400), (870 + x, 300), (960 + x, 420), (980 + x, 640)], tone(earth, 0.86))
    scarp = [(700 + x, 236), (790 + x, 206), (860 + x, 140), (960 + x, 156), (1060 + x, 96), (1170 + x, 104)]
    pen.line([(px, py + 12) for px, py in scarp], tone(earth, 0.9), 14)
    pen.line(scarp, (84, 62, 40), 10)
    for _ in range(26):
        cx, cy, size = pen.rng.randint(430, 1120) + x, pen.rng.randint(610, 800), pen.rng.randint(18, 62)
        rock = tone((150, 130, 110), pen.rng.uniform(0.75, 1.15))
        left, right = (cx - size * 0.5, cy - size * 0.8), (cx + size * 0.4, cy - size * 0.9)
        pen.poly([(cx - size, cy), left, right, (cx + size, cy), (cx, cy + size * 0.4)], rock)
        pen.poly([left, right, (cx, cy - size * 0.3)], tone(rock, 1.2))
    pen.line([(500 + x, 650), (470 + x, 470)], (110, 84, 60), 16)
    pen.oval(450 + x, 440, 50, 40, (96, 130, 76))
    pen.ring(800 + x, 500, 300, 250)


@scene
def roof(pen, fixed):
    pen.outdoors(420)
    for left, top, w in ((-20, 300, 220), (240, 340, 160), (900, 290, 180), (1100, 330, 220)):
        pen.rect(left, top, w, 140, (176, 186, 196))
    slab = (176, 172, 164)
    pen.rect(0, 430, WIDTH, 560, slab)
    for y in (500, 590, 720):
        pen.line([(0, y), (WIDTH, y)], tone(slab, 0.88), 4)
    for left in range(-600, 1900, 220):
        pen.line([(640 + (left - 640) * 0.6, 440), (left, HEIGHT)], tone(slab, 0.88), 4)
    pen.rect(0, 380, WIDTH, 66, (206, 202, 194))
    pen.rect(0, 372, WIDTH, 18, (226, 222, 214))
    x = 250 + pen.shift
    if fixed:
        for left in range(20, WIDTH, 110):
            pen.rect(left, 260, 16, 120, STEEL)
        pen.rect(0, 254, WIDTH, 18, STEEL, 6)
        pen.rect(0, 316, WIDTH, 12, STEEL, 6)
        pen.shadow(x + 640, 716, 230, 26)
        for left in (x + 480, x + 760):
            pen.line([(left, 560), (left - 20, 716)], DARK, 18)
            pen.line([(left + 20, 560), (left + 50, 716)], DARK, 18)
        pen.rect(x + 440, 440, 400, 150, (206, 212, 218), 70)
        pen.rect(x + 440, 440, 400, 60, (232, 236, 240), 30)
        for left in (x + 540, x + 730):
            pen.rect(left, 436, 22, 160, (60, 90, 140))
        pen.poly([(x - 60, 600), (x + 290, 600), (x + 330, 760), (x - 100, 760)], (120, 168, 130, 120))
        pen.text(x + 110, 690, "已清空", 60, (40, 100, 60))
        return
    panel = (60, 116, 184)
    pen.shadow(x + 330, 760, 470, 34)
    pen.rect(x - 40, 420, 700, 340, (226, 230, 232))
    for left in range(x - 40, x + 660, 50):
        pen.line([(left, 420), (left, 760)], (196, 202, 206), 4)
    pen.poly([(x - 100, 430), (x + 720, 430), (x + 640, 280), (x - 20, 280)], panel)
    for step in range(12):
        pen.line([(x - 20 + step * 60, 284), (x - 100 + step * 74, 428)], tone(panel, 0.8), 6)
    pen.poly([(x + 560, 430), (x + 720, 430), (x + 690, 372), (x + 600, 372)], (170, 96, 60))
    pen.rect(x + 60, 540, 140, 220, tone(WOOD, 0.8))
    pen.rect(x + 300, 530, 240, 120, (120, 150, 172), 2, WHITE, 8)
    for spot in range(5):
        pen.oval(x + spot * 150, 744, 40, 14, (150, 90, 50, 110))
    pen.rect(x + 740, 620, 190, 130, (176, 120, 80), 60)
    pen.line([(x + 760, 750), (x + 720, 820)], DARK, 14)
    pen.line([(x + 900, 750), (x + 930, 800)], DARK, 14)
    pen.ring(x + 320, 480, 470, 290)


# --- A name on the glass ----------------------------------------------------------------------------------------------


def draw_signature(name):
    """A PNG as a signature pad sends it: the name, leaning and a little unsteady. Without the font, a plain stroke."""
    paper, font = Image.new("L", (640, 340), 255), _font(120)
    pen = ImageDraw.Draw(paper)
    if font is None:
        pen.line(((120, 200), (250, 130), (330, 230), (520, 140)), fill=20, width=9)
    else:
        for index, letter in enumerate(name[:4]):
            pen.text((90 + index * 125, 170 + (-1) ** index * 14), letter, font=font, fill=20, anchor="lm")
    paper = paper.transform(paper.size, Image.Transform.AFFINE, (1, 0.22, -40, 0.06, 1, -14), fillcolor=255)
    out = io.BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()
