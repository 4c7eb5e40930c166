"""Export: a plot as PNG or SVG, and its exact numbers as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from engine.files.disk import replacing, write_safely
from engine.files.table_text import spreadsheet_cell
from studio.look.theme import theme

Array = np.ndarray

PNG_SCALE = 3
"""Pixels for each pixel on screen: enough for a printed page."""
ROWS_AT_ONCE = 10_000


def write_png(view: pg.GraphicsView, path: Path) -> None:
    """Save the plot as a picture. Raises FileError."""
    image = QImage(view.size() * PNG_SCALE, QImage.Format.Format_RGB32)
    image.fill(theme.colors.surface)
    painter = QPainter(image)
    view.render(painter, QRectF(image.rect()), view.rect())
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    write_safely(path, bytes(buffer.data().data()))


def write_svg(view: pg.GraphicsView, path: Path) -> None:
    """Save the plot as a drawing that stays sharp at any size. Raises FileError."""
    buffer, size = QBuffer(), QSize(view.size())
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(view.accessibleName())
    painter = QPainter(generator)
    painter.fillRect(view.rect(), theme.colors.surface)
    view.render(painter, QRectF(view.rect()), view.rect())
    painter.end()
    write_safely(path, bytes(buffer.data().data()))


def write_csv(
    path: Path,
    names: Sequence[str],
    columns: Sequence[Array],
    progress: Callable[[int, int], None],
) -> None:
    """Save columns of equal length, every number to its last digit; NaN becomes an empty cell.

    The rows are written piece by piece: a long run needs no more memory than a short one. `path`
    is replaced when all is written. progress(done, total) may raise to cancel. Raises FileError.
    """
    with replacing(path) as file:
        file.write((",".join(_quoted(name) for name in names) + "\r\n").encode())
        for start in range(0, len(columns[0]), ROWS_AT_ONCE):
            file.write(_rows([c[start : start + ROWS_AT_ONCE] for c in columns]).encode())
            progress(min(start + ROWS_AT_ONCE, len(columns[0])), len(columns[0]))


def spread(length: int, places: Array, values: Array) -> Array:
    """A column of `length` with values at these row numbers, NaN elsewhere."""
    column = np.full(length, np.nan)
    column[places] = values
    return column


def _rows(columns: Sequence[Array]) -> str:
    texts = [_texts(column) for column in columns]
    return "".join(",".join(row) + "\r\n" for row in zip(*texts, strict=True))


def _texts(column: Array) -> list[str]:
    return ["" if text == "nan" else text for text in column.astype(str).tolist()]


def _quoted(name: str) -> str:
    name = spreadsheet_cell(name)
    text = name.replace('"', '""')
    return f'"{text}"' if any(c in name for c in ',"\r\n') else name
