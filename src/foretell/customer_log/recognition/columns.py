"""Which column plays which role: guessed from names and values, with how sure the guess is and what it cannot tell."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from foretell.customer_log.cells.dates import readable_dates
from foretell.customer_log.recognition.column_facts import ColumnFacts, facts_of, is_product_of, is_repeated_within
from foretell.customer_log.recognition.column_names import name_score
from foretell.customer_log.recognition.named_columns import ROLES, columns_of
from foretell.customer_log.schema import Columns
from foretell.project.errors import InputError

SURE = 0.5
CLOSE = 0.04
BY_NAME_ALONE = {"country": 0.85, "channel": 0.85, "discount": 0.85}
"""Roles that a column gets only by a name that means nothing else, and how sure that must be: any column of texts, or
of small numbers, could otherwise pass for one."""


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
    setting (`date_order`, `decimal`); `column` is the column in question, if there is one."""

    question: str
    options: tuple[str, ...]
    line: str
    option: str
    role: str
    column: str | None = None


@dataclass(frozen=True)
class Guess:
    """Role to guess, and the doubts that stand in the way."""

    roles: Mapping[str, RoleGuess]
    doubts: tuple[Doubt, ...] = ()

    def chosen(self) -> dict[str, str]:
        """Role to column."""
        return {role: found.column for role, found in self.roles.items()}

    def columns(self) -> Columns:
        """The guess as `Columns`; InputError with the first doubt's question and the line to add, if there is one."""
        if self.doubts:
            raise doubted(self.doubts[0])
        return columns_of(self.chosen())


def doubted(doubt: Doubt) -> InputError:
    """The error for a question that nobody was there to answer."""
    return InputError(
        doubt.question,
        column=doubt.column,
        found=", ".join(doubt.options) or None,
        expected="an answer to this question",
        hint=f"add to foretell.toml: {doubt.line}   or give: {doubt.option}",
    )


def guess(
    sample: pa.Table,
    given: Mapping[str, str] | None = None,
    timezone: str = "UTC",
    now: int = 2**62,
    as_of: int | None = None,
) -> Guess:
    """The roles of the columns of a sample (some thousand rows, all its columns).

    What is `given` (role to column) is not questioned. Only rows before `as_of` speak, once the time is known.
    """
    given = dict(given or {})
    facts = facts_of(sample, timezone, now)
    roles = {role: RoleGuess(role, column, 1.0, "given") for role, column in given.items()}
    doubts: list[tuple[str, str, tuple[str, ...]]] = []
    if "time" not in roles:
        _choose("time", facts, roles, doubts)
    if "time" in roles and as_of is not None:
        known = _before(sample, roles["time"].column, timezone, now, as_of)
        facts = facts_of(known, timezone, now) if known.num_rows else facts
    for role in (
        "customer",
        "order",
        "quantity",
        "unit_price",
        "product",
        "category",
        "currency",
        "refund",
        "known_at",
        *BY_NAME_ALONE,
    ):
        if role not in roles:
            _choose(role, facts, roles, doubts)
    if "amount" not in roles:
        if "unit_price" in given:
            roles.pop("amount", None)
        else:
            _choose_amount(facts, roles, doubts)
    elif "unit_price" not in given:
        roles.pop("unit_price", None)
    chosen = {role: found.column for role, found in roles.items()}
    for role, _, options in doubts:
        chosen.setdefault(role, options[0] if options else "NAME_OF_THE_COLUMN")
    return Guess(roles, tuple(_doubt(role, question, options, chosen) for role, question, options in doubts))


def _before(sample: pa.Table, column: str, timezone: str, now: int, as_of: int) -> pa.Table:
    known = readable_dates(sample[column], timezone, now, as_of)
    return sample.filter(pa.array(known))


def _choose(
    role: str,
    facts: Mapping[str, ColumnFacts],
    roles: dict[str, RoleGuess],
    doubts: list[tuple[str, str, tuple[str, ...]]],
) -> None:
    taken = {found.column for found in roles.values()}
    scored = sorted(
        ((name_score(role, name) * fact.fit(role), name) for name, fact in facts.items() if name not in taken),
        key=lambda pair: (-pair[0], pair[1]),
    )
    best, column = scored[0] if scored else (0.0, "")
    if best < BY_NAME_ALONE.get(role, 0):
        return
    rivals = [
        name for score, name in scored if score >= SURE and best - score < CLOSE and facts[name].differs(facts[column])
    ]
    if best >= SURE:
        if len(rivals) > 1 and role in ("customer", "time", "order") and best < 0.9:
            doubts.append((role, f"More than one column could be the {SPOKEN[role]}.", tuple(rivals)))
        roles[role] = RoleGuess(role, column, round(best, 2), f"its name{facts[column].said(role)}")
    elif role == "time":
        dated = [name for name, fact in facts.items() if fact.dates >= 0.9 and not fact.plain_numbers]
        if len(dated) == 1:
            roles[role] = RoleGuess(role, dated[0], 0.7, "the only column with dates")
        elif dated:
            doubts.append((role, "More than one column holds dates. Which is the time of the order?", tuple(dated)))
        else:
            doubts.append(_no_dates(facts))
    elif role == "customer":
        likely = [name for name, fact in facts.items() if name not in taken and fact.fit("customer") == 1]
        doubts.append((role, "Which column identifies the customer?", tuple(likely)))


def _no_dates(facts: Mapping[str, ColumnFacts]) -> tuple[str, str, tuple[str, ...]]:
    """The doubt where no column is seen to hold dates: it may be that many of them stand for none."""
    empty = {
        name: fact
        for name, fact in facts.items()
        if not fact.plain_numbers and fact.placeholders > 0 and fact.placeholders + fact.dates >= SURE
    }
    told = "; ".join(
        f"{fact.placeholders:.0%} of {name} look like placeholders, such as {fact.placeholder}"
        for name, fact in empty.items()
    )
    question = f"Too few dates are seen: {told}." if told else "No column is seen to hold dates."
    return "time", f"{question} Which is the time of the order?", tuple(empty)


SPOKEN = {"customer": "customer", "time": "time of the order", "order": "number of the order", "amount": "amount"}


def _choose_amount(
    facts: Mapping[str, ColumnFacts], roles: dict[str, RoleGuess], doubts: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    """The amount of a line: a column of its own, unless it repeats the order's total on each line."""
    taken = {found.column for role, found in roles.items() if role != "unit_price"}
    price, quantity, order = roles.get("unit_price"), roles.get("quantity"), roles.get("order")
    scores = {
        name: name_score("amount", name) * fact.fit("amount") for name, fact in facts.items() if name not in taken
    }
    named = sorted((name for name, score in scores.items() if score >= SURE), key=lambda name: (-scores[name], name))
    both = (facts[quantity.column], facts[price.column]) if quantity and price else None
    of_lines = [n for n in named if not (order and is_repeated_within(facts[n], facts[order.column]))]
    if both and (of_product := [n for n in named if is_product_of(facts[n], *both)]):
        of_lines = of_product[:1]
    elif both and (not of_lines or any(facts[n].filled < 0.95 for n in of_lines)):
        of_lines = []
    if not of_lines:
        if both and price and quantity:
            return
        if named:
            question = f"{named[0]} is the same on all lines of an order: is it the amount of the line?"
            doubts.append(("amount", question, tuple(named)))
        elif price and not quantity:
            roles["amount"] = RoleGuess("amount", price.column, 0.6, "the price, as there is no quantity")
            roles.pop("unit_price")
        else:
            money = [n for n in scores if facts[n].numbers >= 0.9]
            money.sort(key=lambda n: not facts[n].fractions)
            doubts.append(("amount", "Which column is the amount of money?", tuple(money)))
        return
    best = of_lines[0]
    rivals = [n for n in of_lines if n == best or facts[n].differs(facts[best])]
    if len(rivals) > 1:
        doubts.append(("amount", "More than one column could be the amount.", tuple(rivals)))
    roles["amount"] = RoleGuess("amount", best, round(scores[best], 2), f"its name{facts[best].said('amount')}")
    roles.pop("unit_price", None)


def _doubt(role: str, question: str, options: tuple[str, ...], chosen: Mapping[str, str]) -> Doubt:
    """The doubt with an answer to all doubts that could be given, this one's first option included."""
    whole = {**chosen, role: options[0] if options else chosen[role]}
    if "amount" in whole:
        whole.pop("unit_price", None)
    ordered = {r: whole[r] for r in ROLES if r in whole}
    inside = ", ".join(f'{r} = "{_escaped(c)}"' for r, c in ordered.items())
    asked_first = {role: whole[role], **ordered}
    answer = ",".join(f"{r}={c}" for r, c in asked_first.items())
    return Doubt(question, options, f"columns = {{ {inside} }}", f"--columns {shlex.quote(answer)}", role)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
