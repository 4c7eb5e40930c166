"""python -m studio: the window; with train, check or describe first, the engine's command line."""

from __future__ import annotations

import sys

ENGINE_COMMANDS = ("train", "check", "describe")


def main() -> int:
    """Start whatever the arguments ask for; Qt is imported only for the window."""
    arguments = sys.argv[1:]
    if arguments and arguments[0] in ENGINE_COMMANDS:
        from engine.__main__ import main as run_engine

        return run_engine(arguments)
    from studio.shell.app import start

    return start(arguments)


if __name__ == "__main__":
    sys.exit(main())
