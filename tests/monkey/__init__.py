"""The monkey: random operations of the real window, and what must hold after each of them.

    python -m tests.monkey --seed 7 --operations 1000        # prints what it found
    python -m tests.monkey --replay FILE                     # the operations of a failure again
    python -m tests.monkey --replay FILE --shorten           # ... and as few of them as fail

Operations stand in `operations/`, invariants in `invariants.py`. Commands, fields, panels, windows
and their options come from the program's own registries: a new one takes part by itself.
"""
