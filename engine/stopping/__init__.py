"""Stop rules: when a run ends before its last epoch, and which weights it keeps."""

from engine.discovery import discover
from engine.stopping.base import LastEpoch, StopRule
from engine.stopping.early import EarlyStopping

discover(__path__, __name__)

__all__ = [
    "EarlyStopping",
    "LastEpoch",
    "StopRule",
]
