"""Invariants: what holds after every operation, and what holds once the window is idle.

A function that asserts; its docstring says what must hold. ALWAYS are cheap. AT_REST are compared
with what the engine computes afresh, or with the trainer itself, while nothing goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.design import check
from engine.files import dumps, loads
from engine.project.fields import fields_of
from engine.project.sets import fingerprint
from engine.spec import plain
from studio.canvas.blocks import Blocks
from studio.panels.panel import is_seen
from studio.running.painted_facts import FACTS
from studio.shell.staging.views import ViewOnStage
from studio.shell.staging.waiting import until
from tests.monkey.operations.views import views
from tests.monkey.world import World

MOST_THREADS = 24
OF_THE_PROJECT = ("problems", "inspector", "training", "data", "analyze", "painting", "test_set")
INTERNAL = ("internal error", "made a mistake", "Traceback")
"""Words by which the program tells of its own faults."""
UNTIMED = ("inputs", "gradient_check", "doctor")
"""Panels whose picture is true at later iterations, too."""
GREY_S = 3.0
"""A picture that comes no later than a second after a run came to rest is not greyed meanwhile."""


def project_is_the_same_after_saving(world: World) -> None:
    """What is saved is read as the same project, and saved as the same text."""
    project = world.project
    if world.seen.get("saved") is project:
        return
    text = dumps(project)
    again = loads(text)
    assert again == project, "A saved project is read as another one."
    assert dumps(again) == text, "A project is saved as another text the second time."
    world.seen["saved"] = project


def canvas_shows_the_design(world: World) -> None:
    """Nodes, wires, frames and notes on the canvas are those of the project."""
    project, scene = world.project, world.stage.main.canvas.canvas
    blocks = Blocks(project)
    assert set(scene.nodes) == set(blocks.shown), "The canvas shows other nodes."
    assert set(scene.wires) == set(blocks.wires), "The canvas shows other wires."
    assert set(scene.frames) == set(blocks.frames), "The canvas shows other frames."
    assert [item.note for item in scene.notes] == list(project.remarks), "Other notes."
    assert set(scene.selection.nodes) <= set(blocks.shown), "What is gone is selected."


def report_is_that_of_the_project(world: World) -> None:
    """The problems that are known are those of the open project."""
    project, document = world.project, world.stage.main.document
    if world.seen.get("checked") is project:
        return
    fresh = check(project.design, project.training, project.data.source.fit())
    assert document.report == fresh, "The document knows other problems."
    world.seen["checked"] = project


def nobody_tells_of_an_internal_error(world: World) -> None:
    """No sentence on the screen tells of a fault of the program."""
    told = [world.stage.main.message_bar.text]
    told += [str(view.widget.shown().get("message", "")) for view in _seen(world)]
    for sentence in told:
        assert not any(words in sentence for words in INTERNAL), sentence


def views_say_what_they_show(world: World) -> None:
    """Every visible view has the promised facts; a panel of the project is of the open one."""
    for view in _seen(world):
        shown = view.widget.shown()
        assert shown.keys() >= set(FACTS), f"{view.id} shows only {sorted(shown)}."
        if view.id in OF_THE_PROJECT and not shown["stale"]:
            same = shown["data"]["fingerprint"] == fingerprint(world.project)
            assert same, f"{view.id} shows other data."


def threads_are_few_and_known(world: World) -> None:
    """No thread is forgotten."""
    names = [thread.name for thread in threading.enumerate()]
    assert len(names) <= MOST_THREADS, f"There are {len(names)} threads: {names}."


ALWAYS: tuple[Callable[[World], None], ...] = (
    canvas_shows_the_design,
    project_is_the_same_after_saving,
    report_is_that_of_the_project,
    nobody_tells_of_an_internal_error,
    views_say_what_they_show,
    threads_are_few_and_known,
)


# Once nothing goes on.


def panels_show_the_run_as_it_stands(world: World) -> None:
    """What is not said to be stale is of this run, at this iteration; soon, if not at once."""
    until(lambda: not _untrue(world), GREY_S)
    assert not _untrue(world), _untrue(world)


def _untrue(world: World) -> str:
    """What a panel of the run shows that is not so, or ""."""
    moment, of_the_run = world.stage.main.session.moment(), world.stage.main.panels.classes
    for view in _seen(world):
        shown = view.widget.shown()
        if view.id not in of_the_run or view.id == "runs" or not _is_current(shown):
            continue
        if not shown["run"]:  # such as a study, or all runs together
            continue
        if shown["run"] != moment.run:
            return f"{view.id} shows another run."
        if view.id not in UNTIMED and shown["iteration"] != moment.iteration:
            return f"{view.id} shows iteration {shown['iteration']} of {moment.iteration}."
    return ""


def curves_are_those_of_the_history(world: World) -> None:
    """Costs and scores are drawn as they were recorded."""
    history = world.stage.main.session.history
    for view in _seen(world):
        shown = view.widget.shown()
        if view.id not in ("cost", "scores") or not _is_current(shown):
            continue
        kind = "cost" if view.id == "cost" else "score"
        for name in ("train", "dev"):
            column = history.evaluations.get(f"{name}_{kind}")
            if name in shown["curves"] and column is not None:
                _, y = shown["curves"][name]
                assert np.array_equal(y, column.values[: len(y)], equal_nan=True), name


def forms_show_the_settings(world: World) -> None:
    """The training panel shows every setting as it is in the project."""
    panel = world.stage.main.training_panel
    if panel.isVisible():
        for name, field in panel.shown()["fields"].items():
            value = getattr(world.project.training, name)
            assert field["value"] == plain(value), f"training.{name}"
        assert set(panel.shown()["fields"]) == set(fields_of(type(world.project.training)))


def problems_are_listed(world: World) -> None:
    """The list of problems is that of the check."""
    panel = world.stage.main.problems_panel
    rows = [row["sentence"] for row in panel.shown()["problems"]]
    assert rows == [str(problem) for problem in world.stage.main.document.report.problems]


def no_job_is_left(world: World) -> None:
    """When the window is idle, no thread works."""
    jobs = [thread.name for thread in threading.enumerate() if thread.name == "job"]
    assert not jobs, f"Jobs go on in an idle window: {jobs}."


AT_REST: tuple[Callable[[World], None], ...] = (
    panels_show_the_run_as_it_stands,
    curves_are_those_of_the_history,
    forms_show_the_settings,
    problems_are_listed,
    no_job_is_left,
)


def _seen(world: World) -> list[ViewOnStage]:
    """All views that a person sees and that say what they show."""
    shown = [view for view in views(world) if hasattr(view.widget, "shown")]
    return [view for view in shown if is_seen(view.widget)]


def _is_current(shown: dict[str, Any]) -> bool:
    return not shown["empty"] and not shown["stale"] and not shown["message"]
