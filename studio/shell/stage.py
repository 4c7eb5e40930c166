"""The stage: drives the whole window from a script, by stable ids.

    with open_stage("circles.netdesign", size=(1366, 768)) as stage:
        stage.set("training.initializer", "zeros")
        stage.do("play")
        stage.wait(until="finished", seconds=60)
        stage.measure("dev.error")
        stage.panel("boundary").shown()
        stage.picture("out.png")

Lessons, demonstrations, screenshots and tests use it. What a person could not do, or would be asked
about, raises StageError with the sentence that a person would see.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication

from engine.errors import EngineError
from engine.files import SeenFile, load
from engine.probes.measures import Figure, Measured, measure, near_names, weight_norms
from studio.dashboard.gradient_check import GradientCheckPanel
from studio.running.session import State
from studio.shell.app import has_screen, make_application, make_window
from studio.shell.menu_entries import readable
from studio.shell.parts import WindowParts
from studio.shell.staging.edits_by_name import edited
from studio.shell.staging.own_settings import own_settings
from studio.shell.staging.questions import Questions
from studio.shell.staging.stage_error import StageError
from studio.shell.staging.views import CanvasOnStage, ViewOnStage
from studio.shell.staging.waiting import (
    process,
    settle_commands,
    until,
    wait_idle,
    wait_state,
)
from studio.shell.windows import IDS

__all__ = ["Stage", "StageError", "open_stage"]

PATIENCE_S = 30.0
"""For actions that should take only a moment."""
IDLE, CANVAS = "idle", "canvas"


class Stage:
    """One window and its run. main: the window itself, for everything else."""

    def __init__(self, window: WindowParts, application: QApplication) -> None:
        self.main = window
        self._questions = Questions(application)
        self._failures: list[str] = []
        self._over: list[str] = []
        window.session.failed.connect(lambda sentence, _node: self._failures.append(sentence))
        window.run_control.over.connect(lambda: self._over.append(window.message_bar.text))

    # What a person does.

    def set(self, name: str, value: Any) -> None:
        """Edit a field, as the inspector does: "training.initializer", "data.source.noise",
        "h1.keep_prob"; or several of one owner at once: "data", {"source": "moons"}."""
        text = f"Change {name}"
        refusal = self.main.document.try_edit(partial(edited, name=name, value=value), text)
        if refusal:
            raise StageError(refusal)
        settle_commands(self.main, PATIENCE_S)

    def do(self, command: str, **arguments: object) -> None:
        """Run a command by its id; the arguments answer what it would ask."""
        known = self.main.commands.all
        if command not in known:
            raise StageError(f"There is no command “{command}”.{near_names(command, list(known))}")
        allowed = known[command].arguments
        for name in set(arguments) - set(allowed):
            takes = ", ".join(allowed) or "no arguments"
            raise StageError(f"“{command}” has no argument “{name}”; it takes {takes}.")
        self._need_enabled(command)
        with self._watched():
            if arguments:
                refusal = known[command].run(self.main, **arguments)
                if isinstance(refusal, str) and refusal:
                    raise StageError(refusal)
            else:
                self.main.commands[command].trigger()
            process()
            settle_commands(self.main, PATIENCE_S)

    def select(self, *names: str) -> None:
        """Select exactly these layers on the canvas; a layer in a folded group stands for the
        group."""
        known = self.main.document.project.design.nodes
        for name in names:
            if name not in known:
                raise StageError(f"There is no layer “{name}”.{near_names(name, list(known))}")
        self.main.canvas.select(names)
        process()

    def open(self, path: str | Path) -> None:
        """Open a design or a trained model, as File > Open."""
        self.do("open", path=path)
        self._begin()

    def wait(self, until: str = "finished", seconds: float = 60.0) -> None:
        """Wait until the run is "finished", "paused", and so on, or until the window is "idle":
        then nothing trains, computes, or waits to be painted."""
        states = [state.value for state in State]
        if until != IDLE and until not in states:
            raise StageError(f"Nothing is ever “{until}”.{near_names(until, [IDLE, *states])}")
        with self._watched():
            if until != IDLE:
                wait_state(self.main, State(until), seconds)
            elif busy := wait_idle(self.main, seconds):
                told = f"The window was not idle within {seconds:g} seconds: {busy}."
                raise StageError(told)

    # What there is to see.

    def measure(self, name: str, run: int | None = None, iteration: int | None = None) -> Figure:
        """A figure of the run; see engine.probes.measures. run: the number of a kept run."""
        if run is not None:
            return self._measure_kept(name, run)
        try:
            return measure(name, self._measured(), iteration)
        except EngineError as error:
            raise StageError(str(error)) from error

    def panel(self, id: str) -> ViewOnStage:
        """A panel by its id."""
        window = self.main
        if id == CANVAS:
            return CanvasOnStage(id, window, self._settle)
        if id not in window.docks.ids:
            known = [CANVAS, *window.docks.ids]
            raise StageError(f"There is no panel “{id}”.{near_names(id, known)}")
        bring = partial(window.docks.show, id)
        return ViewOnStage(id, window.docks.widget(id), bring, self._settle)

    def window(self, id: str) -> ViewOnStage:
        """Another window, by its id; it is opened if necessary."""
        windows = self.main.windows
        if id not in IDS:
            raise StageError(f"There is no window “{id}”.{near_names(id, IDS)}")
        made = windows.find(id)
        if (made is None or not made.isVisible()) and windows.can_show(id):
            with self._watched():
                windows.show(id)
                process()
        found = windows.find(id)
        if found is None:
            raise StageError(f"The window “{id}” is not open.")
        return ViewOnStage(id, found, partial(windows.show, id), self._settle)

    def picture(self, path: str | Path) -> None:
        """Save a picture of the window."""
        self._settle()
        if not self.main.grab().save(str(path)):
            raise StageError(f"The picture cannot be saved as “{path}”.")

    # Inside.

    def _begin(self) -> None:
        """Wait until the first weights are drawn, where they are drawn before somebody trains."""
        session, control = self.main.session, self.main.run_control
        unsettled = (State.EMPTY, State.PREPARING)
        until(lambda: session.state not in unsettled or not control.prepares, PATIENCE_S)
        settle_commands(self.main, PATIENCE_S)

    def _need_enabled(self, command: str) -> None:
        action = self.main.commands[command]
        if action.isEnabled():
            return
        until(lambda: self.main.session.state is not State.PREPARING, PATIENCE_S)
        process()
        if not action.isEnabled():
            problems = self.main.document.report.problems
            why = f" {problems[0]}" if problems else ""
            title = readable(action.text()).removesuffix("…")
            raise StageError(f"“{title}” is not available now.{why}")

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Raise what a person would be asked or told in the meantime."""
        with self._questions.cancelled():
            try:
                yield
            except StageError:
                self._raise_told()
                raise
            except EngineError as error:
                raise StageError(str(error)) from error
        self._raise_told()

    def _raise_told(self) -> None:
        """Raise what a person would have been asked or told."""
        told = self._questions.take() or next(iter([*self._failures, *self._over]), "")
        self._failures.clear()
        self._over.clear()
        if told:
            raise StageError(told)

    def _settle(self) -> None:
        process()
        self.main.dashboard.tick()
        process()

    def _measured(self) -> Measured:
        session, document = self.main.session, self.main.document
        history = session.history
        if history is None:
            raise StageError("There is no run yet.")
        asked = session.call(lambda trainer: weight_norms(trainer.network))
        if not until(asked.done, PATIENCE_S):
            raise StageError("The run did not respond.")
        project = session.project_in_training or document.project
        check = self.main.panels.find(GradientCheckPanel.id)
        result = check.result if isinstance(check, GradientCheckPanel) else None
        return Measured(
            project.design,
            project.training,
            project.data.source.fit(),
            history,
            session.state.value,
            session.progress.epoch,
            asked.result(),
            result.report.relative_error if result else None,
        )

    def _measure_kept(self, name: str, number: int) -> Figure:
        """A figure of a kept run: its position, or one of its newest evaluation."""
        runs = {run.number: run for run in self.main.document.project.runs}
        if number not in runs:
            raise StageError(f"There is no run {number}; there are {sorted(runs) or 'none'}.")
        run = runs[number]
        facts: dict[str, Figure] = {
            "iteration": run.iteration,
            "epoch": run.epoch,
            "state": run.state,
            **{name.replace("_", ".", 1): value for name, value in run.figures.items()},
        }
        for each in ("train", "dev"):
            if f"{each}_score" in run.figures:
                facts[f"{each}.error"] = 1.0 - run.figures[f"{each}_score"]
        if name not in facts:
            raise StageError(f"A kept run has no measure “{name}”.{near_names(name, list(facts))}")
        return facts[name]


@contextmanager
def open_stage(
    path: str | Path | None = None, size: tuple[int, int] = (1366, 768)
) -> Iterator[Stage]:
    """A window of this size on a file, or on the default design, at full speed, with settings of
    its own; it is closed without a question. Raises EngineError where the file cannot be read."""
    file = SeenFile.now(path) if path is not None else None
    opened = load(path) if path is not None else None
    if QApplication.instance() is None and not has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    with own_settings():
        application = make_application()
        window = make_window(opened, file, keeps_layout=False)
        try:
            window.resize(*size)
            window.show()
            stage = Stage(window, application)
            window.session.limit_speed(None)
            stage._begin()
            yield stage
        finally:
            window.document.forget_changes()
            window.close()
            window.deleteLater()
            application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
