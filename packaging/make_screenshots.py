"""Takes the pictures in resources/screenshots: both looks, at the usual and at twice the font size.

Each shows the window in the middle of a run of an example. Look at them critically before they go
in: spacing, alignment, contrast, words that are cut or overlap.

Run in the project's environment: python packaging/make_screenshots.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from PySide6.QtGui import QImage, qRgb  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from studio.look.theme import theme  # noqa: E402
from studio.shell.app import make_application  # noqa: E402
from studio.shell.files_menu import example_files  # noqa: E402
from studio.shell.stage import open_stage  # noqa: E402

FOLDER = ROOT / "resources" / "screenshots"
SIZE = (1366, 768)
MOST_BYTES = 200_000
FREQUENT, RARE, BIN_BITS = 160, 96, 3
"""Colors of a picture: the most frequent ones, where those that differ in their last bits only are
taken for one, and then those that are least like any of these."""


class Picture(NamedTuple):
    """example: a word in its name. node: which layer is selected. scale: of the font."""

    name: str
    example: str
    node: str
    dark: bool
    scale: float


PICTURES = (
    Picture("window", "Digits", "h1", False, 1.0),
    Picture("window-dark", "skip", "sum", True, 1.0),
    Picture("window-large", "Digits", "h1", False, 2.0),
    Picture("window-dark-large", "skip", "h2", True, 2.0),
)


def take(picture: Picture) -> QImage:
    """The window in the middle of a run."""
    path = next(path for path in example_files() if picture.example in path.stem)
    with open_stage(path, SIZE) as stage:
        theme.apply(picture.dark)
        stage.main.canvas.select([picture.node])
        for _ in range(stage.main.document.project.training.epochs // 2):
            stage.do("step_epoch")
            stage.wait(until="paused")
        stage.wait(until="idle")
        return stage.main.grab().toImage()


def in_few_colors(image: QImage) -> QImage:
    """The picture in 256 colors of its own: a third of the bytes. Qt would take others."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    width, height = image.width(), image.height()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(height, -1)[:, :width]
    colors, index, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    channels = np.stack([colors >> shift & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.int32)
    _, bin_of = np.unique(channels >> BIN_BITS, axis=0, return_inverse=True)
    weights = np.bincount(bin_of.ravel(), weights=counts)
    kept = np.argsort(-weights)[:FREQUENT]
    leaders = [_most_frequent(channels, counts, bin_of.ravel() == each) for each in kept]
    distances = np.stack([_distances(channels, leader) for leader in leaders])
    for _ in range(RARE):
        leaders.append(channels[distances.min(axis=0).argmax()])
        distances = np.vstack([distances, _distances(channels, leaders[-1])])
    nearest = distances.argmin(axis=0).astype(np.uint8)[index.reshape(height, width)]
    rows = np.zeros((height, -(-width // 4) * 4), np.uint8)
    rows[:, :width] = nearest
    small = QImage(rows.data, width, height, rows.shape[1], QImage.Format.Format_Indexed8)
    small.setColorTable([qRgb(*map(int, color)) for color in leaders])
    return small.copy()  # before the rows are gone


def _most_frequent(
    channels: NDArray[np.int32], counts: NDArray[np.int64], among: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """The color (3,) that most pixels have, of some."""
    return channels[among][counts[among].argmax()]


def _distances(channels: NDArray[np.int32], color: NDArray[np.int32]) -> NDArray[np.int64]:
    """How unlike a color all colors (n, 3) are."""
    return ((channels - color) ** 2).sum(axis=1)


def main() -> int:
    app = make_application()
    usual = app.font()
    for picture in PICTURES:
        font = app.font()
        font.setPointSizeF(picture.scale * usual.pointSizeF())
        QApplication.setFont(font)
        path = FOLDER / f"{picture.name}.png"
        image = take(picture)
        in_few_colors(image).save(str(path), "PNG", 0)
        QApplication.setFont(usual)
        size = path.stat().st_size
        print(f"{path.name}: {size:,} bytes")
        if size > MOST_BYTES:
            print(f"error: {path.name} is larger than {MOST_BYTES:,} bytes.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
