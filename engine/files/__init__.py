"""Files: .netdesign (a project, as JSON) and .safetensors (a trained model)."""

from engine.files.attachments import data_outside
from engine.files.disk import is_read_only, replacing, write_safely
from engine.files.endings import DESIGN_SUFFIX, MODEL_SUFFIX
from engine.files.model import TrainedModel, load_model, save_model
from engine.files.netdesign import VERSION, dumps, load_project, loads, save_project
from engine.files.seen_file import FileState, SeenFile
from engine.files.store import check_model_target, load, save

__all__ = [
    "DESIGN_SUFFIX",
    "MODEL_SUFFIX",
    "VERSION",
    "FileState",
    "SeenFile",
    "TrainedModel",
    "check_model_target",
    "data_outside",
    "dumps",
    "is_read_only",
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
