"""What a project keeps of a race: each variant as a run."""

from __future__ import annotations

import uuid
from datetime import datetime

from engine.experiments.races import RaceLane
from engine.limits import MAX_NAME_LENGTH
from engine.project.recording import recorded
from engine.project.runs import Run
from studio.running.session import State


def records_of(lanes: tuple[RaceLane, ...]) -> list[Run]:
    """The variants as runs, named after what they vary. Runs on the race's thread."""
    started = datetime.now().replace(microsecond=0).isoformat()
    runs = []
    for lane in lanes:
        history = lane.trainer.history
        if len(history):
            state = str(State.FAILED if lane.failure else State.FINISHED)
            run = recorded(lane.entry.project, history, uuid.uuid4().hex, started, state)
            name = lane.entry.title.partition(": ")[2][:MAX_NAME_LENGTH].strip()
            runs.append(run.replace(name=name))
    return runs
