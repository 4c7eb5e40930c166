"""RecoveryFile: a project with unsaved changes, and its run, as they lie in the state folder.

`<name>.recovery` is JSON and holds the project as a .netdesign file would, with the absolute places
of its data beside it: they may be on another drive. It names the file of the run's weights, a
.safetensors file that is written first. Both are private.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from engine.data import DataPlan
from engine.errors import FileError
from engine.files import MODEL_SUFFIX, SeenFile, TrainedModel, dumps, load_model, loads, save_model
from engine.files.disk import checked_name, read_bytes, sync_folder, write_safely
from engine.files.seen_file import NO_FILE
from engine.limits import MAX_MODEL_BYTES
from engine.project import Project
from engine.project.runs import Run, kept

SUFFIX = ".recovery"
DAMAGED_SUFFIX = ".damaged"
FORMAT = "backprop-studio recovery"
PRIVATE_FOLDER = 0o700
MOST_BYTES = 2**28
"""Of a recovery file without its weights; ours are far smaller."""


class RunCopy(NamedTuple):
    """A run as it stood between two steps. record: what a project keeps of it."""

    model: TrainedModel
    record: Run


class SavedRun(NamedTuple):
    """A run whose weights lie in a recovery file. places: of the data that it was trained on."""

    record: Run
    weights: Path
    places: Mapping[str, str]

    def load(self) -> TrainedModel:
        """The run with its weights. Raises FileError."""
        model = load_model(self.weights)
        project = model.project.replace(data=model.project.data.at(self.places))
        return TrainedModel(project, model.arrays, model.values)


class Orphan(NamedTuple):
    """What a process left behind. original: the file that was being edited, None if it had no
    name yet. saved_at: when the project was written, in local time. checksum: of that file, as it
    was opened or saved there. run: None where nothing was trained."""

    path: Path
    original: Path | None
    saved_at: datetime
    project: Project
    checksum: str
    run: SavedRun | None = None

    @property
    def file(self) -> SeenFile | None:
        """The file that was being edited, as that process knew it."""
        return SeenFile(self.original, self.checksum) if self.original else None


class RecoveryFile:
    """The recovery file of one window; used on one thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._run: Run | None = None
        self._weights: Path | None = None
        self._places: Mapping[str, str] = {}

    def write(
        self, project: Project, file: SeenFile | None, key: str, copy: RunCopy | None
    ) -> datetime:
        """Write all again; returns when that was. key: of the current run, or "". copy: None where
        the copy of that run that was written last still does.

        Raises FileError; what was there before is then untouched.
        """
        self._take_run(key, copy)
        now = datetime.now().replace(microsecond=0)
        if self._run is not None:
            project = _with_record(project, self._run)
        values = {
            "format": FORMAT,
            "original": str(file.path.absolute()) if file else None,
            "checksum": file.checksum if file else NO_FILE,
            "saved_at": now.isoformat(),
            "project": dumps(project),
            "places": [plan.places for plan in _plans(project)],
            "run": self._run_json(),
        }
        write_safely(self.path, json.dumps(values).encode(), private=True)
        _remove_weights(self.path, but=self._weights)
        return now

    def remove(self) -> None:
        """Nothing is left to recover."""
        self._run = self._weights = None
        remove(self.path)

    def make_folder(self) -> None:
        """Raises FileError."""
        folder = self.path.parent
        try:
            folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise FileError(f"'{folder}' cannot be created: {reason}.") from error

    def _take_run(self, key: str, copy: RunCopy | None) -> None:
        """Know the run, and have its weights in a file, if they could be read again."""
        if copy is None:
            if self._run is not None and self._run.key != key:
                self._run = self._weights = None
        elif copy.record != self._run:
            size = sum(array.nbytes for array in copy.model.arrays.values())
            self._weights = self._written(copy.model) if size < MAX_MODEL_BYTES else None
            self._run, self._places = copy.record, copy.model.project.data.places

    def _written(self, model: TrainedModel) -> Path:
        """A new file: the recovery file goes on naming the old one until it is written itself."""
        weights = self.path.with_name(f"{self.path.stem}-{uuid.uuid4().hex[:8]}{MODEL_SUFFIX}")
        save_model(_without_places(model), weights, private=True)
        return weights

    def _run_json(self) -> dict[str, Any] | None:
        if self._run is None or self._weights is None:
            return None
        return {"key": self._run.key, "weights": self._weights.name, "places": self._places}


def read(path: Path) -> Orphan:
    """What a recovery file holds. Raises whatever a damaged file may lead to."""
    if path.stat().st_size > MOST_BYTES:
        raise ValueError("it is too large")
    values = json.loads(read_bytes(path))
    if values["format"] != FORMAT:
        raise ValueError(f"unknown format {values['format']!r}")
    original = checked_name(values["original"]) if values["original"] else None
    saved_at = datetime.fromisoformat(values["saved_at"]).replace(tzinfo=None)
    saved_at.timestamp()  # a year that no clock knows
    project = loads(values["project"], path.name)
    places = values.get("places", [{}] * (len(project.runs) + 1))
    run = values.get("run")
    project = _at(project, places)
    checksum = str(values.get("checksum", NO_FILE))
    saved_run = None if run is None else _saved_run(project, run, path.parent)
    return Orphan(path, original, saved_at, project, checksum, saved_run)


def remove(path: Path) -> None:
    """Delete a recovery file with its weights."""
    path.unlink(missing_ok=True)
    _remove_weights(path)


def put_aside(path: Path) -> None:
    """Rename a damaged file, so that it is offered no more, and lost neither."""
    try:
        path.replace(path.with_suffix(DAMAGED_SUFFIX))
    except OSError:
        return  # it can be neither read nor moved; the next start tries again
    sync_folder(path.parent)


def _saved_run(project: Project, values: Mapping[str, Any], folder: Path) -> SavedRun:
    record = next(run for run in project.runs if run.key == values["key"])
    weights = folder / PurePath(values["weights"]).name
    return SavedRun(record, weights, dict(values["places"]))


def _with_record(project: Project, record: Run) -> Project:
    number = max((run.number for run in project.runs), default=0) + 1
    return project.replace(runs=kept(project.runs, record.replace(number=number)))


def _plans(project: Project) -> list[DataPlan]:
    return [project.data, *(run.data for run in project.runs)]


def _at(project: Project, places: list[Mapping[str, str]]) -> Project:
    """The project with its own data, and those of its runs, where they were."""
    moved = [plan.at(at) for plan, at in zip(_plans(project), places, strict=True)]
    runs = zip(project.runs, moved[1:], strict=True)
    return project.replace(data=moved[0], runs=tuple(run.replace(data=plan) for run, plan in runs))


def _without_places(model: TrainedModel) -> TrainedModel:
    """The model with names for the paths of its data, and without the other runs of its project."""
    plan = model.project.data
    names = {name: PurePath(place).name for name, place in plan.places.items()}
    project = model.project.replace(data=plan.at(names), runs=())
    return TrainedModel(project, model.arrays, model.values)


def _remove_weights(path: Path, but: Path | None = None) -> None:
    for weights in path.parent.glob(f"{path.stem}-*{MODEL_SUFFIX}"):
        if weights != but:
            weights.unlink(missing_ok=True)
