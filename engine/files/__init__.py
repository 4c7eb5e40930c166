"""Files: .netdesign (a project, as JSON) and .safetensors (a trained model)."""

from engine.files.disk import write_safely
from engine.files.model import TrainedModel, load_model, save_model
from engine.files.netdesign import VERSION, dumps, load_project, loads, save_project
from engine.files.store import DESIGN_SUFFIX, MODEL_SUFFIX, load, save

__all__ = [
    "DESIGN_SUFFIX",
    "MODEL_SUFFIX",
    "VERSION",
    "TrainedModel",
    "dumps",
    "load",
    "load_model",
    "load_project",
    "loads",
    "save",
    "save_model",
    "save_project",
    "write_safely",
]
