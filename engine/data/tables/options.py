"""How a table is read: ReadingOptions for the whole file, Column for each of its columns."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from engine.spec import Spec, setting

Delimiter: TypeAlias = Literal[",", ";", "\t", "|"]
Encoding: TypeAlias = Literal[
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-15", "cp1250", "cp1251",
    "shift_jis", "gb18030", "euc-kr",
]  # fmt: skip
Role: TypeAlias = Literal["feature", "target", "ignore"]
Type: TypeAlias = Literal["number", "category"]
Missing: TypeAlias = Literal["drop", "mean", "category"]

DELIMITERS: tuple[str, ...] = get_args(Delimiter)
MAX_NAME = 200  # characters of a column's name; longer ones are cut


class ReadingOptions(Spec):
    """How the bytes of a file become rows and cells. All of it is guessed, and can be corrected."""

    delimiter: Delimiter = setting(
        ",", title="Delimiter", help="The character between two values in a row."
    )
    decimal: Literal[".", ","] = setting(
        ".", title="Decimal sign", help="Point or comma: 0.5 or 0,5."
    )
    quote: Literal['"', "'", ""] = setting(
        '"',
        title="Quotation mark",
        help="The character around values that contain the delimiter; empty for none.",
    )
    encoding: Encoding = setting(
        "utf-8", title="Encoding", help="How text is stored as bytes in the file."
    )
    header: bool = setting(True, title="Header", help="The first row contains column names.")
    rows: int = setting(
        0, title="Rows", help="Maximum number of rows to read; 0 reads all.", ge=0, le=10**9
    )


class Column(Spec):
    """What one column is for.

    categories: the mapping of a category column: a value's place in it is its row in the one-hot
    block. It is found when the table is opened, and kept, so that another file means the same.
    """

    name: str = setting(title="Name", help="The column's name in the file's header.")
    role: Role = setting(
        "feature", title="Role", help="Feature (input), target (to be predicted), or ignored."
    )
    type: Type = setting("number", title="Type", help="A number, or a category (one-hot encoded).")
    missing: Missing = setting(
        "drop",
        title="Missing values",
        help=(
            "Drop the row, fill in the training set's mean, or treat missing values as a category."
        ),
    )
    categories: tuple[str, ...] = setting(
        (), title="Categories", help="The values of a category column, in one-hot order."
    )
