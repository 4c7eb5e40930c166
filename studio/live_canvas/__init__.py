"""Live canvas: what the run shows on the nodes and wires of the canvas, refreshed by one timer."""
