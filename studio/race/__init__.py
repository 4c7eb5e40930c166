"""The race: variants of the open design that differ in one thing, trained in lock-step."""

from studio.race.window import RaceWindow

__all__ = ["RaceWindow"]
