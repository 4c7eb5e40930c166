"""Hostile names: markup, newlines, overlong names, bidirectional overrides and emoji in every name.

They appear as the characters that they are, in all panels and windows; none widens the window.
"""

from __future__ import annotations

import csv
from datetime import datetime
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QEvent, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtGui import Qt as Rich
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QGraphicsTextItem,
    QGraphicsView,
    QGroupBox,
    QLabel,
    QMenu,
    QPushButton,
    QRadioButton,
    QTabBar,
    QToolButton,
    QWidget,
)

import engine
from engine.data import DataPlan
from engine.data.tables import open_table, preview
from engine.files import save_project
from engine.project import Group, Note, Project
from engine.project.findings import ErrorAnalysis
from studio.model import edits
from studio.model.recovery_file import Orphan
from studio.plots.export import write_svg
from studio.shell.recovery_dialog import RecoveryDialog
from studio.shell.stage import open_stage
from studio.shell.windows import IDS
from studio.widgets.question import message_box

IMAGE = "<img src=pipe>"
NAME = f"{IMAGE} R&D <b>b 😀👩👧"
"""What fits into a layer's name, too."""
OVERRIDE = "\u202egpj.exe"
LONG = "y" * 100_000
WIDTH, HEIGHT = 1366, 768
MOST_CELLS = 500
SIDE_WINDOWS = [id for id in IDS if id != "data_import"]


def table(folder):
    """Two classes and three features with hostile names, on 120 rows."""
    path = folder / "table.csv"
    classes = (f"{NAME}\nand a second line{OVERRIDE}", LONG)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([f"{NAME} 1", f"x{OVERRIDE}", LONG, "kind"])
        writer.writerows([i % 7, i % 5 - i, i % 3, classes[i % 2]] for i in range(120))
    return path


def hostile_project(folder) -> Project:
    found = preview(table(folder))
    source = open_table(folder / "table.csv", found.options, found.columns).source
    first, second = f"{NAME}1", f"{NAME}2"
    layers = [
        engine.Input(),
        engine.Dense(units=5, batch_norm=True),
        engine.Dense(units=4, keep_prob=0.8),
        engine.Output(task="binary"),
    ]
    design = engine.Design.sequential(layers, ["x", first, second, f"{NAME}y"])
    return Project(
        design=design,
        training=engine.TrainingSettings(batch_size=24, epochs=5),
        data=DataPlan(source=source),
        notes=f"{NAME}\n{OVERRIDE}\n{'words ' * 1_000}",
        remarks=(Note(f"{NAME}\n{OVERRIDE}\n{'z' * 5_000}", 0.0, 300.0),),
        groups=(Group(f"{NAME}g", (first, second)),),
        analysis=ErrorAnalysis((f"{NAME}c",)),
    )


@pytest.fixture
def stage(qtbot, tmp_path):
    path = tmp_path / f"{NAME}.netdesign"
    save_project(hostile_project(tmp_path), path)
    with open_stage(path, (WIDTH, HEIGHT)) as stage:
        yield stage


def train_and_name(stage):
    """Two runs, one of which a person has named."""
    document = stage.main.document
    for _ in range(2):
        stage.do("play")
        stage.wait(until="finished")
        stage.do("new_seed")
    key = document.project.runs[0].key
    assert not document.try_edit(lambda p: edits.name_run(p, key, NAME), f"Name {NAME}")
    stage.wait(until="idle")


def texts_that_qt_may_take_for_markup(widget: QWidget):
    """(where, text) of labels that guess, and of tooltips of widgets, cells, scenes and entries."""
    kind = type(widget).__name__
    if isinstance(widget, QLabel) and widget.textFormat() is not Qt.TextFormat.PlainText:
        yield f"label {kind}", widget.text()
    yield f"tip of {kind}", widget.toolTip()
    if isinstance(widget, QTabBar):
        yield from ((f"tab of {kind}", widget.tabToolTip(i)) for i in range(widget.count()))
    if isinstance(widget, QGraphicsView) and widget.scene() is not None:
        items = widget.scene().items()
        yield from ((f"item in {kind}", item.toolTip()) for item in items)
        texts = (item for item in items if isinstance(item, QGraphicsTextItem))
        yield from ((f"text in {kind}", IMAGE) for item in texts if "<img" in item.toHtml())
    yield from ((f"action of {kind}", action.toolTip()) for action in widget.actions())
    model = getattr(widget, "model", None)
    model = model() if callable(model) else None
    if isinstance(model, QAbstractItemModel):
        yield from ((f"cell of {kind}", tip) for tip in tips_of(model))


def tips_of(model: QAbstractItemModel, parent: QModelIndex = QModelIndex()):  # noqa: B008
    cells = [
        model.index(row, column, parent)
        for row in range(min(model.rowCount(parent), MOST_CELLS))
        for column in range(min(_sections(model, Qt.Orientation.Horizontal, parent), MOST_CELLS))
    ]
    for cell in cells[:MOST_CELLS]:
        yield str(cell.data(Qt.ItemDataRole.ToolTipRole) or "")
        yield from tips_of(model, cell)
    for orientation in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical):
        for section in range(min(_sections(model, orientation, parent), MOST_CELLS)):
            tip = model.headerData(section, orientation, Qt.ItemDataRole.ToolTipRole)
            yield str(tip or "")


def _sections(model, orientation, parent):
    if orientation is Qt.Orientation.Vertical:
        return model.rowCount(parent)
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)


def texts_that_mark_keys(widget: QWidget):
    """Of what takes an & for the mark of a key."""
    if isinstance(widget, QPushButton | QToolButton | QCheckBox | QRadioButton):
        yield widget.text()
    if isinstance(widget, QGroupBox | QMenu):
        yield widget.title()
    if isinstance(widget, QTabBar):
        yield from (widget.tabText(i) for i in range(widget.count()))
    if isinstance(widget, QMenu):
        yield from (action.text() for action in widget.actions() if isinstance(action, QAction))


def check_all_widgets(stage, where):
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    for widget in QApplication.allWidgets():
        for what, text in texts_that_qt_may_take_for_markup(widget):
            assert not (IMAGE in text and Rich.mightBeRichText(text)), f"{where}: {what}: {text}"
        for text in texts_that_mark_keys(widget):
            assert "R&D" not in text, f"{where}: {type(widget).__name__}: {text}"
        if widget.isWindow() and widget.isVisible():
            assert widget.width() <= WIDTH, f"{where}: {type(widget).__name__}: {widget.size()}"
    assert stage.main.size().toTuple() == (WIDTH, HEIGHT), f"{where}: {stage.main.size()}"


def test_no_panel_takes_a_name_for_markup_or_is_widened_by_it(stage):
    train_and_name(stage)
    check_all_widgets(stage, "start")
    for id in stage.main.docks.ids:
        stage.panel(id).show()
        stage.wait(until="idle")
        check_all_widgets(stage, id)
    for node in stage.main.document.project.design.nodes:
        stage.select(node)
        stage.panel("inspector").show()
        check_all_widgets(stage, node)


def test_no_window_takes_a_name_for_markup_or_is_widened_by_it(stage, tmp_path):
    train_and_name(stage)
    for id in SIDE_WINDOWS:
        view = stage.window(id)
        stage.wait(until="idle")
        check_all_widgets(stage, id)
        view.widget.close()
    data = stage.main.data_views
    data.open_path(tmp_path / "table.csv")
    stage.wait(until="idle")
    assert data.importing is not None
    check_all_widgets(stage, "data_import")


def test_what_was_recovered_and_kept_in_the_palette_shows_a_name_as_it_is(stage, tmp_path):
    main = stage.main
    stage.select(f"{NAME}1", f"{NAME}2")
    main.canvas.keep_group()
    assert f"{NAME}g" in [block.name for block in main.block_library.blocks]
    project = main.document.project
    orphan = Orphan(tmp_path / "x", tmp_path / f"{NAME}{OVERRIDE}", datetime.now(), project, "")
    dialog = RecoveryDialog(main.recovery, [orphan], lambda: True, main)
    dialog.open()
    stage.do("command_palette")
    check_all_widgets(stage, "recovery")
    dialog.close()


def test_menus_and_messages_show_a_name_as_it_is(stage, tmp_path):
    stage.open(tmp_path / f"{NAME}.netdesign")  # comes into the recent files
    files = stage.main.files
    files.recent.aboutToShow.emit()
    stage.set("training.seed", 5)
    stage.main.message_bar.tell(f"{NAME}\n{LONG}", "Act", lambda: None)
    box = message_box(stage.main, NAME, f"{NAME} {LONG}")
    box.show()
    check_all_widgets(stage, "messages")
    box.close()
    assert files.recent.actions()[0].text().replace("&&", "&") == f"{NAME}.netdesign"


def test_a_curve_is_exported_with_its_name_as_text(stage, tmp_path):
    train_and_name(stage)
    panel = stage.panel("runs")
    panel.show()
    stage.wait(until="idle")
    plot = stage.panel("cost").widget.plot
    plot.setAccessibleName(NAME)
    write_svg(plot, tmp_path / "plot.svg")
    root = ElementTree.parse(tmp_path / "plot.svg").getroot()
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title.text == NAME
    assert not list(root.iter("{http://www.w3.org/2000/svg}img"))


def test_these_checks_find_a_label_that_guesses(qtbot):
    label, button = QLabel(NAME), QPushButton(NAME)
    for widget in (label, button):
        qtbot.addWidget(widget)
    ((_, text), *_rest) = texts_that_qt_may_take_for_markup(label)
    assert IMAGE in text and Rich.mightBeRichText(text)
    assert "R&D" in next(iter(texts_that_mark_keys(button)))
