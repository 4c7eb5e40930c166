"""Own tables: what is guessed, what is read, and what a user is told about bad input."""

import codecs
import csv
import io
import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data import DataPlan, DataSource, ReadingCancelledError, TableSource, Watch
from engine.data.tables import (
    Column,
    ReadingOptions,
    blocks,
    csv_reader,
    open_table,
    preview,
    table,
)
from engine.data.tables.cells import is_missing
from engine.data.tables.pandas_reader import parse_fast
from engine.data.tables.pieces import Vocabulary
from engine.data.tables.problems import Tally, ragged
from engine.data.words import natural_key
from engine.errors import DataError, FileError, SpecError

NUMBER, WORD = Column(name="a"), Column(name="b", type="category")
TARGET = Column(name="y", type="category", role="target")
COLUMNS = (NUMBER, WORD, TARGET)
OPTIONS = ReadingOptions()


@pytest.fixture
def write(tmp_path):
    """A function: text or bytes -> the path of a file that holds them."""

    def write(content, name="table.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return file

    return write


def read(file, columns=COLUMNS, options=OPTIONS, **more):
    return table.read_table(file, options, columns, **more)


def opened(file, **changes):
    """The table as it is guessed, with changes of some columns, by name."""
    found = preview(file)
    columns = tuple(c.replace(**changes.get(c.name, {})) for c in found.columns)
    return open_table(file, found.options, columns)


def refused(file, columns=COLUMNS, options=OPTIONS):
    """The sentence with which a table is refused."""
    with pytest.raises((DataError, FileError)) as caught:
        open_table(file, options, columns)
    assert caught.value.message.endswith(".") and caught.value.hint.endswith(".")
    return str(caught.value)


# What is guessed.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    ("delimiter", "decimal"), [(",", "."), (";", ","), ("\t", "."), ("|", ",")]
)
def test_a_table_is_recognized_however_it_is_written(write, encoding, delimiter, decimal):
    rows = [["größe", "Ort", "class"]]
    rows += [[f"{i / 4:.2f}".replace(".", decimal), "Köln" if i % 2 else "Ulm", "ab"[i % 2]]
             for i in range(1, 40)]  # fmt: skip
    text = "\r\n".join(delimiter.join(row) for row in rows)
    found = preview(write(text.encode(encoding)))
    assert (found.options.delimiter, found.options.decimal) == (delimiter, decimal)
    assert found.options.header
    assert [c.name for c in found.columns] == rows[0]
    assert [c.type for c in found.columns] == ["number", "category", "category"]
    assert [c.role for c in found.columns] == ["feature", "feature", "target"]
    assert (found.problems, found.estimated_rows) == ((), 39)
    data = open_table(found.path, found.options, found.columns).source.load()
    assert data.X[0].tolist() == [i / 4 for i in range(1, 40)]
    assert data.feature_names == ("größe", "Ort = Köln", "Ort = Ulm")


def test_a_table_without_a_header_gets_numbered_names(write):
    found = preview(write("1,2,x\n3,4,y\n"))
    assert not found.options.header
    assert [c.name for c in found.columns] == ["column 1", "column 2", "column 3"]
    assert found.rows == (("1", "2", "x"), ("3", "4", "y"))


def test_names_differ_from_each_other(write):
    found = preview(write("a,a,,a\n1,2,3,4\n"))
    assert [c.name for c in found.columns] == ["a", "a (2)", "column 3", "a (3)"]


def test_the_options_that_are_given_go_before_guesses(write):
    file = write("a;b,y\n1;2,0\n3;4,1\n")
    found = preview(file, ReadingOptions(delimiter=";", header=False))
    assert list(found.rows) == [("a", "b,y"), ("1", "2,0"), ("3", "4,1")]


def test_quotation_marks_hold_delimiters_line_breaks_and_themselves(write):
    file = write('"a","b","y"\n1,"x, ""y""\nz",no\n2,"w",yes\n')
    result = read(file)
    assert result.columns[1].categories == ("w", 'x, "y"\nz')
    assert result.numbers[:, 0].tolist() == [1, 2]


def test_names_and_remarks_are_ignored_and_few_whole_numbers_are_classes(write):
    rows = "".join(f"person {i},{i % 3},{i / 3:.3f},{i % 2}\n" for i in range(80))
    found = preview(write("name,group,size,outcome\n" + rows))
    assert [c.role for c in found.columns] == ["ignore", "feature", "feature", "target"]
    assert found.columns[3].type == "category"


def test_a_preview_names_what_would_stop_the_reading(write):
    rows = "".join(f"{i},x,no\n" for i in range(30))
    found = preview(write("a,b,y\n" + rows + "oops,x,yes\n1,2\n"))
    assert [str(p)[:60] for p in found.problems] == [
        "Line 32, column 1 ('a'): 'oops' is not a number. Skip bad ro",
        "Line 33 has 2 values, but the table has 3 columns. Skip bad ",
    ]
    assert [(p.line, p.column) for p in found.problems] == [(32, "a"), (33, "")]


def test_a_preview_of_a_large_file_reads_its_beginning_only(write):
    file = write("a,b,y\n" + "1.5,x,no\n" * 200_000)
    found = preview(file)
    assert found.estimated_rows == pytest.approx(200_000, rel=0.01)
    assert len(found.rows) == 100


# What becomes of the columns.


def test_categories_become_one_hot_and_their_order_is_that_of_people(write):
    file = write("a,size,y\n" + "".join(f"{i},{s},{i}.5\n" for i, s in enumerate(["10", "9", "2"])))
    source = opened(file, size={"type": "category"}).source
    data = source.load()
    assert data.task == "regression"
    assert source.columns[1].categories == ("2", "9", "10")
    assert data.feature_names == ("a", "size = 2", "size = 9", "size = 10")
    assert data.X[1:].tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert data.Y.tolist() == [[0.5, 1.5, 2.5]]


def test_a_row_with_a_gap_is_dropped_or_filled_or_says_so(write):
    file = write("a,b,y\n1,u,no\n,u,yes\n3,,no\n5,v,\n7,v,yes\n")
    dropped = opened(file, a={"missing": "drop"}, b={"missing": "drop"})
    assert (dropped.dropped, dropped.source.load().m) == (3, 2)
    own = opened(file, a={"missing": "category"}, b={"missing": "category"})
    data = own.source.load()
    assert own.dropped == 1  # the row whose target is missing
    assert data.feature_names == ("a", "a is missing", "b = u", "b = v", "b is missing")
    assert data.X[1].tolist() == [0, 1, 0, 0]
    assert data.X[4].tolist() == [0, 0, 1, 0]
    assert data.X[2:4, 2].tolist() == [0, 0]
    assert math.isnan(data.X[0, 1]) and data.gaps


def test_gaps_are_filled_with_the_mean_of_the_training_set_alone(write):
    rng = np.random.default_rng(0)
    values = np.round(rng.normal(5, 2, 200), 2)
    lines = [f"{'' if i % 4 == 0 else v},{'uv'[i % 2]},{i % 2}" for i, v in enumerate(values)]
    source = opened(write("a,b,y\n" + "\n".join(lines)), a={"missing": "mean"}).source
    data = source.load(seed=3)
    splits = data.split(0.6, 0.2, 0.2)
    raw = source.replace(columns=source.columns).load(seed=3)
    known = np.concatenate([s.X[0] for s in (splits.train, splits.dev, splits.test)])
    assert np.isfinite(known).all() and not splits.train.gaps
    mean = splits.filling[0, 0]
    filled = splits.train.X[0] == mean
    assert mean == pytest.approx(splits.train.X[0][~filled].mean(dtype=np.float64), rel=1e-6)
    assert mean != pytest.approx(np.nanmean(raw.X[0]), rel=1e-4)
    assert (splits.dev.X[0] == mean).any() and (splits.test.X[0] == mean).any()
    assert (known == mean).sum() == 50


def test_several_targets_with_two_values_are_labels_and_unknown_ones_stay_unknown(write):
    file = write("x,cat,dog\n1,0,1\n2,1,\n3,1,0\n")
    two = {"role": "target", "type": "category"}
    data = opened(file, cat=two, dog=two).source.load()
    assert (data.task, data.classes) == ("multi_label", ("cat", "dog"))
    assert data.Y[0].tolist() == [0, 1, 1]
    assert data.Y[1, 0] == 1 and math.isnan(data.Y[1, 1]) and data.Y[1, 2] == 0


def test_the_examples_keep_the_order_of_the_rows_over_many_blocks(write, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 64)
    rows = [f"{i},{'uvw'[i % 3]},{'no' if i % 2 else 'yes'}" for i in range(500)]
    result = read(write("a,b,y\n" + "\n".join(rows)))
    assert result.numbers[:, 0].tolist() == list(range(500))
    assert result.codes[:, 0].tolist() == [i % 3 for i in range(500)]
    assert result.codes[:, 1].tolist() == [1 - i % 2 for i in range(500)]


def test_no_more_rows_are_read_than_asked_for(write):
    file = write("a,b,y\n" + "1,u,no\n2,v,yes\n" * 50)
    assert read(file, options=ReadingOptions(rows=7)).rows == 7


# Bad input.


def test_one_column_is_singular():
    assert ragged(2, 2, 1, "").message == "Line 2 has 2 values, but the table has 1 column."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b,y\n1,u,no\n2,v\n", "Line 3 has 2 values, but the table has 3 columns."),
        ("a,b,y\n1,u,no,5\n", "Line 2 has 4 values, but the table has 3 columns."),
        ("a,b,y\n1,u,no\n\nx7,v,yes\n", "Line 4, column 1 ('a'): 'x7' is not a number."),
        ("a,b,y\n1,u,no\n-inf,v,yes\n", "Line 3, column 1 ('a'): '-inf' is infinite."),
        ("a,b,y\n1e39,v,yes\n", "Line 2, column 1 ('a'): '1e39' is too large."),
        ("a,b,y\n1_0,v,yes\n", "Line 2, column 1 ('a'): '1_0' is not a number."),
        ("a,b,y\n1,v\0,yes\n", "Line 2, column 2 ('b'): it holds a zero byte."),
        ("a,b,y\n1,u,\n2,v,\n", "The target 'y' is empty."),
        ("a,b,y\n1,u,no\n2,v,no\n", "The target 'y' has only one class, 'no'."),
        ("a,b,y\n,u,no\n,v,yes\n", "No row has all its values; 'a' lacks 2 of 2."),
        ("a,b,y\n,u,no\n1,v,yes\n", "All rows that can be used are of one class, 'yes'."),
        ("a,b,y\n", "'table.csv' has no rows of values."),
        ("a,b\n1,u,no\n", "The header of 'table.csv' has 2 names, but there are 3 columns."),
        ('a,b,y\n1,"u,no\n' + "2,v,yes\n" * 20_000, "From line 2 on, the table cannot be divided"),
    ],
)
def test_bad_rows_are_named_with_their_place(write, text, sentence):
    assert sentence in refused(write(text))


@given(st.permutations(["10", "2", "007", "7", "9" * 5000, "a10", "a9", "b", "-3"]))
def test_categories_are_in_order_whatever_the_order_of_the_rows(texts):
    ordered = sorted(texts, key=natural_key)
    assert ordered == ["2", "007", "7", "10", "9" * 5000, "-3", "a9", "a10", "b"]


def test_categories_stay_as_they_are_written(write):
    file = write("a,b,y\n1,007,1e3\n2,7,1000\n3,7.0,1e3\n")
    result = read(file)
    assert result.columns[1].categories == ("007", "7", "7.0")
    assert result.columns[2].categories == ("1e3", "1000")


def test_skipped_rows_and_rows_not_asked_for_leave_no_category(write):
    after = (WORD, NUMBER, TARGET)
    file = write("b,a,y\nu,1,no\nghost,x,no\nv,2,yes\nlate,3,perhaps\n")
    result = read(file, after, ReadingOptions(rows=2), skip_bad=True)
    assert result.columns[0].categories == ("u", "v")
    assert result.columns[2].categories == ("no", "yes")
    assert result.codes.tolist() == [[0, 0], [1, 1]]


def test_bad_rows_are_skipped_and_counted_on_request(write):
    file = write("a,b,y\n1,u,no\nx,u,no\n2\n3,v,yes\ninf,v,no\n")
    found = open_table(file, OPTIONS, COLUMNS, skip_bad=True)
    assert (found.skipped, found.source.examples()) == (3, 2)
    assert [p.line for p in found.problems] == [3, 4, 6]
    only_bad = write("a,b,y\nx,u,no\n")
    with pytest.raises(DataError, match="only 1 bad ones that were skipped") as caught:
        open_table(only_bad, OPTIONS, COLUMNS, skip_bad=True)
    assert "'x' is not a number" in caught.value.hint


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "'table.csv' is empty."),
        (b" \r\n\n", "'table.csv' is empty."),
        (b"PK\x03\x04abc", "is a spreadsheet or an archive, not a table of text. Save"),
        (bytes(range(256)) * 20, "'table.csv' is a binary file, not text."),
        (b"\x89PNG\r\n", "is a picture, not a table"),
    ],
)
def test_what_is_no_table_is_refused_at_the_first_look(write, content, sentence):
    with pytest.raises(DataError) as caught:
        preview(write(content))
    assert sentence in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileError, match=r"'none\.csv' cannot be read: no such file"):
        preview(tmp_path / "none.csv")
    with pytest.raises(FileError, match=r"The table 'none\.csv' is gone"):
        open_table(tmp_path / "none.csv", OPTIONS, COLUMNS)


def test_letters_of_another_encoding_are_named_with_the_line(write):
    file = write("a,b,y\n1,Ulm,no\n2,Köln,yes\n".encode("cp1252"))
    assert preview(file).options.encoding == "cp1252"
    assert "is not written in utf-8, from about line 1 on" in refused(file)


def test_a_file_above_two_gigabytes_is_refused_before_it_is_read(tmp_path):
    file = tmp_path / "large.csv"
    with file.open("wb") as target:
        target.write(b"a,b,y\n" + b"1,u,no\n2,v,yes\n" * 20_000)
        target.truncate(2_100_000_000)  # sparse: it takes no room on the disk
    assert "'large.csv' is 2.1 GB; at most 2 GB are read. Read only the first rows" in refused(file)
    assert "2.1 GB" in str(preview(file).problems[0])
    assert preview(file, ReadingOptions(rows=1000)).problems == ()


def test_ten_thousand_columns_are_read_and_told(write):
    width = 10_000
    header = ",".join(f"f{i}" for i in range(width)) + ",y"
    rows = "\n".join(",".join([str(i)] * width) + f",{i % 2}" for i in range(3))
    found = preview(write(f"{header}\n{rows}\n"))
    assert "The table has 10,001 columns." in str(found.problems[0])
    data = open_table(found.path, found.options, found.columns).source.load()
    assert (data.n_x, data.m, data.task) == (10_000, 3, "binary")
    assert data.X[9_999].tolist() == [0, 1, 2]


def test_too_many_columns_or_categories_are_refused(write):
    names = (TARGET, *(Column(name=f"c{i}") for i in range(20_000)))
    assert "20,001 columns; at most 20,000" in refused(write("1\n"), names)
    rows = "".join(f"1,id{i},{i % 2}\n" for i in range(1_001))
    assert "Column 'b' has more than 1,000 categories." in refused(write("a,b,y\n" + rows))


def test_columns_that_make_no_task_are_refused(write):
    file = write("a,b,y\n1,u,no\n2,v,yes\n3,v,maybe\n")
    ignored = tuple(c.replace(role="ignore") for c in COLUMNS)
    needs = "A table needs at least one feature and one target."
    assert f"No column is a feature. {needs}" in refused(file, ignored)
    untold = (NUMBER, WORD, TARGET.replace(role="ignore"))
    assert "No column is the target." in refused(file, untold)
    assert "2 columns are named 'a'." in refused(file, (NUMBER, WORD.replace(name="a"), TARGET))
    with pytest.raises(SpecError, match="role must be one of 'feature', 'target' or 'ignore'"):
        Column(name="a", role="label")


def test_targets_of_different_kinds_are_a_target_each_under_the_name_of_their_column(write):
    file = write("a,b,price,y\n1,u,10,no\n2,v,,yes\n3,v,30,\n4,u,40,maybe\n")
    price = Column(name="price", type="number", role="target")
    source = open_table(file, OPTIONS, (NUMBER, WORD, price, TARGET)).source
    data = source.load()
    assert data.fit == source.fit()
    found = [(block.name, block.task, block.outputs, block.classes) for block in data.target_blocks]
    assert found == [
        ("price", "regression", 1, ()),
        ("y", "multi_class", 3, ("maybe", "no", "yes")),
    ]
    assert data.of_target("price").Y[0, [0, 2, 3]].tolist() == [10, 30, 40]
    assert np.isnan(data.of_target("price").Y[0, 1])
    assert data.of_target("y").labels.tolist() == [1, 2, -1, 0]


def test_a_category_that_is_new_since_the_table_was_opened_is_refused(write):
    known = WORD.replace(categories=("u", "v"))
    file = write("a,b,y\n1,u,no\n2,w,yes\n")
    columns = (NUMBER, known, TARGET)
    assert "Line 3, column 2 ('b'): 'w' is none of its 2 categories." in refused(file, columns)


def test_a_reading_tells_how_far_it_is_and_stops_when_asked(write, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1000)
    file = write("a,b,y\n" + "1,u,no\n2,v,yes\n" * 1000)
    shares = []
    read(file, watch=Watch(progress=shares.append))
    assert shares == sorted(shares) and shares[-1] == 1 and len(shares) > 10
    with pytest.raises(ReadingCancelledError, match="was canceled"):
        read(file, watch=Watch(progress=shares.append, cancelled=lambda: len(shares) > 20))
    assert len(shares) == 21


# Inside and outside of the project.


def test_a_small_table_travels_inside_and_needs_no_file(write):
    file = write("a,b,secret,y\n1,u,Ann,no\n,v,Ben,yes\n3,,Cyd,no\n")
    source = opened(file, secret={"role": "ignore"}, a={"missing": "mean"}).source
    before = source.load(seed=1)
    file.unlink()
    text = json.dumps(source.to_json())
    assert "Ann" not in text and str(file.parent) not in text
    again = DataSource.parse(json.loads(text))
    assert again == source and again.path == ""
    after = again.load(seed=1)
    assert np.array_equal(after.X, before.X, equal_nan=True)
    assert np.array_equal(after.Y, before.Y)
    assert again.class_sizes() == tuple(np.bincount(after.groups))
    assert again.fit() == after.fit
    assert DataPlan(source=again, train=0.4, dev=0.6, test=0).build().train.m == 1


@pytest.mark.parametrize("damage", ["!", "AAAA", "eJwDAAAAAAE="])
def test_damaged_rows_inside_a_project_are_refused(write, damage):
    source = opened(write("a,b,y\n1,u,0\n2,v,1\n")).source.replace(embedded=damage)
    with pytest.raises(DataError, match="The table inside the project is damaged"):
        source.load()


def test_a_source_is_not_offered_by_name_but_found_in_files():
    assert "table" not in DataSource.kinds()
    assert DataSource.opened["table"] is TableSource
    with pytest.raises(SpecError, match="Your table: file is missing"):
        DataSource.parse({"kind": "table", "columns": []})


# Any text at all.

CELLS = st.one_of(
    st.integers(-999, 999).map(str),
    st.floats(-1e6, 1e6).map(lambda x: f"{x:.4g}"),
    st.sampled_from(["", "NA", "nan", "inf", "1e400", " 7 ", "u", "v ", "x y", '"', '""', "a\0"]),
    st.sampled_from(["1,5", "ü", "\r", "-", "+", ".", "1.", ".5", "+3", "1e5", "0x1", "1d3", "∞"]),
    st.text("ab1.,;\"'\n\r\t \\", max_size=5),
)  # fmt: skip


WRITTEN = st.sampled_from([(",", "."), (";", ","), ("\t", ",")])
NUMERAL = st.floats(-1e6, 1e6).map(lambda x: f"{x:.4g}") | st.sampled_from(["", "NA", " 7 ", ".5"])
TABLES = st.lists(st.tuples(NUMERAL, CELLS, NUMERAL), min_size=1, max_size=6)
RAGGED = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=6)


@given(TABLES | RAGGED, st.sampled_from(['"', "'", ""]), WRITTEN)
@settings(max_examples=500)
def test_the_fast_reader_agrees_with_the_careful_one_or_declines(rows, quote, written):
    delimiter, decimal = written
    options = ReadingOptions(quote=quote, delimiter=delimiter, decimal=decimal)
    text = "".join(delimiter.join(row) + "\n" for row in rows)
    columns = (NUMBER, WORD, NUMBER.replace(name="c"))
    block = blocks.CsvBlock(text.encode("utf-8"), 1, quote)
    fast_words, careful_words = [Vocabulary(1, WORD)], [Vocabulary(1, WORD)]
    if not text.strip() or not table.is_sound(block, delimiter):
        return
    fast = parse_fast(block, options, columns, fast_words)
    if fast is None:
        return
    reader = csv_reader.CarefulReader(options, columns, careful_words, Tally(skip=False))
    (slow,) = list(reader.pieces([block]))
    np.testing.assert_allclose(fast.numbers, slow.numbers, rtol=1e-6)
    fast_texts, fast_codes = fast_words[0].sorted(fast.codes[:, 0])
    slow_texts, slow_codes = careful_words[0].sorted(slow.codes[:, 0])
    assert fast_texts == slow_texts
    assert fast_codes.tolist() == slow_codes.tolist()


VALUES = st.floats(-(2.0**100), 2.0**100, width=32)
WORDS = st.text(min_size=1, max_size=8).filter(str.isprintable).filter(str.strip)


@given(
    st.lists(st.tuples(VALUES, WORDS), min_size=1, max_size=30),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-16"]),
    st.integers(20, 200),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_read_back(tmp_path, rows, delimiter, encoding, size):
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter)
    writer.writerow(["a", "b", "y"])
    writer.writerows([repr(x), text, index % 2] for index, (x, text) in enumerate(rows))
    file = tmp_path / "any.csv"
    file.write_bytes(target.getvalue().encode(encoding))
    options = ReadingOptions(delimiter=delimiter, encoding=encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", size)
        result = read(file, options=options)
    expected = np.array([x for x, _ in rows], dtype=np.float32)
    np.testing.assert_allclose(result.numbers[:, 0], expected, rtol=1e-6)
    words = [result.columns[1].categories[code] if code >= 0 else "" for code in result.codes[:, 0]]
    assert words == ["" if is_missing(text) else text.strip() for _, text in rows]
    assert result.codes[:, 1].tolist() == [index % 2 for index in range(len(rows))]


LINES = st.lists(st.lists(CELLS, min_size=1, max_size=4).map(",".join)).map("\n".join)
BYTES = st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode))


@given(st.one_of(BYTES, LINES.map(str.encode)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_no_file_at_all_brings_anything_but_a_sentence(tmp_path, content):
    file = tmp_path / "fuzz.csv"
    file.write_bytes(content)
    try:
        found = preview(file)
        for problem in found.problems:
            assert problem.message.endswith(".") and problem.hint.endswith(".")
        data = open_table(file, found.options, found.columns, skip_bad=len(content) % 2 == 0)
        assert data.source.load().m == data.source.examples()
    except (DataError, FileError) as error:
        assert error.message.endswith(".") and error.hint.endswith(".")


@given(st.lists(st.booleans(), min_size=1, max_size=300))
def test_the_running_parity_is_that_of_a_plain_count(marks):
    marks = np.array(marks)
    assert blocks.running_parity(marks).tolist() == (np.cumsum(marks) % 2 == 1).tolist()


def test_byte_order_marks_are_no_letters(write):
    file = write(codecs.BOM_UTF8 + b"a,b,y\n1,u,no\n2,v,yes\n")
    assert preview(file).columns[0].name == "a"
