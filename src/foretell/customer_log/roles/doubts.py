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
    one. `answers` are the options of the command line that give each of the possible answers, in their order."""

    question: str
    options: tuple[str, ...]
    line: str
    option: str
    role: str
    column: str | None = None
    answers: tuple[str, ...] = ()


class Unanswered(InputError):
    """Questions that nobody was there to answer: the error tells the first, `doubts` are all of them."""

    doubts: tuple[Doubt, ...] = ()

    def more(self) -> dict[str, object]:
        """What programs are told beside: of each question the role, and the answers to paste, the likeliest first."""
        asked = [{"role": doubt.role, "options": list(doubt.answers or (doubt.option,))} for doubt in self.doubts]
        return {"intake": {"asked": asked}}


def doubted(*doubts: Doubt) -> Unanswered:
    """The error for questions, one at least, that nobody was there to answer."""
    doubt = doubts[0]
    error = Unanswered(
        doubt.question,
        column=None if doubt.role in ("states", "nobody") else doubt.column,
        found=", ".join(doubt.options) or None,
        expected="an answer to this question",
        hint=f"add to foretell.toml: {doubt.line}   or give: {doubt.option}",
    )
    error.doubts = doubts
    return error


def doubt_of(role: str, question: str, options: tuple[str, ...], chosen: Mapping[str, str]) -> Doubt:
    """The doubt about a role, with an answer to all doubts that could be given, this one's first option included."""
    wholes = [_with_answer(role, one, chosen) for one in options or (chosen[role],)]
    answers = tuple(f"--columns {option_of(f'{r}={c}' for r, c in whole.items())}" for whole in wholes)
    inside = ", ".join(f"{r} = {quoted(wholes[0][r])}" for r in ROLES if r in wholes[0])
    return Doubt(question, options, f"columns = {{ {inside} }}", answers[0], role, answers=answers)


def _with_answer(role: str, answer: str, chosen: Mapping[str, str]) -> dict[str, str]:
    """The roles with one answer, that one first."""
    whole = {r: column for r, column in chosen.items() if not (r == "unit_price" and "amount" in {*chosen, role})}
    return {role: answer, **{r: whole[r] for r in ROLES if r in whole and r != role}}


def quoted(text: str) -> str:
    """A text as TOML writes it.

    >>> print(quoted('Total "net"'))
    "Total \\"net\\""
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
