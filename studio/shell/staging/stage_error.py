"""StageError: what a script asked for cannot be done; the sentence that a person would see."""

from __future__ import annotations

from engine.errors import EngineError


class StageError(EngineError):
    """A disabled command, an unexpected question, a failed run, a time-out, an unknown name."""
