"""Running: the training thread, how it gives way to the window, and what views compute from."""
