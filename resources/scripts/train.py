"""Train a small network on two interleaved moons, and watch the cost fall.

    python resources/scripts/train.py

The columns of X are the examples: X has the shape (n_x, m), here (2, 300) in the training set.
"""

import engine

# 1. The data: 500 points, split 60/20/20, with every feature's mean 0 and variance 1.
data = engine.data.load("moons", seed=1, points=500).split(0.6, 0.2, 0.2).normalize()
print(f"X has the shape {data.train.X.shape}, Y has the shape {data.train.Y.shape}.")

# 2. The design: two hidden layers with ReLU, and one sigmoid unit that says which moon it is.
design = engine.Design.sequential(
    [
        engine.Input(),
        engine.Dense(units=16),
        engine.Dense(units=8),
        engine.Output(task="binary"),
    ]
)

# 3. The network: the design with its first weights, drawn from the seed.
network = engine.Network(design, seed=1, data=data)
print(f"The network has {network.theta.size} parameters.")

# 4. Training: each step computes J and its gradient on a mini-batch, then updates theta.
settings = engine.TrainingSettings(
    optimizer=engine.Adam(learning_rate=0.01), batch_size=32, epochs=40
)
steps_per_epoch = -(-data.train.m // 32)
for step in engine.train(network, data, settings):
    if step.iteration % (10 * steps_per_epoch) == 0:
        print(f"epoch {step.epoch:3}   J {step.cost:.4f}")

# 5. The dev set, which no step has seen: how often is the network right?
cost, accuracy = network.evaluate(data.dev.X, data.dev.Y)
print(f"Dev set: J {cost:.4f}, accuracy {accuracy:.1%}")
