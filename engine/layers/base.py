"""The layer contract, and how to add a layer.

To add a layer, write one class below `Layer` in one file of this package:
  1. its settings as fields made by `engine.spec.setting` (limits, title and help live there), and
     its ports, `inputs` and `outputs`, unless it has one of each;
  2. `output_shape` (`output_shapes` with several outputs): shapes in, shape out, without the
     examples axis; raise DesignError if they do not fit;
  3. `parameter_shapes`, `state_shapes` and `initialize`: its parameters and its running state,
     drawn from the given Generator;
  4. `forward`, and `backward` directly under it.
It is then in the palette, the inspector, the files, the gradient check and the contract tests.
A layer that consists of other layers overrides `expand` instead of 2 to 4.

Examples are the last axis: x is (*shape, m); kinds.py says what the shapes are. A layer never
keeps an array on self.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from engine.constants import mean_column
from engine.errors import DataError, DesignError
from engine.layers.explanation import Cell, Explanation, Passed
from engine.layers.kinds import Shape, kind_of, shape_in_words, shape_text
from engine.layers.masks import Mask, Masks, joined
from engine.layers.mode import Mode
from engine.layers.ports import ONE_INPUT, ONE_OUTPUT, Ports
from engine.layers.spreading import Spreading
from engine.layers.traits import Traits
from engine.pytorch_twin import PyTorchTwin
from engine.spec import Family

__all__ = [
    "MAX_UNITS",
    "Array",
    "Cache",
    "Cell",
    "Explanation",
    "Layer",
    "Mask",
    "Masks",
    "Mode",
    "Params",
    "Passed",
    "Ports",
    "Shape",
    "State",
    "feature_count",
    "kind_of",
    "mean_over_examples",
    "shape_in_words",
    "shape_text",
    "vector_length",
]

Array = np.ndarray
Params = Mapping[str, Array]
State = Mapping[str, Array]
Cache = Any

MAX_UNITS = 65_536


class Layer(Spreading, Traits, Family):
    """Base of all layers: a frozen spec with four pure functions."""

    category: ClassVar[str] = "other"
    """Group in the palette and stripe on the node."""
    formula: ClassVar[str] = ""
    """The forward formula in one line, in lecture notation."""
    latex: ClassVar[str] = ""
    r"""The same in LaTeX. `\size{name}{symbol}` marks an array whose size can be told: name is "in"
    (further inputs: "in2", "in3"), "out", or that of a parameter."""
    inputs: ClassVar[Ports] = ONE_INPUT
    """What comes in, by name; none for a first layer."""
    outputs: ClassVar[Ports] = ONE_OUTPUT
    """What goes out, by name; none for a last layer."""
    takes_tokens: ClassVar[bool] = False
    """True for layers that look tokens up; to all others they mean nothing."""
    weights: ClassVar[tuple[str, ...]] = ()
    """Parameters that L1, L2, weight decay and max-norm apply to; never biases, gamma, beta."""
    draws_randomness: ClassVar[bool] = False
    """True for layers whose training pass draws random numbers (dropout)."""
    stream: ClassVar[str] = "dropout"
    """Which random stream of the run such a layer draws from: a field of `streams.Draws`."""
    learns_from_data: ClassVar[bool] = False
    """True for layers whose state is measured on the training set before the first step."""
    measures_targets: ClassVar[bool] = False
    """True for last layers whose state holds mean and spread of the training targets."""
    changes_pictures: ClassVar[bool] = False
    """True for layers whose output is a picture of the same size: views show both."""

    def formula_in_latex(self) -> str:
        """`latex` as it holds with these settings; empty where the parts say all there is."""
        return self.latex

    @property
    def backward_formula(self) -> str:
        """The derivative of the input from that of the output, in lecture notation."""
        return f"back through {self.title}"

    @property
    def gradient_formulas(self) -> tuple[str, ...]:
        """The gradients of the parameters, each as a line "dW = ..."."""
        return ()

    def expand(self) -> tuple[Layer, ...]:
        """The chain of parts that the network runs; a primitive layer is its own only part."""
        return (self,)

    def output_shape(self, *inputs: Shape) -> Shape:
        """Shape of the (first) output, without the examples axis.

        inputs: in the order of the ports; those of a port without a wire are None. Raises
        DesignError if they misfit.
        """
        if len(self.outputs) > 1:
            return self.output_shapes(*inputs)[0]
        parts = self.expand()
        shapes = parts[0].output_shapes(*inputs)
        for part in parts[1:]:
            shapes = part.output_shapes(*shapes)
        return shapes[0]

    def output_shapes(self, *inputs: Shape) -> tuple[Shape, ...]:
        """Shapes of all outputs, in the order of the ports; override it if there are several."""
        return (self.output_shape(*inputs),)

    def checked_shapes(self, *inputs: Shape) -> tuple[Shape, ...]:
        """`output_shapes`, after what holds for all layers. Raises DesignError."""
        if not self.takes_tokens:
            for shape in inputs:
                if shape is not None and kind_of(shape) == "tokens":
                    raise DesignError(
                        f"the input must be real numbers; got {shape_in_words(shape)}.",
                        hint="Add an Embedding layer before it.",
                    )
        return self.output_shapes(*inputs)

    def parameter_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        """Shapes of the parameters by name, for counting without drawing any."""
        return {}

    def state_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        """Shapes of the running state by name."""
        return {}

    @property
    def fewest_examples(self) -> int:
        """Examples that a training batch must have for this layer: two for batch norm."""
        return 1

    def multiply_adds(self, *inputs: Shape) -> int:
        """Multiply-adds of one example's forward pass; functions of single values count as none."""
        total, shapes = 0, inputs
        for part in self.expand():
            total += part.multiply_adds(*shapes) if part is not self else 0
            shapes = part.output_shapes(*shapes)
        return total

    def kept_values(self, *inputs: Shape) -> int:
        """Numbers of one example that a training pass of this part keeps: its outputs (Z, A, or the
        batch X at the input), and what backward needs besides."""
        return sum(math.prod(shape) for shape in self.output_shapes(*inputs))

    def largest_product(self, *inputs: Shape) -> int:
        """Multiply-adds of one example's share of the largest single product of matrices: fewer
        than all where a layer goes step by step."""
        return self.multiply_adds(*inputs)

    def initialize(
        self, rng: np.random.Generator, *inputs: Shape
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """Parameters and running state, in float64, as dictionaries from name to array."""
        return {}, {}

    def measure(self, state: State, x: Array, mask: Mask | None = None) -> None:
        """Fill `state` from the layer's input for the whole training set, (*shape, m).

        mask: which steps of a padded sequence count. Called once, when a network is made with data,
        for layers with `learns_from_data`.
        """

    @property
    def reads_lengths(self) -> bool:
        """Whether X tells this first layer how long each sequence is."""
        return False

    def first_mask(self, x: Array) -> Mask | None:
        """The mask of a first layer that `reads_lengths`. x: what it takes of X."""
        return None

    def mask(self, *masks: Mask | None) -> Mask | None:
        """Which steps of the outputs are real; it counts for those outputs that are sequences.

        masks: one for each input, as in `Mode`. Unless overridden, a step is real where it is so in
        all inputs, which is true of layers that take every step alone.
        """
        return joined(masks)

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        """Output and whatever backward needs; with several outputs, a tuple of them and that.

        xs: one for each input port, in order, None where it has no wire; merges get what is wired.
        Only running statistics in `state` change in place, and only in training mode. Whatever
        stands where `mode.masks` says padding must have no influence on any other number.
        """
        raise NotImplementedError

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        """Gradients of the inputs, in the order of xs; writes those of the parameters into `grads`.

        None stands for an input that has no wire, or no gradient, as tokens have none. With
        several outputs, dy is a tuple with one for each, None where nothing follows.

        dy: m dJ/dy, that is the derivative of the losses' sum, as the lectures' dA and dZ; the
        gradients of parameters are means over the m examples (dW = 1/m dZ A^T). At steps that are
        padding dy is zero, and so must be the gradients of the inputs. With
        need_dx=False the result may be empty: nothing below this layer learns.
        """
        raise NotImplementedError

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        """How a number of an output, of dx or of a parameter's gradient comes about.

        The terms add up to the engine's number to 1e-12 of the sum of their magnitudes. Raises
        DataError for what is not a number of this layer.
        """
        raise DataError(f"{self.title} does not explain '{cell.array}'.")

    def pytorch_twin(self) -> PyTorchTwin | None:
        """The same function in PyTorch, of the inputs and then the parameters; None for none."""
        return None


def feature_count(shape: Shape) -> int:
    """The length of a vector, or of each step of a sequence. Raises DesignError for images."""
    return shape[0] if kind_of(shape) == "sequence" else vector_length(shape)


def vector_length(shape: Shape) -> int:
    """The length of a vector's shape. Raises DesignError for any other kind."""
    if kind_of(shape) != "vector":
        raise DesignError(
            f"the input must be a vector; got {shape_in_words(shape)}.",
            hint="Add a Flatten layer before it.",
        )
    return shape[0]


def mean_over_examples(dy: Array, out: Array) -> Array:
    """1/m times the sum over examples, and over steps, into `out`: (n, m) or (n, T, m) -> (n, 1).

    A product with a column of 1/m, because BLAS sums rows several times faster than np.sum.
    """
    if dy.ndim > 2:
        dy = dy.sum(axis=1)  # (n, m)
    return dy.dot(mean_column(dy.shape[-1], dy.dtype), out)
