"""The engine's named errors: every failure is a sentence that gives the cause and the remedy."""

from __future__ import annotations

from collections.abc import Sized

from engine.limits import MAX_MESSAGE


class EngineError(Exception):
    """Base of all errors that a user can cause.

    message: a whole sentence that says what, where, got and expected.
    node: the name of the design node at fault, where there is one.
    hint: a sentence that says what to do about it.
    """

    def __init__(self, message: str, node: str | None = None, hint: str = "") -> None:
        self.message = _readable(message)
        self.node = node
        self.hint = _readable(hint)
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


def _readable(text: str) -> str:
    """Text that a dialog and a terminal can show: not too long, and without the lone surrogates
    that file names may contain."""
    cut = text if len(text) <= MAX_MESSAGE else f"{text[:MAX_MESSAGE]}…"
    return cut.encode("utf-8", "backslashreplace").decode()


class SpecError(EngineError, ValueError):
    """A setting lies outside its limits.

    field: its name. limits: the sentence without its subject: "must be above 0; got -1."
    """

    def __init__(
        self,
        message: str,
        field: str = "",
        node: str | None = None,
        hint: str = "",
        limits: str = "",
    ) -> None:
        super().__init__(message, node, hint)
        self.field = field
        self.limits = limits


class DesignError(EngineError, ValueError):
    """A design cannot be built or run."""


class DataError(EngineError, ValueError):
    """Data have the wrong shape, type or content.

    can_skip: whether reading can continue if the bad entries are left out.
    """

    def __init__(
        self, message: str, node: str | None = None, hint: str = "", can_skip: bool = False
    ) -> None:
        super().__init__(message, node, hint)
        self.can_skip = can_skip


class FileError(EngineError):
    """A file is missing, damaged, foreign or too new."""


class TrainingError(EngineError):
    """A training run cannot start or continue."""


class NonFiniteError(TrainingError):
    """The cost or the gradient became infinite or NaN, first at `node` and `iteration`."""

    def __init__(self, message: str, node: str | None, iteration: int, hint: str = "") -> None:
        super().__init__(message, node, hint)
        self.iteration = iteration


def check_count(things: Sized, most: int, what: str) -> None:
    """Raises DesignError where there are more of these than there can be."""
    if len(things) > most:
        raise DesignError(f"There are {len(things):,} {what}; at most {most:,} are possible.")
