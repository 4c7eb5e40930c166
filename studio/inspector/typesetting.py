"""LaTeX to SVG by ziamath: pure Python, no network.

A formula takes 3 to 15 ms, so callers set one at a time, when nothing else waits. All is done on
the window's thread: so much Python elsewhere would collect garbage there, and widgets with it,
which must not end on another thread.
"""

from __future__ import annotations

import logging
import re
import sys
from collections import OrderedDict
from importlib import import_module
from xml.etree import ElementTree

EM_PX = 24
"""Size of the letters in the SVG."""
MOST_REMEMBERED = 256
_LIBRARIES = ("latex2mathml.converter", "ziafont", "ziamath.tex", "ziamath")
"""In the order in which they need each other."""

_remembered: OrderedDict[str, str] = OrderedDict()


def is_remembered(latex: str) -> bool:
    """Whether this formula takes no time."""
    return latex in _remembered


def typeset(latex: str) -> str:
    """The formula as SVG, or an empty string where it cannot be set; the last ones are remembered.

    Letters and lines have the fill "currentColor", or the name of the color in the LaTeX.
    """
    if latex not in _remembered:
        _remembered[latex] = _attempt(latex)
        while len(_remembered) > MOST_REMEMBERED:
            _remembered.popitem(last=False)
    _remembered.move_to_end(latex)
    return _remembered[latex]


def load_next() -> bool:
    """Load one part of the library ahead of the first formula; False when all are there."""
    missing = [name for name in _LIBRARIES if name not in sys.modules]
    if missing:
        import_module(missing[0])
    return bool(missing)


def _attempt(latex: str) -> str:
    try:
        return _svg(latex)
    except Exception:  # the edge to another's library: the plain formula then stands in
        logging.getLogger(__name__).warning("No SVG for the formula %s", latex, exc_info=True)
        return ""


def _svg(latex: str) -> str:
    # Here, because a window opens sooner without them.
    from ziafont.config import config  # noqa: PLC0415
    from ziamath.tex import tex2mml  # noqa: PLC0415
    from ziamath.zmath import Math  # noqa: PLC0415

    config.svg2 = False  # plain paths: Qt knows SVG Tiny 1.2
    mathml = re.sub(r' xmlns="[^"]*"', "", tex2mml(latex))
    formula = _flat(ElementTree.fromstring(mathml))
    if len(formula) == 1 and formula[0].tag == "mrow":
        formula[:] = list(formula[0])
    formula.set("mathcolor", "currentColor")
    return Math(ElementTree.tostring(formula, encoding="unicode"), size=EM_PX).svg()


def _flat(element: ElementTree.Element) -> ElementTree.Element:
    """Without rows in rows: the picture is the same, but each level would double the time."""
    for index, child in enumerate(element):
        _flat(child)
        element[index] = _only(child)
    return element


def _only(element: ElementTree.Element) -> ElementTree.Element:
    """What a row or style around a single element comes to."""
    while element.tag in ("mrow", "mstyle") and len(element) == 1:
        inner = element[0]
        if element.attrib and (inner.tag != "mrow" or inner.attrib):
            break
        inner.attrib.update(element.attrib)
        element = inner
    return element
