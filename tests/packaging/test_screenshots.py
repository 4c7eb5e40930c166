"""The pictures in the README: there, small, and of the size of a common screen."""

import re
import struct
from pathlib import Path

ROOT = Path(__file__).parents[2]

MOST_BYTES = 200_000


def test_every_picture_in_the_readme_is_there_and_small():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    names = re.findall(r"\((resources/screenshots/[^)]+\.png)\)", text)
    assert len(names) >= 4
    for name in names:
        content = (ROOT / name).read_bytes()
        assert len(content) <= MOST_BYTES, name
        assert struct.unpack(">II", content[16:24]) == (1366, 768), name
    assert {path.name for path in (ROOT / "resources" / "screenshots").iterdir()} == {
        name.rpartition("/")[2] for name in names
    }
