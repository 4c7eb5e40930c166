"""RunRecorder: what a project keeps of the current run, each time that it comes to rest."""

from __future__ import annotations

import uuid
from datetime import datetime

from engine.project import Project
from engine.project.recording import recorded
from engine.project.runs import Run
from engine.training.history import History


class RunRecorder:
    """Knows one run by its key, the one that the project keeps it under.

    owner: a number that tells to which opened project it belongs. begun: the project whose weights
    were drawn; what only matters then is recorded as it was then. known: the run that goes on.
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
        """A step was made with the settings of this project."""
        self.project = project

    def record(self, history: History, state: str) -> Run | None:
        """The run as it stands; None where there is nothing new since the last time."""
        seen = len(history), state
        if seen == self._seen:
            return None
        self._seen = seen  # first: a record that fails once is not tried again
        return self.as_it_stands(history, state)

    def as_it_stands(self, history: History, state: str) -> Run | None:
        """The run, told before or not; None where no step was made."""
        if self.project is None or not len(history):
            return None
        project = self.project if self._begun is None else self.project.drawn_like(self._begun)
        return recorded(project, history, self.key, self._started, state)
