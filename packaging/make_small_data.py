"""Makes the small bundled sets in resources/data from scikit-learn's copies of them.

    python packaging/make_small_data.py                # needs scikit-learn, as the oracle tests do

It writes iris.npz, wine.npz, breast-cancer.npz and digits-8x8.npz. Every copy is compared with the
SHA-256 of its source below, and every value must survive its smaller type. The same input gives the
same output, byte for byte, with the same zlib.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from make_digits import pack, write  # the script beside this one

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "data"


class Source(NamedTuple):
    """target: the file to write. loader, file, sha256: scikit-learn's function and its own file.

    dtype: the type that holds every feature value. counts: the examples of each class.
    """

    target: str
    loader: str
    file: str
    sha256: str
    dtype: type
    counts: tuple[int, ...]


SOURCES = (
    Source(
        "iris.npz",
        "load_iris",
        "iris.csv",
        "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449",
        np.float32,
        (50, 50, 50),
    ),
    Source(
        "wine.npz",
        "load_wine",
        "wine_data.csv",
        "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede",
        np.float32,
        (59, 71, 48),
    ),
    Source(
        "breast-cancer.npz",
        "load_breast_cancer",
        "breast_cancer.csv",
        "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed",
        np.float32,
        (212, 357),
    ),
    Source(
        "digits-8x8.npz",
        "load_digits",
        "digits.csv.gz",
        "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22",
        np.uint8,
        (178, 182, 177, 183, 181, 182, 181, 179, 174, 180),
    ),
)


def main() -> None:
    """Makes all files and says what it wrote."""
    for source in SOURCES:
        data = make(source)
        write(FOLDER / source.target, data)
        print(f"{source.target}: {len(data):,} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


def make(source: Source) -> bytes:
    """The .npz file: values (m, n_x) and labels (m,), in scikit-learn's order."""
    from sklearn import datasets

    check_origin(source, Path(datasets.__file__).parent / "data" / source.file)
    values, labels = getattr(datasets, source.loader)(return_X_y=True)
    counts = tuple(np.bincount(labels).tolist())
    if counts != source.counts:
        raise SystemExit(f"{source.target}: {source.counts} examples expected; got {counts}.")
    return pack(values=shrink(values, source.dtype), labels=labels.astype(np.uint8))


def check_origin(source: Source, file: Path) -> None:
    """Stops unless the file is the one that we know."""
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != source.sha256:
        raise SystemExit(f"{file.name} has the SHA-256 {found}; expected {source.sha256}.")


def shrink(values: np.ndarray, dtype: type) -> np.ndarray:
    """The values in a smaller type. Stops if one changes in its first six digits."""
    small = values.astype(dtype)
    if not np.allclose(small, values, rtol=1e-6, atol=0):
        raise SystemExit(f"A value does not fit {np.dtype(dtype)}.")
    return small


if __name__ == "__main__":
    main()
