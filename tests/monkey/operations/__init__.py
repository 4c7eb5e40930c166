"""What the monkey can do; every `Operation` in a file here takes part."""
