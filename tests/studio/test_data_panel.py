"""The Data panel: the bar of the split, presets, guards, cross-validation, by mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.data import PRESETS, DataPlan, PaintedSource, check_splits
from engine.experiments import cross_validate
from studio.data_panel import DataPanel
from studio.data_panel.parts import moved, parts_of, sizes_of
from studio.model import edits

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def panel(qtbot, document):
    panel = DataPanel(document)
    qtbot.addWidget(panel, before_close_func=DataPanel.shut_down)
    panel.resize(320, 900)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    qtbot.waitUntil(lambda: not panel.examiner.busy)
    return panel


def drag(bar, border, share, keys=NO_KEYS):
    """Pull a border to a share of the bar's width, in several moves."""
    start = QPoint(round(bar.x_of(border)), bar.height() // 2)
    end = QPoint(round(share * (bar.width() - 1)), start.y())
    QTest.mousePress(bar, LEFT, keys, start)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(bar, start + (end - start) * part)
    return end


def set_plan(document, **changes):
    plan = document.project.data.replace(**changes)
    document.edit(edits.set_data(document.project, plan), "Change")


# The bar


def test_dragging_a_border_changes_its_two_neighbors_in_one_undoable_step(panel, document):
    before, bar = document.project.data, panel.bar
    end = drag(bar, 0, 0.7)
    assert document.project.data is before  # nothing is edited on the way
    assert bar.counts == {"train": 84, "dev": 12, "test": 24}
    QTest.mouseRelease(bar, LEFT, NO_KEYS, end)
    plan = document.project.data
    assert (plan.train, plan.dev, plan.test) == (0.7, 0.1, 0.2)
    assert panel.counts.text() == "84 train / 12 dev / 24 test examples"
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project.data == before
    assert panel.counts.text() == "72 train / 24 dev / 24 test examples"


def test_escape_lets_a_border_go_where_it_was(panel, document):
    before, bar = document.project.data, panel.bar
    end = drag(bar, 1, 0.95)
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    QTest.mouseRelease(bar, LEFT, NO_KEYS, end)
    assert document.project.data == before
    assert bar.counts == {"train": 72, "dev": 24, "test": 24}


def test_the_test_set_can_be_dragged_away_and_back(panel, document, qtbot):
    bar = panel.bar
    end = drag(bar, 1, 1.0)
    QTest.mouseRelease(bar, LEFT, NO_KEYS, end)
    assert document.project.data.test == 0
    assert panel.counts.text() == "72 train / 48 dev / 0 test examples"
    end = drag(bar, 1, 0.9)
    QTest.mouseRelease(bar, LEFT, NO_KEYS, end)
    assert document.project.data.test == pytest.approx(0.1)


def test_keys_choose_a_border_and_move_it(panel, document):
    bar = panel.bar
    bar.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(bar, Qt.Key.Key_Right)
    assert document.project.data.train == pytest.approx(0.61)
    assert document.project.data.test == pytest.approx(0.2)
    QTest.keyClick(bar, Qt.Key.Key_Down)
    assert "between Dev and Test" in bar.accessibleDescription()
    QTest.keyClick(bar, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert document.project.data.test == pytest.approx(0.201)
    assert document.undo_stack.count() == 1  # quick keys are one step


@pytest.mark.parametrize("place", [-1.0, 0.0, 0.3, 0.6, 1.0, 2.0])
@pytest.mark.parametrize("border", [0, 1, 2])
def test_no_border_can_be_moved_to_an_impossible_division(border, place):
    plan = DataPlan(source="circles", train_dev=0.25)
    after = moved(plan, border, place, least=1 / 300)
    shares = [part.share for part in parts_of(after)]
    assert sum(shares) == pytest.approx(1)
    assert min(shares[:3]) > 0
    assert shares[3] >= 0
    assert all(size > 0 for name, size in sizes_of(after).items() if name in ("train", "dev"))


def test_a_border_moves_nothing_but_its_neighbors():
    plan = DataPlan(source="circles", train_dev=0.25)
    shares = np.array([part.share for part in parts_of(plan)])
    for border in range(2 if plan.train_dev is None else 1):
        after = np.array([part.share for part in parts_of(moved(plan, border, 0.4, 0.01))])
        others = [i for i in range(len(shares)) if i not in (border, border + 1)]
        assert after[others] == pytest.approx(shares[others])


def test_a_train_dev_part_is_shown_with_its_examples(panel, document):
    set_plan(document, train_dev=0.25)
    assert panel.counts.text() == "54 train / 18 train-dev / 24 dev / 24 test examples"
    assert [part.name for part in panel.bar.parts] == ["train", "train_dev", "dev", "test"]
    end = drag(panel.bar, 0, 0.3)
    QTest.mouseRelease(panel.bar, LEFT, NO_KEYS, end)
    assert document.project.data.train_dev == pytest.approx(0.5)
    assert document.project.data.train == 0.6


# Presets


def test_the_menu_has_every_preset_and_marks_the_proposed_one(panel, document):
    names = [action.text() for action in panel.presets.choices.actions()]
    assert [name.split()[0] for name in names] == [preset.name for preset in PRESETS]
    assert [name for name in names if "proposed" in name] == ["60/20/20 (proposed for these data)"]
    assert "120 examples" in panel.reason.text()


def test_a_preset_is_one_undoable_step(panel, document):
    action = panel.presets.choices.actions()[2]
    action.trigger()
    plan = document.project.data
    assert (plan.train, plan.dev, plan.test) == (0.8, 0.2, 0.0)
    assert document.undo_stack.undoText() == "Split the examples 80/20"
    assert panel.presets.words == "Preset: 80/20"


# Guards


def test_the_guards_are_those_of_the_engine(panel, document, qtbot):
    set_plan(document, source={"kind": "iris"})
    qtbot.waitUntil(lambda: not panel.examiner.busy)
    expected = check_splits(document.project.raw_data(), document.project.data)
    assert len(expected) > 1
    assert panel.about.text().startswith("4 features, 3 classes")
    texts = [row.layout().itemAt(0).widget().text.text() for row in panel.guards.rows]
    assert texts == [str(concern) for concern in expected]


def test_the_button_of_a_guard_mends_the_plan(panel, document, qtbot):
    set_plan(document, source={"kind": "iris"})
    qtbot.waitUntil(lambda: not panel.examiner.busy)
    [button] = panel.guards.buttons
    panel.scroller.ensureWidgetVisible(button)
    QTest.mouseClick(button, LEFT)
    assert document.project.data.distinct
    assert document.undo_stack.undoText() == "Remove duplicates from the training set"
    qtbot.waitUntil(lambda: not panel.examiner.busy)
    assert panel.guards.buttons == []
    sets = document.project.data.build()
    assert (
        panel.counts.text()
        == f"{sets.train.m} train / {sets.dev.m} dev / {sets.test.m} test examples"
    )


def test_large_sets_without_a_fault_are_called_sound(panel, document, qtbot):
    set_plan(document, source={"kind": "circles", "points": 4000})
    qtbot.waitUntil(lambda: not panel.examiner.busy)
    assert panel.guards.rows == []
    assert panel.guards.status.isVisibleTo(panel)
    assert "No problems" in panel.guards.status.text()


def test_a_hidden_panel_examines_nothing(qtbot, document):
    panel = DataPanel(document)
    qtbot.addWidget(panel, before_close_func=DataPanel.shut_down)
    set_plan(document, source={"kind": "iris"})
    assert not panel.examiner.busy


# Cross-validation


@pytest.fixture
def validation(panel, qtbot):
    panel.scroller.ensureWidgetVisible(panel.validate)
    QTest.mouseClick(panel.validate, LEFT)
    dialog = panel.cross_validation
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_cross_validation_shows_every_fold_and_their_mean(validation, document, qtbot):
    validation.count.setValue(3)
    QTest.mouseClick(validation.start, LEFT)
    qtbot.waitUntil(lambda: "%" in validation.summary.text())
    expected = [fold.dev.value for fold in cross_validate(document.project, 3)]
    cells = [validation.table.item(row, 2).text() for row in range(3)]
    assert cells == [f"{100 * error:.1f} %" for error in expected]
    mean, spread = np.mean(expected), np.std(expected, ddof=1)
    assert f"{100 * mean:.1f} % ± {100 * spread:.1f} %" in validation.summary.text()


def test_folds_of_an_older_design_are_grayed_until_it_is_undone(validation, document, qtbot):
    validation.count.setValue(2)
    QTest.mouseClick(validation.start, LEFT)
    qtbot.waitUntil(lambda: "%" in validation.summary.text() and validation.count.isEnabled())
    assert validation.veil.isHidden()
    document.edit(edits.set_training(document.project, "l2", 0.5), "L2")
    assert validation.veil.isVisible() and "has changed since" in validation.veil.sentence
    document.undo_stack.undo()
    assert validation.veil.isHidden()


def test_cross_validation_can_be_cancelled(validation, document, qtbot):
    project = document.project
    document.edit(edits.set_training(project, "epochs", 100_000), "Many epochs")
    QTest.mouseClick(validation.start, LEFT)
    assert validation.start.text() == "Cancel"
    QTest.mouseClick(validation.start, LEFT)
    qtbot.waitUntil(lambda: validation.start.text() == "Train All Folds")
    assert "Canceled" in validation.message.text()
    assert validation.table.rowCount() == 0


def test_own_data_are_named_though_no_list_offers_them(panel, document):
    points = tuple((float(k % 7), float(k % 5), k % 2) for k in range(40))
    set_plan(document, source=PaintedSource(points=points))
    combo = panel.forms[0].rows["source"].editor.combo
    assert combo.currentIndex() == -1
    assert combo.placeholderText() == "Painted points"
