"""The Analyze table as text: CSV, Markdown and tab-separated values."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from engine.files.table_text import markdown_cell, spreadsheet_cell
from studio.analyze_window.columns import AnalysisColumn, AnalysisRow


def as_csv(columns: Sequence[AnalysisColumn], lines: Sequence[AnalysisRow]) -> str:
    """Comma-separated with a header; plain numbers, sizes in bytes."""
    return _separated(columns, lines, ",", header=True)


def as_tsv(columns: Sequence[AnalysisColumn], lines: Sequence[AnalysisRow]) -> str:
    """Tab-separated without a header, as spreadsheets paste it."""
    return _separated(columns, lines, "\t", header=False)


def as_markdown(columns: Sequence[AnalysisColumn], lines: Sequence[AnalysisRow]) -> str:
    """A table for a report: texts as they are shown, numbers to the right."""
    rows = [
        [column.name for column in columns],
        ["---:" if column.numeric else ":---" for column in columns],
        *([column.text(line) for column in columns] for line in lines),
    ]
    return "".join(f"| {' | '.join(markdown_cell(text) for text in row)} |\n" for row in rows)


def _separated(
    columns: Sequence[AnalysisColumn], lines: Sequence[AnalysisRow], separator: str, header: bool
) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    if header:
        writer.writerow([column.name for column in columns])
    writer.writerows([_plain(column.value(line)) for column in columns] for line in lines)
    return text.getvalue()


def _plain(value: object) -> object:
    """Numbers as they are; a spreadsheet must not run a name."""
    return spreadsheet_cell(value) if isinstance(value, str) else value
