"""The .safetensors file: a trained model with everything that its run needs to go on.

Tensors: theta, running state, optimizer slots and history. Metadata: the project, as in a
.netdesign file, and the counters of the run. Readable by any safetensors reader, no pickle.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from engine.data import Splits
from engine.errors import FileError
from engine.files.disk import folder_of, read_bytes, write_safely
from engine.files.endings import MODEL_SUFFIX, check_ending
from engine.files.migrations import migrated_run
from engine.files.netdesign import from_json, to_json
from engine.network import Network
from engine.project import Project
from engine.training import Trainer

FORMAT = "backprop-studio model"
VERSION = 2


@dataclass(frozen=True)
class TrainedModel:
    """A project together with the state of its run: see `Trainer.state`."""

    project: Project
    arrays: Mapping[str, np.ndarray]
    values: Mapping[str, Any]

    @classmethod
    def of(cls, project: Project, trainer: Trainer) -> TrainedModel:
        """A copy of where this run stands."""
        arrays, values = trainer.state()
        return cls(project, arrays, {**values, "dtype": trainer.network.dtype.name})

    def trainer(self, data: Splits | None = None) -> Trainer:
        """The run, ready to go on where it stood; data default to the project's own."""
        data = data or self.project.build_data()
        dtype = str(self.values.get("dtype", "float32"))
        network = Network(self.project.design, self.project.training, dtype=dtype, data=data)
        trainer = Trainer(network, data)
        trainer.restore(self.arrays, self.values)
        return trainer


def save_model(model: TrainedModel, path: str | Path, private: bool = False) -> None:
    """Write a trained model. Raises FileError and leaves an older file as it was.

    private: nobody else may read it.
    """
    check_ending(path, (MODEL_SUFFIX,))
    metadata = {
        "format": FORMAT,
        "version": str(VERSION),
        "project": json.dumps(
            to_json(model.project, folder_of(path)), sort_keys=True, allow_nan=False
        ),
        "run": json.dumps(dict(model.values), sort_keys=True, allow_nan=False),
    }
    arrays = {name: np.ascontiguousarray(array) for name, array in model.arrays.items()}
    write_safely(path, safetensors.numpy.save(arrays, metadata), private)


def load_model(path: str | Path) -> TrainedModel:
    """Read a trained model. Raises FileError that says what is wrong."""
    name = Path(path).name
    content = read_bytes(path)
    try:
        arrays = safetensors.numpy.load(content)
        length = int.from_bytes(content[:8], "little")
        metadata = json.loads(content[8 : 8 + length]).get("__metadata__", {})
    except (safetensors.SafetensorError, ValueError, KeyError, RecursionError) as error:
        raise FileError(
            f"'{name}' is not a sound .safetensors file: {error}.",
            hint="It may be cut short or damaged; use a backup.",
        ) from error
    return _model(Path(path), arrays, metadata)


def _model(path: Path, arrays: dict[str, np.ndarray], metadata: Mapping[str, str]) -> TrainedModel:
    name = path.name
    if metadata.get("format") != FORMAT:
        raise FileError(f"'{name}' holds tensors, but not a model of Backprop Studio.")
    version = metadata.get("version", "")
    if version not in map(str, range(1, VERSION + 1)):
        raise FileError(
            f"'{name}' was saved by a newer program (model version {version[:20] or 'missing'}).",
            hint="Update Backprop Studio to open it.",
        )
    try:
        project, values = json.loads(metadata["project"]), json.loads(metadata["run"])
    except (KeyError, ValueError, RecursionError) as error:
        raise FileError(f"'{name}' lacks its design or the state of its run.") from error
    if not isinstance(values, dict):
        raise FileError(f"'{name}' lacks the state of its run.")
    found = from_json(project, name, folder_of(path))
    return TrainedModel(found, arrays, migrated_run(values, found, int(version), VERSION))
