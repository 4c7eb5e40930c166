"""Letters are letters on a machine without fonts."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QFontMetrics

from studio.look.fonts import NEEDED, ensure_letters

ROOT = Path(__file__).parents[3]
NO_FONTS = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
    "<fontconfig><dir>{folder}/none</dir><cachedir>{folder}/cache</cachedir></fontconfig>"
)
ASK = """
from PySide6.QtGui import QFontMetrics
from studio.look.fonts import NEEDED
from studio.shell.app import make_application
app = make_application()
metrics = QFontMetrics(app.font())
print("".join(sign for sign in NEEDED if not metrics.inFontUcs4(ord(sign))) or "all there")
"""


def test_a_machine_without_fonts_shows_letters(tmp_path):
    conf = tmp_path / "fonts.conf"
    conf.write_text(NO_FONTS.format(folder=tmp_path), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "FONTCONFIG_FILE": str(conf)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "all there"


def test_a_font_that_has_every_sign_stays(qapp):
    metrics = QFontMetrics(qapp.font())
    assert ensure_letters() != all(metrics.inFontUcs4(ord(sign)) for sign in NEEDED)
