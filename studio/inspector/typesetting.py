"""LaTeX to SVG by ziamath: pure Python, no network. Beside the window, because it takes a while.

A formula takes 2 to 20 ms, and the first one loads the library and its font for 0.1 s more.
"""

from __future__ import annotations

from concurrent.futures import Future
from functools import lru_cache
from threading import Lock, Thread

EM_PX = 24
"""Size of the letters in the SVG."""
_LAST_FORMULAS = 256

_one_at_a_time = Lock()


@lru_cache(maxsize=_LAST_FORMULAS)
def typeset(latex: str) -> Future[str]:
    """The formula as SVG, soon; the same formula is set only once.

    Letters and lines have the fill "currentColor", or the name of the color in the LaTeX.
    """
    future: Future[str] = Future()
    Thread(target=_set, args=(latex, future), name="typesetting", daemon=True).start()
    return future


def load() -> None:
    """Load the library ahead of the first formula."""
    typeset("A")


def _set(latex: str, future: Future[str]) -> None:
    try:
        with _one_at_a_time:
            svg = _svg(latex)
    except Exception as error:  # the edge to another's library: the plain formula then stands in
        future.set_exception(error)
    else:
        future.set_result(svg)


def _svg(latex: str) -> str:
    import ziafont  # noqa: PLC0415  here, because the window must not wait for it
    import ziamath  # noqa: PLC0415

    ziafont.config.svg2 = False  # plain paths: Qt knows SVG Tiny 1.2
    return ziamath.Latex(latex, size=EM_PX, color="currentColor").svg()
