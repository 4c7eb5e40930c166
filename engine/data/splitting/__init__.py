"""Splitting: which example goes into which set, and what is wrong about a split."""
