"""A command of the command line in one file, which names it."""

from __future__ import annotations

import argparse

from engine.files import load_project

HELP = "count the layers"


def run(options: argparse.Namespace) -> int:
    """Print how many layers a design has."""
    print(len(load_project(options.file).design.nodes))
    return 0
