"""Refuses a Python that is too old with one sentence. Every Python since 2.7 can read this file."""

import sys

OLDEST = (3, 11)  # the same floor as `requires-python` in pyproject.toml


def require_python(version=sys.version_info, write=sys.stderr.write):
    """Exits with code 2 when `version` is below the oldest Python that Backprop Studio supports."""
    if tuple(version[:2]) < OLDEST:
        write(
            "Backprop Studio needs Python "
            + dotted(OLDEST)
            + " or newer; this is Python "
            + dotted(version[:3])
            + ". Start it with a newer one, for example: python3.12 packaging/run.py\n"
        )
        sys.exit(2)


def dotted(numbers):
    """(3, 11) as "3.11"."""
    return ".".join(str(number) for number in numbers)
