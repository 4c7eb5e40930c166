"""StageError: a script asked for something impossible; has the sentence that a person would see."""

from __future__ import annotations

from engine.errors import EngineError


class StageError(EngineError):
    """A disabled command, an unexpected question, a failed run, a time-out, an unknown name."""
