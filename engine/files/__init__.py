"""Files: .netdesign (a project, as JSON) and .safetensors (a trained model)."""

from engine.files.disk import replacing, write_safely
from engine.files.endings import DESIGN_SUFFIX, MODEL_SUFFIX
from engine.files.model import TrainedModel, load_model, save_model
from engine.files.netdesign import VERSION, dumps, load_project, loads, save_project
from engine.files.store import check_model_target, load, save

__all__ = [
    "DESIGN_SUFFIX",
    "MODEL_SUFFIX",
    "VERSION",
    "TrainedModel",
    "check_model_target",
    "dumps",
    "load",
    "load_model",
    "load_project",
    "loads",
    "replacing",
    "save",
    "save_model",
    "save_project",
    "write_safely",
]
