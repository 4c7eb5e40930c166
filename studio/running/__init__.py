"""Running: the training thread, how it yields to the window, and what views compute from."""
