"""Plots: curves over the course of a run, with their axes, legends and marks."""
