"""The program `evenfield`: Ctrl-C while it still imports ends it like any other interruption."""

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130


def main() -> None:
    """Import the command line and run it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    from evenfield.cli import main as run

    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """Leave at once: an exception in the middle of an import comes out as some other one."""
    sys.stderr.write("Interrupted before there was anything to keep.\n")
    sys.stderr.flush()
    os._exit(INTERRUPTED)
