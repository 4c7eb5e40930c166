"""Designs drawn at random, for hypothesis: sound ones, and any layers with any wires."""

from hypothesis import strategies as st

from engine.data.fit import Fit
from engine.design import Design, Wire
from engine.layers import Add, BatchNorm, Concatenate, Dense, Flatten, Input, Layer, Linear, Output

LAYERS = [
    Input(),
    Input(features=3),
    Input(shape=(1, 2, 3)),
    Dense(units=3),
    Dense(units=6, batch_norm=True),
    Linear(units=3),
    BatchNorm(),
    Flatten(),
    Add(),
    Concatenate(),
    Output(),
    Output(task="binary"),
    Output(units=3),
    *(member() for member in Layer.registry.values()),
]


PORTS = ["in", "in2", "in3", "in4", "a0"]


@st.composite
def grown(draw):
    """A network that mostly runs: layers on top of layers, an output on what has no consumer."""
    design = Design().add("x", draw(st.sampled_from([Input(), Input(features=3)])))
    inner = [Dense(units=3), Linear(units=3), BatchNorm(), Flatten(), Add(), Concatenate()]
    for index, layer in enumerate(draw(st.lists(st.sampled_from(inner), max_size=6))):
        earlier = st.sampled_from(list(design.nodes))
        sources = [draw(earlier) for _ in range(layer.inputs.fewest)]
        design = design.add(f"n{index}", layer)
        for source in sources:
            design = design.connect(source, f"n{index}")
    loose = [name for name in design.nodes if not design.outputs_of(name)]
    last = loose[0]
    if len(loose) > 1:
        last, design = "join", design.add("join", Concatenate())
        for name in loose:
            design = design.connect(name, "join")
    output = draw(st.sampled_from([Output(), Output(task="binary"), Output(units=3)]))
    return design.add("y", output).connect(last, "y")


@st.composite
def arbitrary(draw):
    """Any layers with any wires: cycles, missing ends, misfits, wires beyond the inputs."""
    layers = draw(st.lists(st.sampled_from(LAYERS), max_size=7))
    nodes = {f"n{index}": layer for index, layer in enumerate(layers)}
    ends = st.sampled_from(sorted(nodes)) if nodes else st.nothing()
    wires = (
        draw(st.lists(st.tuples(ends, ends, st.sampled_from(PORTS)), max_size=12)) if nodes else []
    )
    return Design(nodes, tuple({(t, p): Wire(s, t, p) for s, t, p in wires}.values()))


designs = st.one_of(grown(), arbitrary())
fits = st.sampled_from(
    [None, Fit((3,), 3, "multi_class"), Fit((1, 2, 3), 1, "binary"), Fit((6,), 2)]
)
