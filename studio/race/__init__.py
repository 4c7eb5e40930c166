"""The race: variants of the open design that differ in one thing, trained in lock-step."""
