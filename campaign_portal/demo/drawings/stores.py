"""Food, medicine and stores."""

from .pen import BLUE, CARDBOARD, DARK, GREEN, HEIGHT, INK, STEEL, WHITE, WIDTH, WOOD, tone
from .picture import scene
from .room import View


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
            pen.carton(x + 40 + spot * 214, shelves[2] - 160, 184, 160, 28)
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
