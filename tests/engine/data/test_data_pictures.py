"""Own pictures: a folder for each class becomes a data set; bad files become sentences."""

import io
import json
import os
import shutil
import sys
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.data import (
    DataFileError,
    DataPlan,
    DataSource,
    PicturesSource,
    ReadingCancelledError,
    Watch,
    open_pictures,
)
from engine.data.fit import Fit
from engine.data.sources import embedding
from engine.data.sources.picture_files import PictureError, look_into, read_picture
from engine.errors import DataError, FileError
from engine.files import load, save
from engine.project import Project


def paint(file, color, size=(8, 8), mode="RGB", **options):
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, color).save(file, **options)


@pytest.fixture
def folder(tmp_path):
    """Two classes: three bright and two dark pictures, and files that are no pictures."""
    home = tmp_path / "home" / "lamps"
    for number, name in enumerate(["2.png", "10.png", "1.jpg"]):
        paint(home / "on" / name, (200 + number, 220, 240))
    paint(home / "off" / "a.PNG", 10, mode="L")
    paint(home / "off" / "b.jpeg", (20, 20, 20))
    (home / "off" / "notes.txt").write_text("no picture")
    (home / ".hidden").mkdir()
    return home


def test_a_folder_tells_its_classes_and_files_in_order(folder):
    found = look_into(folder)
    assert (found.classes, found.counts) == (("off", "on"), (2, 3))
    assert [file.name for file in found.files[1]] == ["1.jpg", "2.png", "10.png"]


def test_a_folder_tells_how_many_files_and_folders_are_left_out(folder):
    assert look_into(folder).left_out == 1  # the notes; what is hidden does not count
    paint(folder / "on" / "deeper" / "1.png", 3)
    paint(folder / "on" / "4.bmp", 3)
    paint(folder / "loose.png", 3)
    assert look_into(folder).left_out == 4


def test_pictures_become_examples_from_black_to_white(folder):
    source = open_pictures(folder, height=4, width=6).source
    data = source.load(seed=2)
    assert data.fit == source.fit() == Fit((24,), 1, "binary")
    assert (data.classes, data.image_shape, source.class_sizes()) == (
        ("off", "on"),
        (1, 4, 6),
        (2, 3),
    )
    assert data.labels.tolist() == [0, 0, 1, 1, 1]
    assert data.X[:, 0] == pytest.approx(np.full(24, 10 / 255))
    assert data.X[:, 3] == pytest.approx(
        np.full(24, 218 / 255), abs=0.02
    )  # the gray of 200, 220, 240


def test_colors_are_channels_and_rows_stay_rows(tmp_path):
    for label, color in enumerate([(255, 0, 0), (0, 0, 255)]):
        pixels = np.zeros((6, 6, 3), dtype=np.uint8)
        pixels[:3] = color  # the upper half
        (tmp_path / f"c{label}").mkdir()
        Image.fromarray(pixels).save(tmp_path / f"c{label}" / "x.png")
    data = open_pictures(tmp_path, 6, 6, color=True).source.load()
    red, blue = (data.X[:, label].reshape(3, 6, 6) for label in (0, 1))
    assert red[0, 0].tolist() == [1] * 6 and red[0, 5].tolist() == [0] * 6
    assert blue[2, 0].tolist() == [1] * 6 and not blue[:2].any()


def test_the_middle_is_cut_out_or_the_whole_is_stretched(tmp_path):
    pixels = np.zeros((10, 30), dtype=np.uint8)
    pixels[:, 10:20] = 255
    for label in "ab":
        (tmp_path / label).mkdir()
        Image.fromarray(pixels).save(tmp_path / label / "wide.png")
    crop = open_pictures(tmp_path, 10, 10).source.load().X[:, 0]
    assert crop.tolist() == [1] * 100
    stretched = open_pictures(tmp_path, 10, 10, fitting="stretch").source.load().X[:, 0]
    assert stretched.mean() == pytest.approx(1 / 3, abs=0.02)


@pytest.mark.parametrize(
    ("mode", "color", "gray"),
    [
        ("RGBA", (0, 0, 0, 0), 1.0),
        ("LA", (0, 255), 0.0),
        ("P", 0, 0.0),
        ("1", 1, 1.0),
        ("I;16", 65_535 // 2, 0.5),
    ],
)
def test_pictures_of_every_kind_become_gray(tmp_path, mode, color, gray):
    paint(tmp_path / "a" / "x.png", color, mode=mode)
    paint(tmp_path / "b" / "x.png", 50, mode="L")
    data = open_pictures(tmp_path, 4, 4).source.load()
    assert data.X[:, 0] == pytest.approx(np.full(16, gray), abs=0.005)


def test_a_photograph_on_its_side_is_turned_upright(tmp_path):
    pixels = np.zeros((8, 8), dtype=np.uint8)
    pixels[:, :4] = 255  # bright on the left; turned by 90 degrees, on top
    exif = Image.Exif()
    exif[0x0112] = 6
    for label in "ab":
        (tmp_path / label).mkdir()
        Image.fromarray(pixels).save(tmp_path / label / "x.png", exif=exif)
    upright = open_pictures(tmp_path, 8, 8).source.load().X[:, 0].reshape(8, 8)
    assert upright[0].tolist() == [1] * 8 and upright[7].tolist() == [0] * 8


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all names are Unicode")
def test_names_that_are_not_utf_8_are_shown_readable_and_found_again(tmp_path):
    top = tmp_path / os.fsdecode(b"pictures \xff")
    for name in (b"cat \xfe", b"cat \xfd", b"dog"):
        (top / os.fsdecode(name)).mkdir(parents=True)
        paint(top / os.fsdecode(name) / os.fsdecode(b"a \xfc.png"), (0, 0, 0))
    opened = open_pictures(top, 8, 8).source
    assert opened.classes == (r"cat \xfd", r"cat \xfe", "dog")
    assert opened.folder == r"pictures \xff"
    beside = opened.replace(embedded="", path=str(top), checksum="0")
    with pytest.raises(DataFileError, match="have changed"):
        beside.check_files()
    file = tmp_path / "a.netdesign"
    save(Project(data=DataPlan(source=beside)), file)
    assert load(file).data.source == beside


def test_a_path_that_cannot_be_looked_at_is_refused_with_a_sentence(tmp_path):
    source = PicturesSource(folder="x", classes=("a", "b"), sizes=(1, 1), path="/" + "x" * 300)
    with pytest.raises(DataFileError, match="cannot be read: file name too long"):
        source.load()


def test_a_corrupt_picture_is_named_or_skipped_and_counted(folder):
    whole = (folder / "on" / "2.png").read_bytes()
    (folder / "on" / "2.png").write_bytes(whole[: len(whole) // 2])
    (folder / "on" / "3.png").write_text("no picture")
    with pytest.raises(
        DataError, match=r"The picture 'lamps/on/2\.png' cannot be read: .+\."
    ) as caught:
        open_pictures(folder)
    assert "skip bad pictures" in caught.value.hint
    opened = open_pictures(folder, skip_bad=True)
    assert (opened.skipped, opened.source.sizes) == (2, (2, 2))
    assert "it is not a PNG or JPEG picture" in str(opened.problems[1])
    assert opened.source.load().m == 4


def lose_everything(folder):
    shutil.rmtree(folder)


def lose_all_classes(folder):
    shutil.rmtree(folder)
    paint(folder / "loose.png", (1, 2, 3))


def lose_one_class(folder):
    shutil.rmtree(folder / "off")


def empty_one_class(folder):
    for file in (folder / "off").iterdir():
        file.unlink()


def spoil_one_class(folder):
    for file in (folder / "off").iterdir():
        file.write_text("")


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lose_everything, "The folder 'lamps' cannot be read: no such file or directory."),
        (
            lose_all_classes,
            "'lamps' has no folder for each class. It contains the pictures directly.",
        ),
        (lose_one_class, "'lamps' has only one class, 'on'."),
        (empty_one_class, "The folder 'lamps/off' has no pictures."),
        (spoil_one_class, "No picture of the class 'off' can be read."),
    ],
)
def test_folders_that_are_no_classes_are_refused(folder, damage, sentence):
    damage(folder)
    with pytest.raises((DataError, FileError)) as caught:
        open_pictures(folder, skip_bad=True)
    assert sentence in str(caught.value) and caught.value.hint


def test_more_pixels_than_memory_are_refused_before_they_are_read(folder, monkeypatch):
    monkeypatch.setattr("engine.data.sources.pictures.MAX_VALUES", 1000)
    with pytest.raises(DataError, match="5 pictures of 784 values are more than fit into memory"):
        open_pictures(folder)


def test_reading_pictures_tells_how_far_it_is_and_stops_when_asked(folder):
    shares = []
    open_pictures(folder, watch=Watch(progress=shares.append))
    assert shares == [0, 0.2, 0.4, 0.6, 0.8, 1]
    with pytest.raises(ReadingCancelledError):
        open_pictures(folder, watch=Watch(cancelled=lambda: True))


def test_few_pictures_travel_inside_the_project(folder):
    source = open_pictures(folder, 4, 4).source
    before = source.load(seed=1)
    shutil.rmtree(folder)
    text = json.dumps(source.to_json())
    again = DataSource.parse(json.loads(text))
    assert again == source and str(folder.parent) not in text
    assert np.array_equal(again.load(seed=1).X, before.X)
    assert DataPlan(source=again, train=0.5, dev=0.5, test=0).build().train.m == 3
    with pytest.raises(DataError, match="The set of pictures inside the project is damaged"):
        again.replace(sizes=(2, 4)).load()


def test_many_pictures_stay_outside_and_are_compared(folder, monkeypatch):
    monkeypatch.setattr(embedding, "MAX_TEXT", 10)
    source = open_pictures(folder, 4, 4).source
    assert source.embedded == "" and source.path == str(folder)
    assert source.load().m == 5
    source.check_files()
    kept = source.relative_to(folder.parent.parent)
    assert kept.path == "home/lamps"
    assert kept.resolved_in(folder.parent.parent) == source
    paint(folder / "on" / "2.png", (0, 0, 0))
    for use in (source.load, source.check_files):
        with pytest.raises(DataFileError, match="have changed since they were opened") as caught:
            use()
        assert caught.value.changed
    renewed = source.renewed().source
    assert renewed.load().X[:, 3].max() == 0
    moved = folder.with_name("elsewhere")
    folder.rename(moved)
    with pytest.raises(DataFileError, match="The picture folder 'lamps' is gone") as caught:
        renewed.load()
    assert not caught.value.changed and caught.value.path == str(folder)
    assert renewed.moved_to(moved).load().m == 5
    assert isinstance(renewed, PicturesSource)


def picture_bytes(form):
    target = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 255, (9, 7, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(target, form)
    return target.getvalue()


WHOLE = {form: picture_bytes(form) for form in ("PNG", "JPEG")}


@given(
    st.sampled_from(["PNG", "JPEG"]),
    st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), max_size=8),
    st.integers(0, 700),
)
@settings(max_examples=300)
def test_any_damage_to_a_picture_is_a_sentence_or_gives_pixels(form, changes, end):
    content = bytearray(WHOLE[form])
    for place, value in changes:
        content[place % len(content)] = value
    content = bytes(content[:end] if end % 2 else content)
    try:
        pixels = read_picture(content, 5, 4, color=True, fitting="crop")
    except PictureError as error:
        assert str(error) and not str(error).endswith(".")
    else:
        assert (pixels.shape, pixels.dtype) == ((3, 5, 4), np.uint8)


@pytest.mark.parametrize(
    ("width", "height", "sentence"),
    [(30_000, 2_500, "it has more than 60 million pixels"), (60_000, 60_000, "exceeds limit")],
)
def test_a_picture_of_a_gigapixel_is_refused_before_it_is_decoded(width, height, sentence):
    content = bytearray(WHOLE["PNG"])
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    with pytest.raises(PictureError, match=sentence):
        read_picture(bytes(content), 5, 4, color=True, fitting="crop")
