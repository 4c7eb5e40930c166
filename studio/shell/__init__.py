"""Shell: the application, its window, and the wiring between the views."""
