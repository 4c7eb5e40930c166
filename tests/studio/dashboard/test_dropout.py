"""The dropout view: the very masks of the next step, crossed out; in evaluation none."""

import time
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from engine.words import short_number
from studio.dashboard.dropout import DropoutPanel
from studio.dashboard.dropout.unit_cells import UnitCell
from studio.look.theme import theme
from studio.running.snapshots import Workbench
from tests.studio.dashboard.asking import answer, prepare, questions_of, steps
from tests.studio.hands import choose, retype


@pytest.fixture
def project(make_project):
    return make_project(keep_prob=0.7)


@pytest.fixture
def panel(session, show):
    theme.apply(dark=False)
    workbench = Workbench()
    yield show(DropoutPanel(workbench), 430, 230)
    session.close()
    workbench.close()


@pytest.fixture
def prepared(qtbot, session, project, panel):
    prepare(qtbot, session, panel, project)
    steps(qtbot, session, project, 2)
    qtbot.waitUntil(lambda: panel.refresh(session.moment()) or panel.masks.iteration == 2)
    return panel


def masks_of_next_step(session):
    """Takes the next step, and returns the masks that it really drew, 0 or 1/keep_prob."""

    def spy(trainer):
        seen, learn = [], trainer.network.learn_from

        def learn_and_look(X, Y, **how):
            result = learn(X, Y, **how)
            seen.append(result.trace)
            return result

        trainer.network.learn_from = learn_and_look
        trainer.step()
        del trainer.network.learn_from
        parts = trainer.network.parts
        return [seen[0].caches[i] for i, part in enumerate(parts) if part.layer.draws_randomness]

    return session.call(spy).result()


def test_the_masks_are_those_that_the_next_step_draws(qtbot, session, prepared):
    shown = prepared.masks.masks
    assert [mask.node for mask in shown] == ["h1", "h2"]
    for mask, drawn in zip(shown, masks_of_next_step(session), strict=True):
        assert np.array_equal(mask.kept, drawn != 0)
        assert 0 < mask.kept.mean() < 1
        assert np.allclose(mask.after, mask.before * drawn)


def test_dropped_units_are_crossed_and_kept_ones_scaled(qtbot, prepared):
    mask, cells = prepared.masks.masks[0], prepared.cells
    dropped = int(np.flatnonzero(~mask.kept[:, 0])[0])
    kept = int(np.flatnonzero(mask.kept[:, 0])[0])
    assert cells.is_dropped(UnitCell(0, dropped))
    assert cells.text_of(UnitCell(0, dropped)) == "0"
    assert not cells.is_dropped(UnitCell(0, kept))
    assert cells.text_of(UnitCell(0, kept)) == short_number(float(mask.before[kept, 0] / 0.7))
    picture = cells.viewport().grab().toImage()
    ground = {unit: cells.rect_of(UnitCell(0, unit)) for unit in (dropped, kept)}
    corners = {
        unit: picture.pixelColor(rect.left() + 5, rect.center().y())
        for unit, rect in ground.items()
    }
    assert corners[dropped] == QColor(theme.colors.surface)
    assert corners[kept] != QColor(theme.colors.surface)


def test_the_heading_tells_keep_prob_its_inverse_and_the_count(prepared):
    kept = prepared.masks.masks[1].kept[:, 0]
    share = f"{kept.mean():.0%}".replace("%", " %")
    expected = f"keep_prob 0.7, 1/keep_prob = 1.429: {kept.sum()} of 5 kept ({share})"
    assert prepared.cells.heading(1) == expected


def test_every_example_has_its_own_mask(qtbot, prepared):
    retype(prepared.example, "3")
    QTest.keyClick(prepared.example, Qt.Key.Key_Return)
    mask = prepared.masks.masks[0]
    dropped = [prepared.cells.is_dropped(UnitCell(0, unit)) for unit in range(10)]
    assert dropped == (~mask.kept[:, 2]).tolist()


def test_of_the_whole_batch_the_examples_that_keep_a_unit_are_counted(qtbot, prepared):
    prepared.example.setFocus()
    QTest.keyClick(prepared.example, Qt.Key.Key_Down)
    assert prepared.example.text() == "whole batch"
    mask = prepared.masks.masks[0]
    assert prepared.cells.text_of(UnitCell(0, 4)) == f"{mask.kept[4].sum()}/16"
    assert f"{mask.kept.sum()} of 160 kept" in prepared.cells.heading(0)


def test_another_mask_is_drawn_in_place_and_training_does_not_notice(qtbot, session, prepared):
    rng = session.call(lambda t: t.network.rng.state()).result()
    before = prepared.masks.masks[0].kept
    seen = [before]
    for _ in range(2):
        QTest.mouseClick(prepared.again, Qt.MouseButton.LeftButton)
        answer(qtbot, session, prepared)
        seen.append(prepared.masks.masks[0].kept)
    assert not any(np.array_equal(a, b) for a, b in pairwise(seen))
    assert prepared.words.text() == "preview, not from training"
    assert session.call(lambda t: t.network.rng.state()).result() == rng


def test_after_a_step_the_masks_of_the_next_one_are_shown(qtbot, session, project, prepared):
    prepared.draw_again()
    answer(qtbot, session, prepared)
    steps(qtbot, session, project, 1)
    qtbot.waitUntil(lambda: prepared.refresh(session.moment()) or prepared.masks.iteration == 3)
    answer(qtbot, session, prepared)
    assert prepared.words.text() == "step 4"
    kept = prepared.masks.masks[0].kept
    assert np.array_equal(kept, masks_of_next_step(session)[0] != 0)


def test_in_evaluation_nothing_is_dropped_and_nothing_scaled(qtbot, session, prepared):
    choose(prepared.mode, "Evaluation")
    answer(qtbot, session, prepared)
    for mask in prepared.masks.masks:
        assert mask.kept.all()
        assert np.array_equal(mask.before, mask.after)
    assert prepared.cells.heading(0) == "keep_prob 0.7: nothing is dropped, nothing is scaled"
    assert not prepared.again.isEnabled()


def test_arrows_walk_through_the_units_and_the_formula_has_the_numbers(qtbot, prepared):
    cells, mask = prepared.cells, prepared.masks.masks[0]
    cells.setFocus()
    QTest.keyClick(cells, Qt.Key.Key_Right)
    assert cells.current == UnitCell(0, 1)
    for unit in range(10):
        cells.set_current(UnitCell(0, unit))
        a = short_number(float(mask.before[unit, 0]))
        scaled = short_number(float(mask.after[unit, 0]))
        expected = f"a = {a} / 0.7 = {scaled}." if mask.kept[unit, 0] else f"a = {a}, dropped"
        assert expected in prepared.formula.text()
    QTest.keyClick(cells, Qt.Key.Key_Right)
    assert cells.current == UnitCell(1, 0)
    place = cells.rect_of(UnitCell(0, 2)).center()
    cells.verticalScrollBar().setValue(0)
    QTest.mouseClick(cells.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert cells.current == UnitCell(0, 2)


def test_while_training_the_masks_change_at_most_once_a_second(
    qtbot, session, project, prepared, monkeypatch
):
    now = [0.0]  # before the masks shown were drawn, and so at most a second after it
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr("studio.dashboard.dropout.panel.time", clock)
    asked = questions_of(prepared, monkeypatch)
    session.play(project.replace(training=project.training.replace(epochs=10_000)))
    qtbot.waitUntil(lambda: session.state == "running")
    prepared.refresh(session.moment())
    assert asked == []
    assert prepared.behind
    now[0] = time.monotonic() + 1.1
    prepared.refresh(session.moment())
    assert len(asked) == 1


def test_without_dropout_there_is_a_sentence(qtbot, session, panel, make_project):
    prepare(qtbot, session, panel, make_project())
    assert panel.is_empty
    assert not panel.controls.isVisible()
