"""Lines folded to the width of a small screen; what goes on hangs below its beginning."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

WIDTH = 79
HANGING = 2


def folded(lines: Iterable[str]) -> str:
    """The lines, one below the other; a path or a command that is longer stays whole.

    >>> print(folded(["  Careful: " + "word " * 16]))
      Careful: word word word word word word word word word word word word word
        word word word
    """
    told = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        told += textwrap.wrap(
            line.strip(),
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent + " " * HANGING,
            break_long_words=False,
            break_on_hyphens=False,
            replace_whitespace=False,
        ) or [""]
    return "\n".join(told)
