"""What panels are built on: the base of all, and those of curves and of views of a snapshot."""
