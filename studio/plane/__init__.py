"""Plane: what a network computes over two of its inputs, painted with the examples on it."""
