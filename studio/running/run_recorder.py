"""RunRecorder: records the current run for the project each time it pauses."""

from __future__ import annotations

import uuid
from datetime import datetime

from engine.project import Project
from engine.project.recording import recorded
from engine.project.runs import Run
from engine.training.history import History


class RunRecorder:
    """Records one run under its key.

    owner: the number of the opened project that it belongs to. begun: the project as it was when
    the weights were drawn; settings that matter only then are recorded from it. known: a resumed
    run.
    """

    def __init__(self, owner: int, begun: Project | None = None, known: Run | None = None) -> None:
        self.owner = owner
        self._begun = begun
        self.project: Project | None = None
        self.key = uuid.uuid4().hex
        self._started = datetime.now().replace(microsecond=0).isoformat()
        self._seen = (0, "")
        if known is not None:
            self.key, self._started, self.project = known.key, known.started, begun
            self._seen = known.iteration, known.state

    def stepped(self, project: Project) -> None:
        """A step was taken with the settings of this project."""
        self.project = project

    def record(self, history: History, state: str) -> Run | None:
        """The current record; None if there is nothing new since the last time."""
        seen = len(history), state
        if seen == self._seen:
            return None
        self._seen = seen  # first: a record that fails once is not tried again
        return self.as_it_stands(history, state)

    def as_it_stands(self, history: History, state: str) -> Run | None:
        """The current record, new or not; None if no step was taken."""
        if self.project is None or not len(history):
            return None
        project = self.project if self._begun is None else self.project.drawn_like(self._begun)
        return recorded(project, history, self.key, self._started, state)
