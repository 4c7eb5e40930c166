"""ErrorAnalysis: what a person found on going through wrong examples, as a value of the project.

An example is known by a key made of its content (see engine/corrections.py), so that findings stay
with it when the data are split by another seed.

Source: A. Ng, Deep Learning Specialization, course 3, week 2, "Carrying out error analysis" and
"Cleaning up incorrectly labeled data".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Self

from engine.errors import DataError

MAX_CATEGORIES = 50
MAX_FINDINGS = 10_000
MAX_NAME_LENGTH = 60
MAX_NOTE_LENGTH = 1_000
KEY_LENGTH = 16
"""Hexadecimal digits of an example's key."""


@dataclass(frozen=True)
class Finding:
    """What was found on one example; an empty one says that it was looked at.

    tags: the categories that it belongs to. note: free words. wrong_label: the label is wrong.
    label: the right class by its name, which dev and test then use; "" leaves the label alone.
    """

    tags: tuple[str, ...] = ()
    note: str = ""
    wrong_label: bool = False
    label: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", tuple(dict.fromkeys(self.tags)))
        if not all(isinstance(text, str) for text in (*self.tags, self.note, self.label)):
            raise DataError("Tags, note and label of a finding must be texts.")
        if not isinstance(self.wrong_label, bool):
            raise DataError("Whether a label is wrong must be true or false.")
        if len(self.note) > MAX_NOTE_LENGTH:
            raise DataError(f"A note on an example has at most {MAX_NOTE_LENGTH:,} characters.")
        if len(self.label) > MAX_NAME_LENGTH * 4:
            raise DataError(f"The corrected label '{self.label[:20]}...' is too long.")


@dataclass(frozen=True)
class ErrorAnalysis:
    """categories: the person's own, in order. findings: key of an example -> what was found.

    Every edit returns a new value; a tag always names one of the categories.
    """

    categories: tuple[str, ...] = ()
    findings: Mapping[str, Finding] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "categories", tuple(self.categories))
        object.__setattr__(self, "findings", MappingProxyType(dict(self.findings)))
        _check_categories(self.categories)
        if len(self.findings) > MAX_FINDINGS:
            raise DataError(f"At most {MAX_FINDINGS:,} examples can have findings.")
        for key, finding in self.findings.items():
            _check_key(key)
            for tag in finding.tags:
                self._need(tag)

    def __bool__(self) -> bool:
        return bool(self.categories or self.findings)

    @property
    def labels(self) -> dict[str, str]:
        """The corrected labels: key -> the name of the right class."""
        return {key: found.label for key, found in self.findings.items() if found.label}

    def with_category(self, name: str) -> Self:
        """With one more category. Raises DataError if there is one of this name."""
        return replace(self, categories=(*self.categories, name))

    def rename_category(self, old: str, new: str) -> Self:
        """With another name for a category, and for the tags that name it."""
        return self._retagged(old, (new,))

    def without_category(self, name: str) -> Self:
        """Without a category and its tags; the examples remain looked at."""
        return self._retagged(name, ())

    def look_at(self, key: str) -> Self:
        """With an example noted as looked at."""
        return self._changed(key)

    def tag(self, key: str, category: str, on: bool = True) -> Self:
        """With an example put into a category, or taken out of it."""
        self._need(category)
        tags = [tag for tag in self._of(key).tags if tag != category]
        return self._changed(key, tags=tuple([*tags, category] if on else tags))

    def note(self, key: str, text: str) -> Self:
        """With a note on an example."""
        return self._changed(key, note=text)

    def mark_label(self, key: str, wrong: bool = True) -> Self:
        """With an example's label marked as wrong; unmarking takes a correction back, too."""
        return self._changed(key, wrong_label=wrong, **({} if wrong else {"label": ""}))

    def correct_label(self, key: str, label: str) -> Self:
        """With the right class of an example, by name, which dev and test sets use from now on."""
        return self._changed(key, wrong_label=True, label=label)

    def forget(self, key: str) -> Self:
        """Without any finding on an example, as if it had never been looked at."""
        kept = {other: found for other, found in self.findings.items() if other != key}
        return replace(self, findings=kept)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; what is empty is left out."""
        examples = {key: _finding_json(found) for key, found in self.findings.items()}
        values = {"categories": list(self.categories), "examples": examples}
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`. Raises DataError, TypeError or AttributeError if damaged."""
        examples = values.get("examples", {})
        findings = {key: Finding(**finding) for key, finding in examples.items()}
        return cls(tuple(values.get("categories", ())), findings)

    def _of(self, key: str) -> Finding:
        return self.findings.get(key, Finding())

    def _changed(self, key: str, **changes: Any) -> Self:
        return replace(self, findings={**self.findings, key: replace(self._of(key), **changes)})

    def _retagged(self, old: str, new: tuple[str, ...]) -> Self:
        self._need(old)

        def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(n for name in names for n in (new if name == old else (name,)))

        findings = {k: replace(f, tags=renamed(f.tags)) for k, f in self.findings.items()}
        return replace(self, categories=renamed(self.categories), findings=findings)

    def _need(self, category: str) -> None:
        if category not in self.categories:
            raise DataError(f"There is no category '{category}'.", hint="Add it first.")


def _check_categories(names: tuple[str, ...]) -> None:
    if len(names) > MAX_CATEGORIES:
        raise DataError(f"At most {MAX_CATEGORIES} categories are possible; got {len(names)}.")
    for name in names:
        sound = isinstance(name, str) and name == name.strip() and name.isprintable()
        if not sound or not 1 <= len(name) <= MAX_NAME_LENGTH:
            raise DataError(
                f"A category must have 1 to {MAX_NAME_LENGTH} characters in one line, without "
                f"spaces at its ends; got {name!r}."
            )
        if names.count(name) > 1:
            raise DataError(f"There is already a category '{name}'.")


def _check_key(key: Any) -> None:
    digits = isinstance(key, str) and set(key) <= set("0123456789abcdef")
    if not digits or len(key) != KEY_LENGTH:
        raise DataError(f"The key of an example must be {KEY_LENGTH} hex digits; got {key!r}.")


def _finding_json(found: Finding) -> dict[str, Any]:
    values = {
        "tags": list(found.tags),
        "note": found.note,
        "wrong_label": found.wrong_label,
        "label": found.label,
    }
    return {name: value for name, value in values.items() if value}
