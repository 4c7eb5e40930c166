"""Dimensions of nodes, ports and wires in scene pixels, all on the 8-px grid.

The scene does not grow with the interface font; the view's 100 % does. So saved positions fit
on every machine, and no text is ever clipped by a larger font.
"""

from __future__ import annotations

from studio.look.theme import GRID_PX

NODE_WIDTH = 22 * GRID_PX
NODE_HEIGHT = 10 * GRID_PX
STRIPE_WIDTH = GRID_PX
SECOND_LINE = 2 * GRID_PX
"""The extra height of a node whose settings need a second line."""
OUTPUT_Y = 5 * GRID_PX
"""Where the output port sits, below the node's top; wires between neighbors run straight."""
PORT_GAP = 3 * GRID_PX
PORT_RADIUS = 5.0
PORT_HOVER_RADIUS = 8.0
PORT_REACH_PX = 12.0
"""How close the pointer must be to a port on the screen: a target of 24 px."""
COLUMN_GAP = 10 * GRID_PX
ROW_GAP = 4 * GRID_PX
LANE_MARGIN = 2 * GRID_PX
"""How far a wire that goes around a node keeps away from it."""

NODE_LENGTHS = (NODE_WIDTH, NODE_HEIGHT + SECOND_LINE)
"""Room that a node takes along the flow to the right, and downward."""


def port_spots(count: int, down: bool) -> list[float]:
    """Places of `count` ports: below the node's top, or, where the data flow down, right of its
    left side, around the middle."""
    if not down:
        return input_heights(count)
    gap = min(PORT_GAP, (NODE_WIDTH - 4 * GRID_PX) / max(count - 1, 1))
    return [NODE_WIDTH / 2 + gap * (index - (count - 1) / 2) for index in range(count)]


def input_heights(count: int) -> list[float]:
    """Heights of `count` input ports below the node's top, around that of the output port."""
    first = max(2.0 * GRID_PX, OUTPUT_Y - PORT_GAP * (count - 1) / 2)
    return [first + PORT_GAP * index for index in range(count)]


def node_height(inputs: int, lines: int) -> int:
    """Height of a node with this many input ports and lines of settings."""
    text = NODE_HEIGHT + (SECOND_LINE if lines > 1 else 0)
    ports = input_heights(inputs)[-1] + 2 * GRID_PX if inputs else 0
    return max(text, -int(-ports // GRID_PX) * GRID_PX)


def snapped(value: float) -> float:
    """The nearest line of the grid."""
    return float(round(value / GRID_PX) * GRID_PX)
