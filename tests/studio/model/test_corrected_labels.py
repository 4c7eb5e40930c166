"""A label that a person has corrected reaches every place where data are made."""

import numpy as np
import pytest

from engine.experiments.races import RaceEntry
from engine.files import TrainedModel
from engine.probes.snapshot import Snapshot
from engine.project import same_data, same_run
from engine.project.corrections import example_keys
from studio.dashboard.histograms import HistogramsPanel
from studio.model.document import Document
from studio.race.racer import Racer
from studio.running.session import State
from studio.running.snapshots import Workbench

PATIENCE_MS = 20_000


@pytest.fixture
def corrected(project):
    """The project with the label of its first dev example turned into the other one."""
    raw = project.raw_data()
    key = example_keys(raw, raw.dev)[0]
    other = raw.dev.classes[1 - int(raw.dev.Y[0, 0])]
    return project.replace(analysis=project.analysis.correct_label(key, other))


@pytest.fixture
def first_label(project, corrected):
    """(before, after) of that label."""
    before, after = (int(p.build_data().dev.Y[0, 0]) for p in (project, corrected))
    assert after == 1 - before
    return before, after


def dev_label(session):
    return session.call(lambda trainer: int(trainer.data.dev.Y[0, 0])).result(timeout=30)


def wait_for(qtbot, session, *states):
    qtbot.waitUntil(lambda: session.state in states, timeout=PATIENCE_MS)


def test_a_run_uses_it(qtbot, session, corrected, first_label):
    session.rewind(corrected)
    wait_for(qtbot, session, State.READY)
    assert dev_label(session) == first_label[1]


def test_a_change_of_it_makes_the_run_stale_and_taking_it_back_does_not(
    qtbot, session, project, corrected
):
    session.step(project)
    wait_for(qtbot, session, State.PAUSED)
    session.adopt(corrected)
    qtbot.waitUntil(lambda: session.stale)
    session.adopt(project)
    qtbot.waitUntil(lambda: not session.stale)


def test_data_that_are_kept_for_the_next_run_are_not_those_with_other_labels(
    qtbot, session, project, corrected, first_label
):
    for wanted, label in ((project, 0), (corrected, 1), (project, 0)):
        session.rewind(wanted)
        session.step(wanted)
        wait_for(qtbot, session, State.PAUSED)
        assert dev_label(session) == first_label[label]


def test_a_tag_is_no_reason_to_make_the_data_anew(qtbot, session, project, corrected):
    tagged = corrected.replace(analysis=corrected.analysis.with_category("blurry"))
    assert same_data(tagged, corrected)
    assert same_run(tagged, corrected)
    assert not same_run(project, corrected)
    session.step(corrected)
    wait_for(qtbot, session, State.PAUSED)
    data = session.call(lambda trainer: trainer.data).result(timeout=30)
    session.rewind(tagged)
    wait_for(qtbot, session, State.READY)
    assert session.call(lambda trainer: trainer.data).result(timeout=30) is data


def test_an_opened_model_uses_it(qtbot, session, corrected, first_label):
    session.step(corrected)
    wait_for(qtbot, session, State.PAUSED)
    model = session.call(lambda trainer: TrainedModel.of(corrected, trainer)).result(timeout=30)
    assert int(model.trainer().data.dev.Y[0, 0]) == first_label[1]
    session.open_model(model)
    assert dev_label(session) == first_label[1]


def test_a_race_uses_it(qtbot, corrected, first_label):
    racer = Racer()
    racer.prepare([RaceEntry("a", corrected)])
    wait_for(qtbot, racer, State.READY)
    data = racer.lanes[0].trainer.data
    racer.close()
    assert int(data.dev.Y[0, 0]) == first_label[1]
    assert np.array_equal(data.train.Y, corrected.build_data().train.Y)


def test_the_initialization_lab_takes_the_data_of_its_own_project(
    qtbot, session, project, corrected, monkeypatch
):
    seen = []
    monkeypatch.setattr(
        "studio.dashboard.histograms.panel.compare", lambda p, data: seen.append(data) or []
    )
    document, workbench = Document(corrected), Workbench()
    panel = HistogramsPanel(document, workbench)
    qtbot.addWidget(panel)
    session.rewind(project)
    wait_for(qtbot, session, State.READY)
    panel.view.setCurrentIndex(2)
    snapshot = session.call(Snapshot.of).result(timeout=30)
    panel.compute(snapshot, panel.question())
    panel.compute(snapshot, panel.question()._replace(project=project))
    assert int(seen[0].dev.Y[0, 0]) != int(seen[1].dev.Y[0, 0])
    assert seen[1] is document.sets.of(project).data
    workbench.close()
