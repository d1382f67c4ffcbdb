"""Fire: ways out, doors, extinguishers, hydrants, the control panel."""

import math

from .pen import BLUE, CARDBOARD, CONCRETE, DARK, GREEN, HEIGHT, INK, PAPER, STEEL, WHITE, WOOD, tone
from .picture import scene
from .room import View


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
        pen.carton(left, top, 250, 210, 34)
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
