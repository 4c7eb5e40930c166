"""The command line: python -m engine train|check|describe|doctor FILE.

Exit status: 0 where all went well, 1 where a gradient check or a run failed, 2 on bad input.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tqdm import tqdm

from engine import TrainingError, check_gradients
from engine.design import Row, analyze
from engine.design.describe import size_text
from engine.doctor import ErrorRate, examine
from engine.doctor.test_set import open_test_set
from engine.errors import EngineError
from engine.files import TrainedModel, load, save
from engine.layers import shape_text
from engine.network import Network
from engine.project import Project
from engine.training import Trainer
from engine.training.threads import use_threads_for

EXAMPLES_FOR_A_CHECK = 32


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except TrainingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except EngineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True, metavar="train|check|describe|doctor")
    for run, help_text in (
        (_train, "train a design, or go on with a trained model"),
        (_check, "check the gradients of a design numerically"),
        (_describe, "list layers, shapes, parameters, costs and advice"),
        (_doctor, "tell bias from variance, and what to try next"),
    ):
        command = commands.add_parser(run.__name__.strip("_"), help=help_text)
        command.add_argument("file", help="a .netdesign or .safetensors file")
        command.add_argument("--json", action="store_true", help="print one JSON object")
        command.set_defaults(run=run)
        if run in (_train, _doctor):
            command.add_argument("--epochs", type=int, help="instead of the file's epochs")
        if run is _train:
            command.add_argument("--save", metavar="MODEL", help="write a .safetensors file")
        if run is _doctor:
            command.add_argument(
                "--open-test", action="store_true", help="open the test set; FILE records it"
            )
    return parser


def _train(options: argparse.Namespace) -> int:
    opened = load(options.file)
    project = _with_epochs(_project(opened), options.epochs)
    trainer = _trainer(opened, project)
    _run(trainer, quiet=options.json)
    if options.save:
        save(TrainedModel.of(project, trainer), options.save)
    latest = trainer.history.latest or trainer.evaluate()
    if options.json:
        print(json.dumps(_summary(trainer, latest), sort_keys=True))
    else:
        print(_sentence(trainer, latest))
    return 0


def _trainer(opened: Project | TrainedModel, project: Project) -> Trainer:
    """The run of a design, or of a model with the settings of `project`, ready to go on."""
    data = project.build_data()
    if isinstance(opened, TrainedModel):
        trainer = opened.trainer(data)
        trainer.adopt(project.training)
    else:
        trainer = Trainer(Network(project.design, project.training, data=data), data)
    use_threads_for(trainer.network, trainer.batch_size)
    return trainer


def _run(trainer: Trainer, quiet: bool, lines: bool = True) -> None:
    """Train to the end, with a progress bar on a terminal and plain lines elsewhere."""
    total = trainer.settings.epochs * trainer.steps_per_epoch
    on_terminal = sys.stderr.isatty() and not quiet
    evaluations = trainer.history.evaluations["epoch"]
    with tqdm(
        total=total, initial=trainer.iteration, unit="it", disable=not on_terminal, mininterval=0.2
    ) as bar:
        while not trainer.finished:
            known = len(evaluations)
            step = trainer.step()
            bar.update()
            if len(evaluations) == known:
                continue
            if on_terminal:
                bar.set_postfix_str(_figures(trainer, trainer.history.latest))
            elif lines and not quiet:
                figures = _figures(trainer, trainer.history.latest)
                print(f"epoch {step.epoch}/{trainer.settings.epochs}  {figures}", flush=True)


def _check(options: argparse.Namespace) -> int:
    opened = load(options.file)
    project = _project(opened)
    data = project.build_data()
    network = Network(project.design, project.training, dtype="float64", data=data)
    if isinstance(opened, TrainedModel):
        network.theta[...] = opened.trainer(data).network.theta
    few = data.train.take(range(min(EXAMPLES_FOR_A_CHECK, data.train.m)))
    report = check_gradients(network, few.X, few.Y)
    blocks = [
        {"name": block.name, "relative_error": block.relative_error} for block in report.blocks
    ]
    if options.json:
        result = {"relative_error": report.relative_error, "verdict": report.verdict}
        print(json.dumps({**result, "blocks": blocks, "passed": report.passed}, sort_keys=True))
    else:
        for block in blocks:
            print(f"{block['name']:24} {block['relative_error']:.3g}")
        print(f"all parameters           {report.relative_error:.3g}")
        print(report.sentence)
    return 0 if report.passed else 1


def _describe(options: argparse.Namespace) -> int:
    project = _project(load(options.file))
    found = analyze(project.design, project.training, project.data.source.fit())
    if options.json:
        print(json.dumps([_plain(row) for row in found.rows], sort_keys=True))
        return 0
    batch = project.training.batch_size or 1
    print(f"{'':20} {'':14} {'':>14} {'':>12} {'multiply-adds':^27}")
    print(
        f"{'layer':20} {'kind':14} {'output':>14} {'parameters':>12} "
        f"{'forward':>13} {'backward':>13} {'memory':>10}"
    )
    for row in found.rows:
        shape = f"{shape_text(row.shape)} × m"
        print(f"{row.name:20} {row.kind:14} {shape:>14} {_costs([row], batch)}  {row.settings}")
    print(f"{'total':20} {'':14} {'':>14} {_costs(found.rows, batch)}")
    noun = f"a batch of {batch:,} examples" if batch > 1 else "one example"
    print(f"Multiply-adds are those of one example; memory is what {noun} keeps for the way back.")
    for advice in [*found.advice, *(piece for row in found.rows for piece in row.advice)]:
        print(f"{advice.node or 'training'}: {advice.text} {advice.why}")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    """A design is trained first, a model as it is; with --epochs, it goes on up to there."""
    opened = load(options.file)
    project = _with_epochs(_project(opened), options.epochs)
    trainer = _trainer(opened, project)
    if options.epochs is not None or not isinstance(opened, TrainedModel):
        _run(trainer, quiet=options.json, lines=False)
    test = _opened_test(opened, trainer, options.file) if options.open_test else None
    found = examine(project, trainer, test)
    if options.json:
        print(json.dumps(found.to_json(), sort_keys=True, allow_nan=False))
    else:
        print("\n".join(found.lines()))
    return 0


def _opened_test(opened: Project | TrainedModel, trainer: Trainer, path: str) -> ErrorRate:
    """The error on the sealed test set; the opening is written into the file."""
    after, figures = open_test_set(_project(opened), trainer.network, trainer.data)
    save(replace(opened, project=after) if isinstance(opened, TrainedModel) else after, path)
    return figures.error


def _plain(row: Row) -> dict[str, Any]:
    return {**row._asdict(), "advice": [advice.text for advice in row.advice]}


def _costs(rows: Sequence[Row], batch: int) -> str:
    """Parameters, multiply-adds forward and backward, and memory of these rows, in columns."""
    parameters = sum(row.parameters for row in rows)
    forward = sum(row.multiply_adds for row in rows)
    backward = sum(row.backward_multiply_adds for row in rows)
    memory = size_text(batch * sum(row.activation_bytes for row in rows))
    return f"{parameters:12,} {forward:13,} {backward:13,} {memory:>10}"


def _project(opened: Project | TrainedModel) -> Project:
    return opened.project if isinstance(opened, TrainedModel) else opened


def _with_epochs(project: Project, epochs: int | None) -> Project:
    if epochs is None:
        return project
    return project.replace(training=project.training.replace(epochs=epochs))


def _figures(trainer: Trainer, latest: dict[str, float]) -> str:
    title = trainer.network.task.score_title
    return (
        f"J {latest['train_cost']:.4f} train, {latest['dev_cost']:.4f} dev  "
        f"{title} {latest['train_score']:.4f} train, {latest['dev_score']:.4f} dev"
    )


def _sentence(trainer: Trainer, latest: dict[str, float]) -> str:
    return f"Finished after {trainer.iteration:,} iterations: {_figures(trainer, latest)}."


def _summary(trainer: Trainer, latest: dict[str, float]) -> dict[str, Any]:
    evaluations = {
        name: column.values.tolist() for name, column in trainer.history.evaluations.items()
    }
    return {
        "iterations": trainer.iteration,
        "epochs": trainer.epoch,
        "score": trainer.network.task.score_title,
        **{name: latest[name] for name in ("train_cost", "train_score", "dev_cost", "dev_score")},
        "evaluations": evaluations,
    }


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console that has no λ shows a question mark
    sys.exit(main())
