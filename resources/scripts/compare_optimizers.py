"""Compare optimizers: the same data, the same first weights, one difference.

    python resources/scripts/compare_optimizers.py

A fair comparison changes one thing only. Every network below begins with the same weights and sees
the same mini-batches in the same order, because all of that comes from one seed.
"""

import engine

EPOCHS = 20

data = engine.data.load("spirals", seed=0, points=600).split(0.6, 0.2, 0.2).normalize()
design = engine.Design.sequential(
    [
        engine.Input(),
        engine.Dense(units=32),
        engine.Dense(units=32),
        engine.Output(task="multi_class"),
    ]
)

# Each learning rate is a usual choice for its optimizer; try others.
optimizers = {
    "Gradient descent": engine.GradientDescent(learning_rate=0.1),
    "Momentum": engine.Momentum(learning_rate=0.1, beta=0.9),
    "RMSprop": engine.RMSprop(learning_rate=0.003),
    "Adam": engine.Adam(learning_rate=0.003),
}

print(f"{'':18} J at the start    J at the end   dev accuracy")
for name, optimizer in optimizers.items():
    network = engine.Network(design, seed=0, data=data)
    settings = engine.TrainingSettings(optimizer=optimizer, batch_size=32, epochs=EPOCHS)
    first, _ = network.evaluate(data.train.X, data.train.Y)
    for _ in engine.train(network, data, settings):
        pass
    last, _ = network.evaluate(data.train.X, data.train.Y)
    _, accuracy = network.evaluate(data.dev.X, data.dev.Y)
    print(f"{name:18} {first:14.3f} {last:15.3f} {accuracy:14.1%}")
