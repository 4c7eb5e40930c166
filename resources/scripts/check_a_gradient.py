"""Check back-propagation by hand: nudge every parameter, and see how J changes.

    python resources/scripts/check_a_gradient.py

The slope of J along one parameter is about (J(theta + epsilon) - J(theta - epsilon)) / (2 epsilon).
Back-propagation gives the slopes along all parameters in one pass. Both must agree.
"""

import numpy as np

import engine

EPSILON = 1e-7

# 1. A small network in float64: float32 has too few digits for the difference of two costs.
data = engine.data.load("circles", seed=0, points=40).split(0.6, 0.2, 0.2)
design = engine.Design.sequential(
    [engine.Input(), engine.Dense(units=4, activation="tanh"), engine.Output(task="binary")]
)
network = engine.Network(design, seed=0, data=data, dtype="float64")
X, Y = data.train.X.astype(np.float64), data.train.Y.astype(np.float64)

# 2. What back-propagation says.
network.cost_and_gradient(X, Y)
gradient = network.gradient.copy()  # (parameters,)

# 3. What nudging says, one parameter at a time.
slopes = np.empty_like(gradient)
for i in range(len(network.theta)):
    kept = network.theta[i]
    network.theta[i] = kept + EPSILON
    above = network.cost(X, Y)
    network.theta[i] = kept - EPSILON
    below = network.cost(X, Y)
    network.theta[i] = kept
    slopes[i] = (above - below) / (2 * EPSILON)

# 4. The lectures' measure: about 1e-7 is right, 1e-3 is wrong.
distance = np.linalg.norm(gradient - slopes)
error = distance / (np.linalg.norm(gradient) + np.linalg.norm(slopes))
print(f"{len(slopes)} parameters, relative error by hand {error:.1e}")

# 5. The same in one line, for any design. The report says which block is to blame.
report = engine.check_gradients(network, X, Y, epsilon=EPSILON)
print(report.sentence)
