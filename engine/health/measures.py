"""MEASURES: what is recorded of the health of each layer."""

MEASURES = (
    "weight_gradient_norm",
    "bias_gradient_norm",
    "update_ratio",
    "activation_mean",
    "activation_spread",
    "dead_share",
    "saturated_share",
    "identical_share",
)
"""weight_gradient_norm, bias_gradient_norm: Frobenius norms of dW, and of db (or dgamma, dbeta).
update_ratio: ||change of W in this step|| / ||W||; about 1e-3 is healthy.
activation_mean, activation_spread: mean and standard deviation of the layer's output.
dead_share: units that are exactly 0 for all judged examples, of those that can die (ReLU).
saturated_share: outputs at an end of a bounded function's range (sigmoid, tanh), for them.
Judged examples: those of the mini-batch, or 256 of the training set where it has fewer.
identical_share: units whose incoming weights equal another unit's (symmetry never broken).
Not a number where a measure has no meaning for a layer."""
