"""Runs all benchmarks: python -m tests.benchmarks [NAME ...] [--json FILE]."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
from pathlib import Path

import tests.benchmarks


def main() -> None:
    """Print one table of all rows, and write them as JSON where asked."""
    names = [
        module.name.removeprefix("bench_")
        for module in pkgutil.iter_modules(tests.benchmarks.__path__)
        if module.name.startswith("bench_")
    ]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*names, []], help="default: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    results = []
    for name in options.names or names:
        module = importlib.import_module(f"tests.benchmarks.bench_{name}")
        for title, value, unit, target in module.measure():
            print(f"{name:15} {title:66} {value:12.3f} {unit:6} {target}", flush=True)
            results.append(
                {"benchmark": name, "name": title, "value": value, "unit": unit, "target": target}
            )
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
