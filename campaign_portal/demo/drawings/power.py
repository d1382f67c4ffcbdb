"""Electricity and gas: sockets, switchboards, electric bicycles, the kitchen's gas, the boiler."""

from .pen import DARK, GREEN, INK, RED, STEEL, WHITE, WIDTH, WOOD, tone
from .picture import scene


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
    pen.carton(x + 500, 640, 200, 206, 28)
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
