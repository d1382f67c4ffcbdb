"""Paper and screens: records, the notice board, the cameras."""

from .pen import BLUE, DARK, GREEN, PAPER, WHITE, WIDTH, WOOD, mix, tone
from .picture import scene


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
