"""python -m studio: the window; with a command of the engine first, the engine's command line."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Start whatever the arguments ask for; Qt is imported only for the window."""
    from engine.commands import command_names

    arguments = sys.argv[1:]
    if arguments and arguments[0] in command_names():
        from engine.__main__ import run_from_terminal

        return run_from_terminal(arguments)
    gc.disable()  # until GarbageCollector looks after it: a start leaves little to collect
    from studio.shell.app import start

    return start(arguments)


if __name__ == "__main__":
    sys.exit(main())
