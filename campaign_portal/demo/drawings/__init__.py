"""Stand-ins for photographs: flat drawings of a hazard before and after it was fixed.

A scene is a function of the chapter on its subject, registered by its name (`picture.scene`). The same seed gives the
same bytes, and the room stays the same between the two states, so that a pair looks like two pictures of one place.
"""

from . import fire, outdoors, paper, power, rooms, stores  # noqa: F401 - each registers its scenes
from .picture import SCENES, draw_scene
from .signature import draw_signature

__all__ = ["SCENES", "draw_scene", "draw_signature"]
