"""Limits for what comes from outside: files, the clipboard, saved blocks.

Readers check them before they allocate anything. They also apply to what a person builds, so
whatever can be built can be saved, and whatever is saved can be opened.
"""

from __future__ import annotations

# Files.
MAX_DESIGN_BYTES = 100_000_000
"""Of a .netdesign file. Rows that are embedded take 5 MB for each set of data."""
MAX_MODEL_BYTES = 2**31
"""Of a .safetensors file."""
MAX_CLIPBOARD_CHARACTERS = 10_000_000

# JSON.
MAX_DEPTH = 64
"""Nested lists and objects. Our own files need ten."""
MAX_VALUES = 5_000_000
"""In one text, counted by its commas."""
MAX_DIGITS = 40
"""Of a whole number. The state of a random generator takes 39."""
MAX_COUNT = 2**53
"""Of iterations, epochs and runs: what every program that reads JSON keeps exact."""

# Designs.
MAX_NODES = 10_000
MAX_WIRES = 50_000
MAX_PORT = 1_000
"""The number of a port, as in "in1000"."""
MAX_NAME_LENGTH = 60
"""Of a layer, a group, a port or a run."""
MAX_LAYER_DEPTH, MAX_LAYER_CHARACTERS = 32, 100_000
"""Of the JSON of a layer of a kind that this version does not know."""

# What surrounds a design.
MAX_GROUPS = 500
MAX_GROUP_DEPTH = 20
MAX_NOTES, MAX_NOTE_LENGTH = 2_000, 10_000
"""Notes on the canvas, and characters of each."""
MAX_NOTES_LENGTH = 100_000
"""Characters of what a file says about itself."""
MAX_RUNS, MAX_MARKS = 1_000, 1_000
"""Runs of a file, and marks in the history of each."""
MAX_OPENINGS = 1_000
"""Of the test set."""
MAX_BLOCKS, MAX_BLOCK_NAME_LENGTH = 1_000, 100
"""Kept blocks, and characters of a name, which may be that of a group with a number."""

MAX_MESSAGE = 600
"""Characters of an error message, and of its hint: what a dialog can show."""
