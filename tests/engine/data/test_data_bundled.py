"""The bundled digits: where they are from, what they hold, and what happens to a damaged file."""

import hashlib
import importlib.util
import io
import shutil
from pathlib import Path

import numpy as np
import pytest

from engine import resources
from engine.data import load
from engine.data.sources.bundled import read_digits
from engine.errors import FileError

COUNTS = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
FILE = resources.path("data", "mnist-10k.npz")


@pytest.fixture(scope="module")
def make_digits():
    """The script packaging/make_digits.py as a module."""
    script = Path(__file__).parents[3] / "packaging" / "make_digits.py"
    spec = importlib.util.spec_from_file_location("make_digits", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path):
    """A copy of the file to damage. Digits read from it are forgotten afterwards."""
    yield Path(shutil.copy(FILE, tmp_path / "digits.npz"))
    read_digits.cache_clear()


def test_the_digits_have_the_counts_and_shapes_of_their_provenance():
    data = load("mnist-10k")
    assert (data.n_x, data.n_y, data.m, data.task) == (784, 10, 10_000, "multi_class")
    assert np.bincount(data.labels).tolist() == COUNTS
    assert (data.shape, data.image_shape) == ((784,), (1, 28, 28))
    assert data.classes == tuple("0123456789")
    assert data.feature_names[29] == "pixel 1,1"


def test_pixels_are_bytes_divided_by_255():
    X = load("mnist-10k").X
    assert (X.min(), X.max()) == (0, 1)
    levels = X * 255
    assert np.abs(levels - np.rint(levels)).max() < 1e-4
    assert len(np.unique(np.rint(levels))) == 256


def test_no_image_comes_twice():
    images = {image.tobytes() for image in load("mnist-10k").X.T}
    assert len(images) == 10_000


def test_images_look_like_digits():
    """The mean one has ink in the middle, the mean zero around it: rows and columns are right."""
    data = load("mnist-10k")
    zero, one = (data.X[:, data.labels == digit].mean(axis=1).reshape(28, 28) for digit in (0, 1))
    assert one[14, 14] > 0.8
    assert zero[14, 14] < 0.2
    assert zero[14, 7:10].max() > 0.4


def test_the_readme_names_the_file_that_is_shipped():
    readme = FILE.with_name("README.md").read_text(encoding="utf-8")
    data = FILE.read_bytes()
    assert hashlib.sha256(data).hexdigest() in readme
    assert f"{len(data):,} bytes" in readme
    assert all(f" {count} " in readme for count in COUNTS)


def test_a_second_load_shares_the_decoded_pixels():
    first, second = load("mnist-10k", seed=0), load("mnist-10k", seed=1)
    assert np.shares_memory(first.X, second.X)
    assert not first.X.flags.writeable


def truncate(file):
    file.write_bytes(file.read_bytes()[:500_000])


def flip_bits(file):
    data = bytearray(file.read_bytes())
    data[700_000:700_100] = bytes(100)
    file.write_bytes(data)


def change_one_pixel(file):
    pixels, labels = np.full((5, 784), 77, dtype=np.uint8), np.zeros(5, dtype=np.uint8)
    np.savez(file, pixels=pixels, labels=labels)
    data = file.read_bytes()
    file.write_bytes(data.replace(bytes([77] * 784), bytes([77] * 783 + [78]), 1))


def empty(file):
    file.write_bytes(b"")


def replace_by_text(file):
    file.write_text("not an archive")


def save_one_array(file):
    with file.open("wb") as target:
        np.save(target, np.zeros(3))


def lose_the_labels(file):
    np.savez(file, pixels=np.zeros((5, 784), dtype=np.uint8))


def change_the_pixels_type(file):
    np.savez(file, pixels=np.zeros((5, 784)), labels=np.zeros(5, dtype=np.uint8))


def add_an_eleventh_digit(file):
    pixels, labels = np.zeros((5, 784), dtype=np.uint8), np.full(5, 10, dtype=np.uint8)
    np.savez(file, pixels=pixels, labels=labels)


@pytest.mark.parametrize(
    "damage",
    [
        truncate,
        flip_bits,
        change_one_pixel,
        empty,
        replace_by_text,
        save_one_array,
        lose_the_labels,
        change_the_pixels_type,
        add_an_eleventh_digit,
        Path.unlink,
    ],
)
def test_a_damaged_file_is_refused_with_a_sentence(copy, damage):
    damage(copy)
    with pytest.raises(FileError, match=r"The digits in .* cannot be read: .+\.") as caught:
        read_digits(copy)
    assert "restore this file" in caught.value.hint


def test_an_undamaged_copy_is_read(copy):
    X, labels = read_digits(copy)
    assert (X.shape, labels.shape) == ((784, 10_000), (10_000,))


def test_a_missing_resource_is_named_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(resources, "HOMES", (tmp_path / "_resources", tmp_path / "resources"))
    with pytest.raises(FileError, match=r"The bundled file 'data/mnist-10k\.npz' is missing"):
        load("mnist-10k")


def test_the_wheels_resources_come_before_the_neighbors_folder(monkeypatch, tmp_path):
    homes = (tmp_path / "_resources", tmp_path / "resources")
    monkeypatch.setattr(resources, "HOMES", homes)
    for home in reversed(homes):
        home.mkdir()
        (home / "icon.svg").touch()
        assert resources.path("icon.svg") == home / "icon.svg"


def test_the_maker_writes_the_same_bytes_whenever_it_runs(make_digits):
    with np.load(FILE) as archive:
        pixels, labels = archive["pixels"][::100], archive["labels"][::100]
    first, second = (make_digits.encode(pixels, labels) for _ in range(2))
    assert first == second
    with np.load(io.BytesIO(first)) as archive:
        assert np.array_equal(archive["pixels"], pixels)
        assert np.array_equal(archive["labels"], labels)


def test_the_maker_recovers_every_byte_and_refuses_what_is_none(make_digits):
    levels = np.arange(256)
    assert make_digits.to_bytes(np.round(levels / 255, 3)).tolist() == levels.tolist()
    with pytest.raises(SystemExit, match="not a multiple of 1/255"):
        make_digits.to_bytes(np.array([0.5]))


def test_the_maker_refuses_another_package(make_digits):
    with pytest.raises(SystemExit, match=r"This is not mnist@1\.1\.0"):
        make_digits.check_integrity(b"something else")
