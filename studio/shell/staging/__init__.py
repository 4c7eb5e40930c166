"""What the stage is made of: see studio.shell.stage."""
