"""Outdoors: water, trees, slopes, the roof."""

from .pen import CONCRETE, DARK, GRASS, HEIGHT, STEEL, WATER, WHITE, WIDTH, WOOD, tone
from .picture import scene


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
