"""Small real data sets that come with the program: flowers, wines, tumors and tiny digits.

resources/data/README.md says where they are from; packaging/make_small_data.py made the files.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import ClassVar

import numpy as np

from engine import resources
from engine.data.checks import Array
from engine.data.dataset import Dataset, from_labels
from engine.data.fit import Fit
from engine.data.sources.archive import read_arrays, unreadable
from engine.data.sources.base import DataSource
from engine.streams import SCHEME

CELL_MEASURES = (
    "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity",
    "concave points", "symmetry", "fractal dimension",
)  # fmt: skip


class SmallSet(DataSource):
    """Base of the small sets. features, classes: their names; counts: the examples of each class.

    largest: what every value is divided by. picture: (channels, height, width), or None.
    """

    abstract: ClassVar[bool] = True

    file: ClassVar[str]
    features: ClassVar[tuple[str, ...]]
    classes: ClassVar[tuple[str, ...]]
    counts: ClassVar[tuple[int, ...]]
    largest: ClassVar[float] = 1.0
    picture: ClassVar[tuple[int, int, int] | None] = None

    def fit(self) -> Fit:
        return Fit.of_classes((len(self.features),), len(self.classes))

    def class_sizes(self) -> tuple[int, ...]:
        return self.counts

    def load(self, seed: int = 0, scheme: int = SCHEME) -> Dataset:
        file = resources.path("data", self.file)
        X, labels = read_small(file, len(self.features), self.counts, self.largest)
        return from_labels(
            X,
            labels,
            self.classes,
            feature_names=self.features,
            image_shape=self.picture,
            ink=self.picture is not None,
            name=self.kind,
            seed=seed,
        )


class Iris(SmallSet):
    """150 iris flowers of three species, measured in centimeters. One species stands apart.

    X is (4, 150) of float32, Y is one-hot, (3, 150); 50 flowers of each species, in this order.

    Source: R. A. Fisher, The use of multiple measurements in taxonomic problems, 1936; UCI
    Machine Learning Repository, by way of scikit-learn.
    """

    kind: ClassVar[str] = "iris"
    title: ClassVar[str] = "Iris flowers"
    file: ClassVar[str] = "iris.npz"
    features: ClassVar[tuple[str, ...]] = (
        "sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)",
    )  # fmt: skip
    classes: ClassVar[tuple[str, ...]] = ("setosa", "versicolor", "virginica")
    counts: ClassVar[tuple[int, ...]] = (50, 50, 50)


class Wine(SmallSet):
    """178 Italian wines of three growers, told apart by 13 chemical measurements.

    X is (13, 178) of float32, Y is one-hot, (3, 178). The features differ in scale by a factor of
    a thousand: the example for normalization.

    Source: M. Forina and others, PARVUS, Genoa, 1988; UCI Machine Learning Repository, by way of
    scikit-learn.
    """

    kind: ClassVar[str] = "wine"
    title: ClassVar[str] = "Wines"
    file: ClassVar[str] = "wine.npz"
    features: ClassVar[tuple[str, ...]] = (
        "alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols",
        "flavanoids", "nonflavanoid phenols", "proanthocyanins", "color intensity", "hue",
        "OD280/OD315 of diluted wines", "proline",
    )  # fmt: skip
    classes: ClassVar[tuple[str, ...]] = ("grower 1", "grower 2", "grower 3")
    counts: ClassVar[tuple[int, ...]] = (59, 71, 48)


class BreastCancer(SmallSet):
    """569 tumors, malignant (label 0) or benign (label 1), by 30 measurements of their cells.

    X is (30, 569) of float32: ten measures of the cell nuclei in a picture, each as mean, standard
    error and worst value. Y is (1, 569).

    Source: W. N. Street, W. H. Wolberg and O. L. Mangasarian, Nuclear feature extraction for breast
    tumor diagnosis, 1993; UCI Machine Learning Repository, by way of scikit-learn.
    """

    kind: ClassVar[str] = "breast-cancer"
    title: ClassVar[str] = "Breast cancer"
    file: ClassVar[str] = "breast-cancer.npz"
    features: ClassVar[tuple[str, ...]] = (
        *(f"mean {measure}" for measure in CELL_MEASURES),
        *(f"{measure} error" for measure in CELL_MEASURES),
        *(f"worst {measure}" for measure in CELL_MEASURES),
    )
    classes: ClassVar[tuple[str, ...]] = ("malignant", "benign")
    counts: ClassVar[tuple[int, ...]] = (212, 357)


class TinyDigits(SmallSet):
    """Handwritten digits: 1,797 gray images of 8 x 8 pixels, small enough to see every weight.

    X is (64, 1797) of float32, the pixels row by row, 0 (paper) to 1 (ink), in steps of 1/16; Y is
    one-hot, (10, 1797).

    Source: E. Alpaydin and C. Kaynak, Optical recognition of handwritten digits, 1998; the test set
    of the UCI Machine Learning Repository, by way of scikit-learn.
    """

    kind: ClassVar[str] = "digits-8x8"
    title: ClassVar[str] = "Tiny digits (8 × 8)"
    has_pixels: ClassVar[bool] = True
    file: ClassVar[str] = "digits-8x8.npz"
    features: ClassVar[tuple[str, ...]] = tuple(
        f"pixel {row},{column}" for row in range(8) for column in range(8)
    )
    classes: ClassVar[tuple[str, ...]] = tuple(str(digit) for digit in range(10))
    counts: ClassVar[tuple[int, ...]] = (178, 182, 177, 183, 181, 182, 181, 179, 174, 180)
    largest: ClassVar[float] = 16.0
    picture: ClassVar[tuple[int, int, int] | None] = (1, 8, 8)


@functools.lru_cache(maxsize=8)
def read_small(
    file: Path, n_x: int, counts: tuple[int, ...], largest: float
) -> tuple[Array, Array]:
    """X: (n_x, m) of float32 and labels: (m,), decoded once and read-only.

    Raises FileError if the file is missing, damaged, or holds other examples than it should.
    """
    values, labels = read_arrays(file, "values", "labels", what="examples")
    if values.ndim != 2 or values.dtype.kind not in "uf" or values.shape[1] != n_x:
        raise unreadable(file, "examples", f"values are {values.shape} of {values.dtype}")
    sound = labels.dtype == np.uint8 and labels.shape == values.shape[:1]
    if not sound or tuple(np.bincount(labels, minlength=len(counts))) != counts:
        raise unreadable(file, "examples", "the classes do not have their known sizes")
    X = np.divide(values.T, largest, dtype=np.float32)  # (n_x, m)
    X.flags.writeable = labels.flags.writeable = False
    return X, labels
