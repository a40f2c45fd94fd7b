"""Putting a question to a person, where there is one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from foretell.project.request import Request

Ask = Callable[[str, Sequence[str]], str | None]


def question(request: Request, as_json: bool) -> Ask | None:
    """How to ask: at a terminal, unless the user said `--yes` or wants JSON."""
    if request.assume_yes or as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return _asked


def _asked(text: str, options: Sequence[str]) -> str | None:
    print(text, file=sys.stderr)
    for number, option in enumerate(options, 1):
        print(f"  {number}  {option}", file=sys.stderr)
    print("Number (or Enter for none of them): ", end="", file=sys.stderr, flush=True)
    given = sys.stdin.readline().strip()
    if given.isdecimal() and 1 <= int(given) <= len(options):
        return options[int(given) - 1]
    return given if given in options else None
