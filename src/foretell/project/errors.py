"""What a user can get wrong, said so that they can put it right."""

from __future__ import annotations

from dataclasses import dataclass


class ForetellError(Exception):
    """Every error that a user can cause; the command line ends with exit code 2 and no traceback."""


@dataclass
class InputError(ForetellError, ValueError):
    """Something given to Foretell cannot be used.

    `what` is the sentence; `file`, `line` (the header is line 1), `column`, `found`, `expected`
    and `hint` are the data behind it, None where they do not apply.
    """

    what: str
    file: str | None = None
    line: int | None = None
    column: str | None = None
    found: str | None = None
    expected: str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        return "\n".join([self.what, *(f"  {name}: {value}" for name, value in self.details().items())])

    def details(self) -> dict[str, str]:
        """The parts that are known, in the order in which a reader wants them."""
        place = ", ".join(
            part
            for part in (
                self.file or "",
                f"line {self.line}" if self.line is not None else "",
                f"column {self.column}" if self.column is not None else "",
            )
            if part
        )
        named = {"where": place, "found": self.found, "expected": self.expected, "hint": self.hint}
        return {
            name: _shortened(value, 300 if name != "hint" else len(value)) for name, value in named.items() if value
        }

    def more(self) -> dict[str, object]:
        """What programs are told beside, by name."""
        return {}


class ShortHistory(InputError):
    """The log does not reach back far enough for what was asked."""


def _shortened(value: str, limit: int) -> str:
    printable = "".join(c if c.isprintable() else repr(c)[1:-1] for c in value)
    return printable if len(value) <= limit else f"{printable[: limit - 1]}…"
