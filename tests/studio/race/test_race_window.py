"""RaceWindow: what is set up is what races; what is plotted is what the engine computed."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

import engine
from engine.project.differences import differences
from engine.project.sets import fingerprint
from studio.model import edits
from studio.race import RaceWindow
from studio.running.session import State
from tests.studio.conftest import small_project
from tests.studio.hands import activate, choose, press_keys, retype


@pytest.fixture
def project():
    return small_project(epochs=6)


@pytest.fixture
def window(qtbot, document, session):
    window = RaceWindow(document, session)
    qtbot.addWidget(window)
    window.resize(1_100, 700)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.close()


def click(qtbot, button):
    qtbot.waitUntil(button.isEnabled)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def wait_for(qtbot, window, *states):
    """Wait until the race is in one of these states, and the window knows."""
    qtbot.waitUntil(lambda: window.racer.state in states)
    window.racer.call(len).result(timeout=30)  # the racer has said so
    QApplication.processEvents()


def race(qtbot, window):
    """To the end; the curves and the table have seen it."""
    before = window.racer.lanes
    click(qtbot, window.bar.play)
    qtbot.waitUntil(lambda: window.racer.lanes is not before and bool(window.racer.lanes))
    wait_for(qtbot, window, State.FINISHED)
    assert window.bar.status.text().startswith("finished")


def vary(window, title, where="the whole network"):
    choose(window.setup.where, where)
    choose(window.setup.what, title)


def plotted(window):
    pairs = zip(window.board.overlay.lines, window.board.overlay.curves, strict=True)
    return {(line.key, line.name): curve.getData() for line, curve in pairs}


def test_the_curves_and_the_table_are_the_engines_numbers(qtbot, window):
    vary(window, "L2 λ")
    race(qtbot, window)
    lanes = window.racer.lanes
    assert [lane.entry.project.training.l2 for lane in lanes] == [0.0, 0.1, 1.0]
    drawn = plotted(window)
    assert set(drawn) == {(str(at), name) for at in range(3) for name in ("train", "dev")}
    for at, lane in enumerate(lanes):
        evaluations = lane.trainer.history.evaluations
        for name in ("train", "dev"):
            x, y = drawn[str(at), name]
            assert x.tolist() == evaluations["iteration"].values.tolist()
            assert np.array_equal(y, evaluations[f"{name}_cost"].values)
        texts = [
            window.board.standings.item(at, c).text()
            for c in range(window.board.standings.columnCount())
        ]
        latest = lane.trainer.history.latest
        assert texts == [
            lane.entry.title,
            "6",
            f"{latest['train_cost']:.4g}",
            f"{latest['dev_cost']:.4g}",
            f"{100 * latest['train_score']:.2f} %",
            f"{100 * latest['dev_score']:.2f} %",
            "finished",
        ]
    window.board.tabs.setCurrentIndex(1)
    x, y = plotted(window)["2", "dev"]
    scores = lanes[2].trainer.history.evaluations
    assert x.tolist() == scores["epoch"].values.tolist()
    assert np.array_equal(y, scores["dev_score"].values)


def test_the_veil_over_an_outdated_race_covers_all_pictures_and_moves_none(qtbot, window, document):
    vary(window, "Initializer")
    race(qtbot, window)
    QApplication.processEvents()
    board = window.board
    before = board.planes.geometry(), board.overlay.geometry()
    document.edit(edits.set_training(document.project, "l2", 0.3), "Change L2")
    QApplication.processEvents()
    assert board.veil.isVisible()
    assert board.veil.geometry() == board.veil.parentWidget().rect()
    assert (board.planes.geometry(), board.overlay.geometry()) == before


def test_a_race_that_cannot_begin_shows_no_pictures_of_an_earlier_one(qtbot, window, document):
    vary(window, "Initializer")
    race(qtbot, window)
    assert window.board.planes.isVisible()
    design = document.project.design
    document.edit(edits.disconnect(document.project, design.wires[:1]), "Delete wire")
    click(qtbot, window.bar.play)
    wait_for(qtbot, window, State.FAILED)
    assert not window.board.planes.isVisible()


def test_each_variant_has_its_own_plane_with_its_own_predictions(qtbot, window):
    vary(window, "Initializer")
    race(qtbot, window)
    assert len(window.board.planes.views) == 3
    qtbot.waitUntil(lambda: all(view.picture is not None for view in window.board.planes.views))
    qtbot.waitUntil(lambda: not window.board.planes.busy)
    window.board.planes.ask()
    qtbot.waitUntil(lambda: not window.board.planes.busy)
    for view, lane in zip(window.board.planes.views, window.racer.lanes, strict=True):
        plane = view.picture.plane
        left, right, bottom, top = plane.box
        columns, rows = plane.cells
        x = left + (np.arange(columns) + 0.5) * (right - left) / columns
        y = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
        grid = np.stack([a.ravel() for a in np.meshgrid(x, y)])
        inputs = grid
        if lane.trainer.data.normalization is not None:
            inputs = lane.trainer.data.normalization.apply(grid)
        expected = lane.trainer.network.predict(inputs)[0].reshape(rows, columns)
        assert view.picture.values == pytest.approx(expected, abs=1e-4)


def test_play_pause_step_and_rewind_move_all_variants_together(qtbot, window, document):
    document.try_edit(lambda p: edits.set_training(p, "epochs", 100_000), "Epochs")
    vary(window, "Optimizer")
    click(qtbot, window.bar.step)
    wait_for(qtbot, window, State.PAUSED)
    iterations = lambda: [lane.trainer.iteration for lane in window.racer.lanes]  # noqa: E731
    assert iterations() == [1, 1, 1]
    click(qtbot, window.bar.play)
    qtbot.waitUntil(lambda: min(iterations()) > 20)
    qtbot.waitUntil(lambda: window.bar.play.text() == "&Pause")
    assert not window.setup.isEnabled()
    click(qtbot, window.bar.play)
    wait_for(qtbot, window, State.PAUSED)
    assert len(set(iterations())) == 1
    click(qtbot, window.bar.rewind)
    qtbot.waitUntil(lambda: window.racer.state is State.READY and iterations() == [0, 0, 0])


def test_a_value_is_typed_a_variant_is_added_and_removed(qtbot, window):
    vary(window, "L2 λ")
    click(qtbot, window.setup.add)
    assert window.setup.values == [0.0, 0.1, 1.0, 10.0]
    assert not window.setup.add.isEnabled()
    click(qtbot, window.setup.rows[1].remove)
    click(qtbot, window.setup.rows[1].remove)
    assert window.setup.values == [0.0, 10.0]
    assert not any(row.remove.isEnabled() for row in window.setup.rows)
    line = window.setup.rows[1].form.rows["l2"].editor.input
    retype(line, "0.25")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert window.setup.values == [0.0, 0.25]
    race(qtbot, window)
    assert [lane.entry.project.training.l2 for lane in window.racer.lanes] == [0.0, 0.25]


def test_a_value_out_of_range_is_refused_at_its_field(qtbot, window):
    vary(window, "Keep probability", "h1")
    row = window.setup.rows[1].form.rows["keep_prob"]
    retype(row.editor.input, "7")
    qtbot.keyClick(row.editor.input, Qt.Key.Key_Return)
    assert "must be" in row.sentence.text.text()
    assert 7 not in window.setup.values


def test_the_selected_variant_is_taken_over_as_one_undoable_edit(qtbot, window, document, project):
    vary(window, "Batch norm", "h1")
    race(qtbot, window)
    runs = len(document.project.runs)
    window.board.standings.selectRow(1)
    count = document.undo_stack.count()
    click(qtbot, window.board.take_over)
    assert document.undo_stack.count() == count + 1
    assert document.undo_stack.undoText() == "Use batch norm yes"
    (found,) = differences(project, document.project)
    assert found.text == "batch norm of h1 inherited → yes"
    document.undo_stack.undo()
    assert document.project.design == project.design
    assert len(document.project.runs) >= runs


def test_what_is_used_is_what_was_raced_though_another_setting_was_chosen_since(
    qtbot, window, document
):
    vary(window, "Batch norm", "h1")
    race(qtbot, window)
    window.board.standings.selectRow(1)
    vary(window, "L2 λ")
    window.adopt()
    assert document.undo_stack.undoText() == "Use batch norm yes"


def test_a_variant_of_a_layer_that_is_gone_is_refused_with_a_sentence(qtbot, window, document):
    vary(window, "Batch norm", "h1")
    race(qtbot, window)
    window.board.standings.selectRow(1)
    document.try_edit(lambda p: edits.remove(p, ["h1"]), "Delete h1")
    count = document.undo_stack.count()
    window.adopt()
    assert document.undo_stack.count() == count
    assert "no longer has the setting" in window.bar.message.text()


def test_finished_variants_join_the_runs_under_their_names(qtbot, window, document):
    vary(window, "L2 λ")
    race(qtbot, window)
    qtbot.waitUntil(lambda: len(document.project.runs) == 3)
    assert [run.title for run in document.project.runs] == ["L2 λ 0", "L2 λ 0.1", "L2 λ 1"]
    assert [run.training.l2 for run in document.project.runs] == [0.0, 0.1, 1.0]


def test_a_race_pauses_the_windows_run_and_is_paused_by_it(qtbot, window, document, session):
    document.try_edit(lambda p: edits.set_training(p, "epochs", 100_000), "Epochs")
    session.play(document.project)
    qtbot.waitUntil(lambda: session.state is State.RUNNING)
    click(qtbot, window.bar.play)
    wait_for(qtbot, window, State.RUNNING)
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    assert window.bar.message.text() == "The run in the main window is paused during the race."
    session.play(document.project)
    wait_for(qtbot, window, State.PAUSED)
    assert session.state is State.RUNNING
    qtbot.waitUntil(lambda: "race is paused" in window.bar.message.text())
    session.pause()


def test_other_variants_begin_anew_and_the_window_says_so(qtbot, window, document):
    vary(window, "L2 λ")
    race(qtbot, window)
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 3), "Units")
    assert window.bar.message.text() == "The variants have changed. Play restarts the race."
    race(qtbot, window)
    assert {l.entry.project.design.nodes["h1"].units for l in window.racer.lanes} == {3}  # noqa: E741


def test_a_setting_that_another_edit_took_away_gives_way_to_one_that_exists(
    qtbot, window, document
):
    vary(window, "Units", "h1")
    document.try_edit(lambda p: edits.remove(p, ["h1"]), "Delete")
    assert window.setup.where.currentText() == "the whole network"
    assert window.setup.factor.exists_in(document.project)


def test_closing_in_mid_race_ends_its_thread_and_opening_again_begins_anew(qtbot, window, document):
    document.try_edit(lambda p: edits.set_training(p, "epochs", 100_000), "Epochs")
    click(qtbot, window.bar.play)
    wait_for(qtbot, window, State.RUNNING)
    press_keys("Esc")
    assert not window.isVisible() and window.racer.state is State.EMPTY
    window.show()
    document.try_edit(lambda p: edits.set_training(p, "epochs", 2), "Epochs")
    race(qtbot, window)


def test_ctrl_r_opens_it_over_the_window_and_f5_then_plays_the_race_alone(
    qtbot, open_window, project
):
    main = open_window(project)
    qtbot.waitUntil(lambda: main.session.state is State.READY)
    press_keys("Ctrl+R")
    race_window = main.windows.find("race")
    activate(qtbot, race_window)
    press_keys("F5")
    wait_for(qtbot, race_window, State.FINISHED)
    assert main.session.state is State.READY
    qtbot.waitUntil(lambda: len(main.document.project.runs) == 3)
    activate(qtbot, race_window)
    press_keys("Esc")
    assert not race_window.isVisible()


def test_at_the_end_each_plane_shows_what_the_trained_network_decides(qtbot, window):
    race(qtbot, window)
    qtbot.waitUntil(lambda: not window.board.planes.is_behind)
    for lane, view in zip(window.racer.lanes, window.board.planes.views, strict=True):
        picture, trainer = view.picture, lane.trainer
        cells = picture.plane.inputs(picture.plane.centers())
        expected = trainer.network.predict(cells)[0].reshape(picture.values.shape)
        assert np.allclose(picture.values, expected, atol=1e-5)


def test_two_equal_variants_are_refused_with_their_names(qtbot, window):
    vary(window, "L2 λ")
    window.setup.values[1] = window.setup.values[0]
    click(qtbot, window.bar.play)
    assert window.bar.message.text().startswith("Variants A and B are the same.")
    assert window.racer.state is State.EMPTY


def test_the_banner_says_in_what_the_variants_differ_besides(qtbot, window):
    vary(window, "Optimizer")
    race(qtbot, window)
    told = window.banner.text()
    assert told.startswith("Besides the optimizer, these differ: learning rate α")
    rates = {lane.entry.project.training.optimizer.learning_rate for lane in window.racer.lanes}
    assert len(rates) > 1
    for lane in window.racer.lanes:
        rate = lane.entry.project.training.optimizer.learning_rate
        assert f"learning rate α {rate:g}" in lane.entry.title
    vary(window, "L2 λ")
    race(qtbot, window)
    assert window.banner.text().startswith("Fair: only the L2 λ differs.")


def test_what_the_race_says_it_shows_is_what_the_same_runs_give_afresh(qtbot, window, document):
    assert window.shown()["empty"]
    race(qtbot, window)
    qtbot.waitUntil(lambda: not window.board.planes.is_behind)
    shown = window.shown()
    assert shown["variants"] == [entry.title for entry in window.setup.entries()]
    assert shown["data"]["fingerprint"] == fingerprint(document.project)
    for entry, outcome, plane in zip(
        window.setup.entries(), shown["outcomes"], shown["planes"], strict=True
    ):
        data = entry.project.build_data()
        network = engine.Network(entry.project.design, entry.project.training, data=data)
        trainer = engine.Trainer(network, data)
        while not trainer.finished:
            trainer.step()
        assert outcome == {
            **trainer.history.latest,
            "iteration": trainer.iteration,
            "epoch": trainer.epoch,
            "outcome": "finished",
        }
        _, y = shown["curves"][f"{entry.title}, train"]
        assert np.array_equal(y, trainer.history.evaluations["train_cost"].values)
        a, b = np.meshgrid(plane["x"], plane["y"])
        X = data.normalization.apply(np.stack([a.ravel(), b.ravel()])).astype("f4")
        assert np.allclose(plane["values"], network.predict(X).reshape(a.shape), atol=1e-5)
    assert shown["stale"] == ""
    document.try_edit(lambda p: edits.set_training(p, "epochs", 3), "Epochs")
    assert "have changed" in window.shown()["stale"]
    race(qtbot, window)
    assert window.shown()["stale"] == "" and window.shown()["epoch"] == 3


def test_the_titles_above_the_planes_are_whole(qtbot, window):
    vary(window, "Optimizer")
    race(qtbot, window)
    window.resize(800, 560)
    assert len(window.board.planes.titles) > 1
    for label in window.board.planes.titles:
        qtbot.waitUntil(label.isVisible)
        assert label.height() >= label.heightForWidth(label.width())
        words = label.text().split()
        assert max(map(label.fontMetrics().horizontalAdvance, words)) <= label.width()
