"""Probes: what views show of a network, computed from copies of its weights. No window needed."""
