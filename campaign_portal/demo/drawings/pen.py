"""What every scene is drawn with: sizes, colours and a pen. Drawn at twice the size and averaged down."""

import math
import os
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

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


@lru_cache(maxsize=64)
def font_of(size):
    for folder in FONT_FOLDERS:
        for file in FONT_FILES:
            path = os.path.join(folder, file)
            if os.path.exists(path):
                return ImageFont.truetype(path, size, index=2)  # 2 is the simplified Chinese face of the collection
    return None


def tone(colour, factor):
    return tuple(max(0, min(255, round(part * factor))) for part in colour)


def mix(one, other, share):
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


def _around(x, y, rx, ry):
    """The box of an oval, as Pillow wants it."""
    return (x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE


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
        self.on(fill, outline).ellipse(_around(x, y, rx, ry), fill=fill, outline=outline, width=width * SCALE)

    def pie(self, x, y, radius, start, end, fill):
        self.on(fill).pieslice(_around(x, y, radius, radius), start, end, fill=fill)

    def arc(self, x, y, rx, ry, start, end, fill, width):
        self.on(fill).arc(_around(x, y, rx, ry), start, end, fill=fill, width=width * SCALE)

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
        font = font_of(size * SCALE)
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
        self.joints(tone(self.floor, 0.8), floor_at, 200, 0.45, (40, 105, 200))
        self.rect(0, floor_at - 26, WIDTH, 26, tone(self.wall, 0.72))
        self.rect(0, floor_at - 28, WIDTH, 4, tone(self.wall, 1.08))

    def joints(self, colour, top, apart, narrowing, rows):
        """The joints of a tiled floor that begins at `top`; `rows` below it run across."""
        for x in range(-900, 2300, apart):
            self.line([(640 + (x - 640) * narrowing, top), (x, HEIGHT)], colour, 2)
        for y in rows:
            self.line([(0, top + y), (WIDTH, top + y)], colour, 2)

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

    def carton(self, x, y, w, h, tape):
        """A cardboard box from the front, with a band of tape of that width down its middle."""
        self.rect(x, y, w, h, CARDBOARD, 4)
        self.rect(x + (w - tape) // 2, y, tape, h, tone(CARDBOARD, 1.16))

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
