"""Starts Backprop Studio: `python3 packaging/run.py [arguments]`.

The first start makes the environment `.venv` and installs the project into it; later starts find it
ready. Arguments go to `python -m studio` as they are, and its exit code comes back; when the
preparation itself fails, one sentence says why and the exit code is 2.

An old Python must be able to read this file as far as its own check, so its syntax stays plain.
"""

import os
import sys

from python_check import require_python


def engine_commands():
    """What `python -m studio` hands to the engine's command line, which needs no window libraries.

    Each is one file in a folder; engine.commands reads the same folder, but cannot be imported yet.
    """
    from pathlib import Path

    files = (Path(__file__).parent.parent / "engine" / "commands").glob("*.py")
    return sorted(file.stem for file in files if not file.stem.startswith("_"))


def main(arguments):
    """Prepares what is missing, then is `python -m studio ARGUMENTS`. Returns its exit code."""
    require_python()
    from environment import Environment
    from libraries import ensure_libraries
    from preparation import hand_over, run_or_explain

    def prepare():
        if not set(arguments[:1]) & set(engine_commands()):
            ensure_libraries(os.environ)
        environment = Environment()
        environment.prepare()
        return hand_over([str(environment.python), "-P", "-m", "studio"] + list(arguments))

    return run_or_explain(prepare)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
