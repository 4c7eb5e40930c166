"""Plain text: no label, box or tooltip takes a name for markup, or is widened by a long one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QWidget

import studio
from studio.look.plain_text import PlainLabel, plain_tip, without_keys, wrapped_tip
from studio.widgets.question import message_box

SOURCES = sorted(Path(studio.__file__).parent.rglob("*.py"))
MAKERS = {
    "QLabel": ("plain_text.py", "empty_hint.py"),
    "QMessageBox": ("question.py",),
    "QErrorMessage": (),
    "QTextBrowser": (),
    "QTextEdit": (),
    "QGraphicsTextItem": (),
    "QToolTip": (),
    "QWhatsThis": (),
}
"""What guesses whether a text is markup, and the files that may make one."""
RICH = {"setHtml": (), "insertHtml": (), "RichText": ("empty_hint.py", "numbers/panel.py")}
TIPS = ("setToolTip", "setTabToolTip", "setWhatsThis")
ESCAPED = ("plain_tip", "wrapped_tip", "tooltip_of")
HOSTILE = [
    "<img src=picture.png>",
    "<b>bold</b> & <script>",
    "&lt;p&gt;",
    "a < b > c",
    "two\nlines\ttab",
    "x" * 100_000,
    "\u202egpj.exe",
    "😀👩‍👩‍👧",
    "<p>" + "y" * 2_000,
]


def trees():
    for path in SOURCES:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def name_of(node: ast.expr) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def base_names(node: ast.AST) -> list[str]:
    """What a call makes, or calls on a class (QMessageBox.critical), and what a class derives."""
    if isinstance(node, ast.ClassDef):
        return [name_of(base) for base in node.bases]
    if isinstance(node, ast.Call):
        function = node.func
        owner = getattr(function, "value", None)
        return [name_of(function), *([name_of(owner)] if owner is not None else [])]
    return []


def test_nothing_that_guesses_markup_is_made_outside_of_the_files_that_tame_it():
    found = [
        f"{path}: {name}"
        for path, tree in trees()
        for node in ast.walk(tree)
        for name in base_names(node)
        if name in MAKERS and path.name not in MAKERS[name]
    ]
    assert found == []


def test_markup_is_set_where_its_names_are_escaped_and_nowhere_else():
    found = [
        f"{path}: {name_of(node)}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in RICH
        and not path.as_posix().endswith(RICH[node.attr])
    ]
    assert found == []


def is_known(text: ast.expr) -> bool:
    """Whether it is a text of ours, or made harmless."""
    if isinstance(text, ast.IfExp):
        return is_known(text.body) and is_known(text.orelse)
    if isinstance(text, ast.Call):
        of_ours = name_of(text.func) in ("tr", "_tr") and all(map(is_known, text.args))
        return of_ours or name_of(text.func) in ESCAPED
    return isinstance(text, ast.Constant)


def test_every_tooltip_is_a_text_of_ours_or_made_harmless():
    found = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node.func) in TIPS and not is_known(node.args[-1])
    ]
    assert found == []


def test_these_rules_find_what_they_look_for():
    tree = ast.parse('box = QMessageBox.critical(w, t, x); x.setToolTip(f"{name}"); x.setHtml(y)')
    names = [name for node in ast.walk(tree) for name in base_names(node)]
    assert "QMessageBox" in names
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    (tip,) = (call for call in calls if name_of(call.func) in TIPS)
    assert not is_known(tip.args[-1])
    assert any(getattr(node, "attr", "") in RICH for node in ast.walk(tree))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_label_shows_the_characters_and_stays_narrow(qtbot, text):
    label = PlainLabel(text)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == text
    label.setWordWrap(True)
    assert label.minimumSizeHint().width() < 1_000


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("tip", [plain_tip, lambda text: wrapped_tip([text])])
def test_a_tooltip_reads_as_the_characters_that_it_was_given(qtbot, text, tip):
    shown = QLabel(tip(text))  # a tooltip guesses as this does
    qtbot.addWidget(shown)
    shown.setWordWrap(True)
    is_rich = tip(text).startswith("<p>")
    read = QTextDocumentFragment.fromHtml(tip(text)).toPlainText() if is_rich else tip(text)
    read = "".join(read.replace("\u200b", "").split())
    expected = "".join(text.replace("\u202e", "\\u202e").split())
    assert read == expected or (read.endswith("…") and expected.startswith(read[:-1]))
    assert len(read) > min(len(expected), 900) - 1
    assert shown.sizeHint().height() < 2_000


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_message_box_fits_on_the_screen_whatever_it_says(qtbot, text):
    parent = QWidget()
    qtbot.addWidget(parent)
    box = message_box(parent, "Title", text)
    box.show()
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert box.width() < 1_280 and box.height() < 900


def test_an_override_turns_no_sentence_around(qtbot):
    label = PlainLabel("“\u202egpj.exe” has 5 examples.")
    qtbot.addWidget(label)
    assert QLabel.text(label) == "“\\u202egpj.exe” has 5 examples."
    assert plain_tip("\u2067x") == "\\u2067x"


def test_an_ampersand_in_a_name_is_no_mark_of_a_key():
    assert without_keys("Q&A") == "Q&&A"
