"""A room in perspective, for the scenes that look down a corridor or into a store."""

from .pen import CARDBOARD, tone


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
