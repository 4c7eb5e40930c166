"""A screen without a monitor (Xvfb), looked at pixel by pixel, and a person in front of it."""

from __future__ import annotations

import os
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

SIZE = (1366, 768)
PATIENCE_S = 30.0
QUIET_S = 0.25
"""A screen that does not change for so long has answered to what was done last."""
LOOK_EVERY_S = 0.02
Point = tuple[int, int]
Box = tuple[int, int, int, int]


class Screen:
    """An X server on a free display. Its frame buffer is a file, so that looking costs nothing.

    Without -noreset it would start again, deaf for a moment, whenever its last window closes.
    """

    def __init__(self, folder: Path) -> None:
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24",
             "-fbdir", str(folder), "-noreset", "-nolisten", "tcp"],
            pass_fds=[writing], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.display = f":{answer.readline().strip()}"
        self._file = folder / "Xvfb_screen0"

    def close(self) -> None:
        self._server.terminate()
        self._server.wait()

    def look(self, box: Box = (0, 0, *SIZE)) -> np.ndarray:
        """The pixels of a box (left, top, width, height) as they are now: (height, width)."""
        content = self._file.read_bytes()
        header = struct.unpack(">25I", content[:100])  # XWD: size, ..., bytes a line, ..., colors
        begin = header[0] + 12 * header[19]
        rows = np.frombuffer(content, np.uint32, offset=begin, count=header[12] // 4 * header[5])
        left, top, width, height = box
        pixels = rows.reshape(header[5], -1)  # (height, width)
        return pixels[top : top + height, left : left + width].copy()

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Look until something is so; where it never is, say what was waited for."""
        end = time.monotonic() + PATIENCE_S
        while not done():
            if time.monotonic() > end:
                raise AssertionError(f"Waited {PATIENCE_S:.0f} s in vain until {what}.")
            time.sleep(LOOK_EVERY_S)

    def wait_until_quiet(self, box: Box = (0, 0, *SIZE)) -> None:
        """Wait until a part of the screen no longer changes."""
        seen, since = self.look(box), time.monotonic()

        def quiet() -> bool:
            nonlocal seen, since
            now = self.look(box)
            if not np.array_equal(now, seen):
                seen, since = now, time.monotonic()
            return time.monotonic() - since > QUIET_S

        self.wait(quiet, "the screen is quiet")

    def wait_for_changes(self, box: Box, count: int) -> None:
        """Wait until a part of the screen has changed so many times."""
        for _ in range(count):
            before = self.look(box)
            self.wait(lambda b=before: not np.array_equal(self.look(box), b), "something moves")

    def save(self, path: Path) -> None:
        """Keep a picture, to see what went wrong."""
        pixels = self.look()
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        image.save(str(path))


class Person:
    """Moves the mouse and presses keys through xdotool. After each act the screen must answer."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._environment = os.environ | {"DISPLAY": screen.display}

    def click(self, at: Point) -> None:
        self._act("mousemove", *at, "click", 1)

    def click_and_leave(self, at: Point) -> None:
        """Click, take the mouse away, and wait for nothing, as while the network trains."""
        self._do("mousemove", *at, "click", 1, "sleep", 0.05, "mousemove", 2, 2)

    def double_click(self, at: Point) -> None:
        self._act("mousemove", *at, "sleep", 0.05, "click", "--repeat", 2, "--delay", 60, 1)

    def wheel_back(self, at: Point, notches: int) -> None:
        """Turn the wheel towards oneself."""
        self._act("mousemove", *at, "click", "--repeat", notches, "--delay", 20, 5)

    def drag(self, start: Point, end: Point) -> None:
        """Press, set out slowly, then go on to the end and rest there before letting go."""
        x, y = start
        moves: list[object] = []
        for step in range(1, 5):
            moves += ["mousemove", x + 4 * step, y, "sleep", 0.03]
        for dx in (-6, -3, 0):
            moves += ["mousemove", end[0] + dx, end[1], "sleep", 0.05]
        self._do("mousemove", x, y, "sleep", 0.05, "mousedown", 1, "sleep", 0.05)
        self._do(*moves)
        self._screen.wait_until_quiet()
        self._act("mouseup", 1)

    def press(self, *keys: str) -> None:
        self._act("key", "--clearmodifiers", *keys)

    def press_at_once(self, *keys: str) -> None:
        """Press keys and wait for nothing, as while the network trains."""
        self._do("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        self._act("type", "--delay", 8, text)

    def take_window(self, title: str) -> None:
        """Put the window of this title into the corner of the screen, with the keyboard focus."""
        found = ""

        def exists() -> bool:
            nonlocal found
            found = self._do("search", "--onlyvisible", "--name", title, check=False)
            return bool(found)

        self._screen.wait(exists, "the program shows its window")
        window = found.rsplit(maxsplit=1)[-1]
        self._do("windowmove", window, 0, 0, "windowsize", window, *SIZE, "windowfocus", window)
        self._screen.wait_until_quiet()

    def go_to(self, at: Point) -> None:
        """Let the mouse rest somewhere."""
        self._do("mousemove", *at)
        self._screen.wait_until_quiet()

    def save_as(self, keys: str, path: Path, title: str) -> None:
        """Answer the file dialog that these keys open. Its list of proposals may take one Return.
        Where there is no window manager, nobody gives the focus back to the window afterwards."""
        self.press(keys)
        self.press("ctrl+a")
        self.type(str(path))
        for _ in range(2):
            if not path.exists():
                self.press("Return")
        self._screen.wait(path.exists, f"{path.name} is saved")
        self.take_window(title)

    def quit(self, program: subprocess.Popen) -> None:
        """Leave the program."""
        self.press_at_once("ctrl+q")
        self.sees_off(program)

    @staticmethod
    def sees_off(program: subprocess.Popen) -> None:
        """The program ends well and has nothing to complain about."""
        assert program.wait(timeout=PATIENCE_S) == 0
        assert program.stderr is not None
        complaints = program.stderr.read()
        assert not complaints, complaints

    def _act(self, *words: object) -> None:
        before = self._screen.look()
        self._do(*words)
        what = f"the screen answers to {' '.join(map(str, words))}"
        self._screen.wait(lambda: not np.array_equal(self._screen.look(), before), what)
        self._screen.wait_until_quiet()

    def _do(self, *words: object, check: bool = True) -> str:
        ended = subprocess.run(
            ["xdotool", *map(str, words)], env=self._environment,
            capture_output=True, text=True, timeout=PATIENCE_S, check=check,
        )  # fmt: skip
        return ended.stdout
