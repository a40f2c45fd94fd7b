"""What a guess of a column's role is, and a doubt: a question that the data cannot answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from foretell.customer_log.roles.named_columns import ROLES, option_of
from foretell.project.errors import InputError

Question = tuple[str, str, tuple[str, ...]]
"""A role, what is asked about it, and the possible answers."""


@dataclass(frozen=True)
class RoleGuess:
    """The column that seems to play a role, how sure that is (0 to 1), and why."""

    role: str
    column: str
    confidence: float
    why: str


@dataclass(frozen=True)
class Doubt:
    """Something that the data cannot tell: the question, the possible answers, and how to give one, as the
    line for foretell.toml and as the option of the command line. `role` is the role in question, or the
    setting (`date_order`, `decimal`, `states`, `nobody`, `order_by`); `column` is the column in question, if there is
    one."""

    question: str
    options: tuple[str, ...]
    line: str
    option: str
    role: str
    column: str | None = None


def doubted(doubt: Doubt) -> InputError:
    """The error for a question that nobody was there to answer."""
    return InputError(
        doubt.question,
        column=None if doubt.role in ("states", "nobody") else doubt.column,
        found=", ".join(doubt.options) or None,
        expected="an answer to this question",
        hint=f"add to foretell.toml: {doubt.line}   or give: {doubt.option}",
    )


def doubt_of(role: str, question: str, options: tuple[str, ...], chosen: Mapping[str, str]) -> Doubt:
    """The doubt about a role, with an answer to all doubts that could be given, this one's first option included."""
    whole = {**chosen, role: options[0] if options else chosen[role]}
    if "amount" in whole:
        whole.pop("unit_price", None)
    ordered = {r: whole[r] for r in ROLES if r in whole}
    inside = ", ".join(f"{r} = {quoted(c)}" for r, c in ordered.items())
    asked_first = {role: whole[role], **ordered}
    answer = option_of(f"{r}={c}" for r, c in asked_first.items())
    return Doubt(question, options, f"columns = {{ {inside} }}", f"--columns {answer}", role)


def quoted(text: str) -> str:
    """A text as TOML writes it.

    >>> print(quoted('Total "net"'))
    "Total \\"net\\""
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
