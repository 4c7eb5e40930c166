"""The parts of the stage: see studio.shell.stage."""
