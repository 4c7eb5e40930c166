"""The application: command line, start of Qt, and the run without a screen."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QEventLoop,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from engine import EngineError, resources
from engine.files import SeenFile, TrainedModel, data_outside, load
from engine.project import Project
from engine.words import counted
from studio.look.fonts import ensure_letters
from studio.look.theme import theme
from studio.running.session import Session, State
from studio.shell.failures import Failures
from studio.shell.files_menu import default_project
from studio.shell.garbage import GarbageCollector
from studio.shell.outside_data import OutsideData
from studio.shell.window import MainWindow

THREAD_SWITCH_S = 0.001
"""How long a thread may hold the interpreter while another one waits. With Python's 5 ms, a window
feels slow while a trainer runs."""
PLATFORMS_WITHOUT_SCREEN = ("offscreen", "minimal")
SCREENSHOT_SIZE = (1366, 768)


def start(arguments: Sequence[str]) -> int:
    """Open the window and run until it closes; without a screen, train once and take a picture."""
    options = _parser().parse_args(arguments)
    if not has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(_tell_all_but_hints)
    opened: Project | TrainedModel | None = None
    file = SeenFile.now(options.file) if options.file else None
    if options.file:
        try:
            opened = load(options.file)
        except EngineError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    app = make_application()
    if opened is not None and not _may_read_data(opened, Path(options.file)):
        opened = None
    window = make_window(opened, file, keeps_layout=has_screen())
    GarbageCollector(window)  # lives as long as its parent
    failures = Failures(window)
    failures.told.connect(window.message_bar.tell)
    failures.watch()
    if not has_screen():
        return run_without_screen(window, options.screenshot)
    window.show()
    # Ctrl+C in the terminal closes the window as its button does, question included.
    signal.signal(signal.SIGINT, lambda *_: QTimer.singleShot(0, window.close))
    return app.exec()


def _may_read_data(opened: Project | TrainedModel, path: Path) -> bool:
    """Whether it may read data outside of its folder. Without a screen, nobody can be asked: the
    command line says where the data is."""
    if has_screen():
        return OutsideData(None).may_be_read(opened, path)
    project = opened.project if isinstance(opened, TrainedModel) else opened
    for place in data_outside(project, path):
        print(f"note: the data are outside the design's folder: {place}", file=sys.stderr)
    return True


def has_screen() -> bool:
    """Whether there is a screen for a window; a platform chosen by hand decides."""
    platform = os.environ.get("QT_QPA_PLATFORM")
    if platform:
        return platform.partition(":")[0] not in PLATFORMS_WITHOUT_SCREEN
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def make_application() -> QApplication:
    """The QApplication, with its name, its look, and a font even if the system has none."""
    QCoreApplication.setOrganizationName("Backprop Studio")
    QCoreApplication.setApplicationName("Backprop Studio")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    QGuiApplication.setDesktopFileName("backprop-studio")
    app.setWindowIcon(QIcon(str(resources.path("icons", "backprop-studio.svg"))))
    ensure_letters()
    theme.follow_system()
    sys.setswitchinterval(THREAD_SWITCH_S)
    return app


def make_window(
    opened: Project | TrainedModel | None, file: SeenFile | None, keeps_layout: bool = True
) -> MainWindow:
    """A window with what was opened from a file, or with the default design."""
    if isinstance(opened, TrainedModel):
        window = MainWindow(opened.project, keeps_layout=keeps_layout)
        window.session.open_model(opened)
        return window
    project = opened or default_project()
    return MainWindow(project, file if opened else None, keeps_layout)


def run_without_screen(window: MainWindow, screenshot: Path | None) -> int:
    """Train the window's design to its end, save a picture of the window, print the result."""
    session = window.session
    window.resize(*SCREENSHOT_SIZE)
    window.show()
    loop = QEventLoop()
    failures: list[str] = []

    def ended(state: State) -> None:
        if state in (State.FINISHED, State.FAILED):
            loop.quit()

    session.state_changed.connect(ended)
    session.failed.connect(lambda message, _node: failures.append(message))
    if not window.document.report.ok:
        failures.append(str(window.document.report.problems[0]))
    else:
        session.play(window.document.project)
        loop.exec()
    QCoreApplication.processEvents()  # the views know of the end, but have not refreshed yet
    window.dashboard.tick()
    path = screenshot or _new_picture_file()
    if window.grab().save(str(path)):
        print(f"No screen was found, so the window was drawn into {path}.")
    else:
        failures.append(f"The picture cannot be saved as '{path}'. Check its folder and ending.")
    if session.history is not None and session.history.latest:
        print(_scores(session))
    for message in failures:
        print(f"error: {message}", file=sys.stderr)
    window.document.forget_changes()
    window.close()
    return 1 if failures else 0


def _new_picture_file() -> Path:
    """A file of our own: in a folder that others write to, they could place a link under a name
    that they know beforehand."""
    handle, name = tempfile.mkstemp(prefix="backprop-studio-", suffix=".png")
    os.close(handle)
    return Path(name)


def _tell_all_but_hints(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Print Qt's messages, except one that the offscreen platform repeats for every dock."""
    if "propagateSizeHints" not in text:
        print(text, file=sys.stderr)


def _scores(session: Session) -> str:
    """The final scores, in the words of the task."""
    assert session.history is not None
    title = session.call(lambda trainer: trainer.network.task.score_title).result()
    latest, iterations = session.history.latest, session.progress.iteration
    return (
        f"Train {title} {latest['train_score']:.4f}, dev {title} {latest['dev_score']:.4f} "
        f"after {counted(iterations, 'iteration')}."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="backprop-studio",
        description="See how neural networks learn. Without arguments, opens the window.",
        epilog="Also: backprop-studio train|check|describe FILE (the engine's command line).",
    )
    parser.add_argument("file", nargs="?", help="a .netdesign or .safetensors file to open")
    parser.add_argument(
        "--screenshot",
        type=Path,
        metavar="PNG",
        help="where the picture goes when there is no screen",
    )
    return parser
