"""Own tables: preview(path) guesses, open_table(path, options, columns) makes a source."""

from engine.data.tables.options import Column, ReadingOptions
from engine.data.tables.preview import Preview, preview
from engine.data.tables.problems import TableProblem
from engine.data.tables.source import OpenedTable, TableSource, open_table
from engine.data.tables.table import Table

__all__ = [
    "Column",
    "OpenedTable",
    "Preview",
    "ReadingOptions",
    "Table",
    "TableProblem",
    "TableSource",
    "open_table",
    "preview",
]
