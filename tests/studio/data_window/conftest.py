"""Files of own data, small and of every kind of trouble."""

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def flowers(tmp_path):
    """60 sound rows of two numbers, a color and a class."""
    rng = np.random.default_rng(3)
    rows = ["length,width,color,species"]
    for index in range(60):
        a, b = rng.normal(index % 3, 0.1, 2)
        rows.append(f"{a:.3f},{b:.3f},{'red' if index % 2 else 'blue'},{'abc'[index % 3]}")
    path = tmp_path / "flowers.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture
def damaged(tmp_path):
    """A table with a word among numbers in line 4, and a ragged row in line 6."""
    rows = ["size;weight;kind"] + [f"{i},5;{i * 2},25;{'ab'[i % 2]}" for i in range(40)]
    rows[3], rows[5] = "many;4,25;a", "4,5;8"
    path = tmp_path / "damaged.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def pictures(tmp_path):
    """Two folders of eight 12 x 10 pictures."""
    folder = tmp_path / "shapes"
    rng = np.random.default_rng(5)
    for label, name in enumerate(("dark", "light")):
        (folder / name).mkdir(parents=True)
        for index in range(8):
            pixels = rng.integers(100 * label, 100 * label + 100, (10, 12, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{index}.png")
    return folder
