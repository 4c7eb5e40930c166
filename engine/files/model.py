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
from engine.files.json_text import from_text
from engine.files.migrations import migrated_run
from engine.files.netdesign import from_json, to_json
from engine.malformed import refused
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
    path, content = Path(path), read_bytes(path)
    hint = "It may be cut short or damaged; use a backup."
    try:
        with refused(f"'{path.name}' is not a valid .safetensors file", hint):
            arrays = safetensors.numpy.load(content)
            metadata = _metadata(content, path.name)
    except safetensors.SafetensorError as error:
        message = f"'{path.name}' is not a valid .safetensors file: {error}."
        raise FileError(message, hint=hint) from error
    return _model(path, arrays, metadata)


def _metadata(content: bytes, name: str) -> Mapping[str, Any]:
    """What the header of the file says beside its tensors; empty where it says nothing."""
    length = int.from_bytes(content[:8], "little")
    header = from_text(content[8 : 8 + length].decode(), name)
    metadata = header.get("__metadata__")
    return metadata if isinstance(metadata, dict) else {}


def _model(path: Path, arrays: dict[str, np.ndarray], metadata: Mapping[str, Any]) -> TrainedModel:
    name = path.name
    if metadata.get("format") != FORMAT:
        raise FileError(f"'{name}' holds tensors, but not a model of Backprop Studio.")
    version = metadata.get("version", "missing")
    if version not in map(str, range(1, VERSION + 1)):
        raise FileError(
            f"'{name}' was saved by a newer program (model version {version:.20}).",
            hint="Update Backprop Studio to open it.",
        )
    with refused(f"'{name}' has no design or no run state"):
        project = from_json(from_text(metadata["project"], name), name, folder_of(path))
        values = dict(from_text(metadata["run"], name))
        return TrainedModel(project, arrays, migrated_run(values, project, int(version), VERSION))
