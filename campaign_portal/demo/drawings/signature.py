"""A name on the glass."""

import io

from PIL import Image, ImageDraw

from .pen import font_of


def draw_signature(name):
    """A PNG as a signature pad sends it: the name, leaning and a little unsteady. Without the font, a plain stroke."""
    paper, font = Image.new("L", (640, 340), 255), font_of(120)
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
