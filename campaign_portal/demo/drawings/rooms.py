"""Rooms and care: bathrooms, beds, windows, walls, the lift."""

from .pen import BLUE, DARK, GREEN, INK, RED, STEEL, WHITE, WIDTH, WOOD, mix, tone
from .picture import scene


@scene
def handrail(pen, fixed):
    pen.tiles(mix(pen.wall, (210, 226, 230), 0.6), 104, 0, 650)
    floor = (170, 184, 188)
    pen.rect(0, 650, WIDTH, 310, floor)
    pen.joints(tone(floor, 0.86), 650, 150, 0.5, (40, 100, 180))
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
