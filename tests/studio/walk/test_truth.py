"""After whatever random edits and commands, no panel shows what is not true any more: it is of the
run as it stands, or grayed with a sentence that says why."""

import random

import pytest

from engine.files import save_project
from engine.project import same_run
from engine.project.sets import fingerprint
from studio.shell.stage import StageError, open_stage
from tests.studio.dashboard.test_shown import points

STEPS = 30
PANELS_AT_A_TIME = 4
PATIENCE_S = 60
OF_THE_RUN = [
    "cost",
    "scores",
    "boundary",
    "hidden_layer",
    "metrics",
    "flow",
    "gradient_norms",
    "histograms",
    "numbers",
    "batch_norm",
    "dropout",
    "errors",
    "doctor",
]
LIVE = ("measures", "pictures")
EDITS = {
    "training.initializer": ["zeros", "he", "xavier"],
    "training.l2": [0.0, 1.0],
    "training.seed": [0, 1],
    "training.epochs": [4, 6],
    "training.batch_size": [24, None, 10],
    "training.stopping": ["last_epoch", {"kind": "early", "patience": 1}],
    "data.seed": [0, 1],
    "data.normalize": [True, False],
    "data.source": [{"kind": "circles", "points": 120}, {"kind": "moons", "points": 100}, "iris"],
    "h1.units": [6, 3],
    "h1.activation": ["relu", "tanh"],
    "h1.batch_norm": [True, False],
    "h2.keep_prob": [0.7, None],
    "y.task": ["binary", "regression"],
}
COMMANDS = ("step", "step_epoch", "play", "rewind", "stop", "undo", "redo")


class Walk:
    """Random gestures on a stage. log: what was done, for the message of a failure."""

    def __init__(self, stage, seed):
        self.stage, self.random = stage, random.Random(seed)
        self.log = []

    def act(self):
        """An edit or a command; what is refused or not enabled changes nothing."""
        name = self.random.choice([*EDITS, *COMMANDS])
        try:
            if name in EDITS:
                value = self.random.choice(EDITS[name])
                self.log.append((name, value))
                self.stage.set(name, value)
            else:
                self.log.append(name)
                self.stage.do(name)
        except StageError:
            self.log.append("refused")
        self.stage.wait(until="idle", seconds=PATIENCE_S)

    def look(self, id):
        """What a panel shows, once nothing is left to be done."""
        panel = self.stage.panel(id)
        panel.show()
        self.stage.wait(until="idle", seconds=PATIENCE_S)
        return panel.shown()

    def check(self, shown, what):
        """It is true, or says that it is out of date."""
        window = self.stage.main
        moment, project = window.session.moment(), window.document.project
        about = what, self.log[-6:]
        if shown["empty"]:
            return
        is_now = shown["run"] == moment.run and shown["iteration"] == moment.iteration
        is_of_it = moment.project is not None and same_run(project, moment.project)
        is_of_it = is_of_it or bool(window.session.deferred)  # the message bar says what waits
        if shown["stale"]:
            assert not (is_now and is_of_it), about
        else:
            assert is_now and is_of_it, about
            assert shown["data"]["fingerprint"] == fingerprint(project), about


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_panel_is_true_or_grayed_whatever_was_done(qtbot, tmp_path, seed):
    save_project(points(epochs=4), tmp_path / "points.netdesign")
    with open_stage(tmp_path / "points.netdesign") as stage:
        walk = Walk(stage, seed)
        for _ in range(STEPS):
            walk.act()
            for id in walk.random.sample(OF_THE_RUN, PANELS_AT_A_TIME):
                walk.check(walk.look(id), id)
            canvas = walk.look("canvas")
            for live in LIVE:
                walk.check(canvas[live], live)
