"""The limits of what comes from outside: files, the clipboard, kept blocks.

Readers check them before they allocate anything, and what a person builds keeps to them, too, so
that whatever can be made can be saved, and whatever is saved can be opened.
"""

from __future__ import annotations

MAX_DEPTH = 64
"""Lists and objects in each other, in JSON. Our own files need ten."""
MAX_LAYER_DEPTH = 32
"""The same inside of a layer of a kind that this version does not know."""
MAX_DIGITS = 40
"""Of a whole number in JSON. The state of a random generator takes 39."""
MAX_COUNT = 2**53
"""Of iterations, epochs and runs: what every program that reads JSON keeps exact."""
MAX_MESSAGE = 600
"""Characters of an error message, and of its hint: what a dialog can show."""
