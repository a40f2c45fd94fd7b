"""Which column plays which role: guessed from names and values, with how sure the guess is and what it cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.dates import readable_dates
from foretell.customer_log.recognition.currencies import one_currency
from foretell.customer_log.roles.amounts import amount_of_given, choose_amount
from foretell.customer_log.roles.column_facts import ColumnFacts, facts_of
from foretell.customer_log.roles.column_names import name_score, plain_name
from foretell.customer_log.roles.counterparty import OtherSide, other_side
from foretell.customer_log.roles.customers import (
    choose_customer,
    columns_of_customers,
    giant_among,
    nobody_in,
    rounded_ids,
)
from foretell.customer_log.roles.doubts import Doubt, Question, RoleGuess, doubt_of, doubted
from foretell.customer_log.roles.line_numbers import choose_line
from foretell.customer_log.roles.named_columns import columns_of
from foretell.customer_log.roles.order_numbers import OrderNumbers, believed_numbers
from foretell.customer_log.roles.taken_back import choose_taken_back
from foretell.customer_log.schema import Columns
from foretell.project.request import AmountOf, OrderBy
from foretell.words.wording import sentence

SURE = 0.5
NAMES_A_PRODUCT = 1.3
CLOSE = 0.04
BY_NAME_ALONE = {"country": 0.85, "channel": 0.85, "discount": 0.85}
"""Roles that a column gets only by a name that means nothing else, and how sure that must be: any column of texts, or
of small numbers, could otherwise pass for one."""


@dataclass(frozen=True)
class Guess:
    """Role to guess, and the doubts that stand in the way. `order_by` tells how orders are told apart, `amount_of`
    what the amount is the money of, `nobody` which ids stand for nobody, `giant` an id that holds so much that it may
    be no customer, with the share in words, `currency` the one that a column names throughout, and `notes` what was
    assumed, with figures."""

    roles: Mapping[str, RoleGuess]
    doubts: tuple[Doubt, ...] = ()
    order_by: OrderBy = "number"
    amount_of: AmountOf = "line"
    nobody: tuple[str, ...] = ()
    giant: tuple[str, str] = ("", "")
    currency: str = ""
    notes: tuple[str, ...] = ()

    def chosen(self) -> dict[str, str]:
        """Role to column."""
        return {role: found.column for role, found in self.roles.items()}

    def columns(self) -> Columns:
        """The guess as `Columns`; InputError with the first doubt's question and the line to add, if there is one."""
        if self.doubts:
            raise doubted(*self.doubts)
        return columns_of(self.chosen())


def guess(
    sample: pa.Table,
    given: Mapping[str, str] | None = None,
    timezone: str = "UTC",
    now: int = 2**62,
    as_of: int | None = None,
) -> Guess:
    """The roles of the columns of a sample (some thousand rows, all its columns). What is `given` (role to column) is
    not questioned; where it is enough to read orders, only what was taken back is looked for beside. Only rows before
    `as_of` speak, once the time is known."""
    given = dict(given or {})
    facts = facts_of(sample, timezone, now)
    roles = {role: RoleGuess(role, column, 1.0, "given") for role, column in given.items()}
    doubts: list[Question] = []
    if "time" not in roles:
        _choose("time", facts, roles, doubts)
    if "time" in roles and as_of is not None:
        known = _before(sample, roles["time"].column, timezone, now, as_of)
        sample, facts = (known, facts_of(known, timezone, now)) if known.num_rows else (sample, facts)
    if "customer" not in roles:
        choose_customer(facts, roles, doubts)
    is_enough = {"customer", "time"} <= set(given) and bool({"amount", "unit_price"} & set(given))
    if not is_enough:
        _choose_others(facts, roles, doubts)
    likeliest = _with_likeliest(facts, roles, doubts)
    numbers = believed_numbers(sample, facts, likeliest, timezone, now)
    if numbers.by is None and "order" not in given:
        roles.pop("order")
    elif numbers.is_doubtful and "order" not in given:
        column = roles["order"].column
        doubts.append(("order", f"Does {column} number the orders? {sentence(numbers.why)}", (column,)))
    amount_of: AmountOf = "line"
    if "amount" in given:
        roles.pop("unit_price", None)
        amount_of = amount_of_given(facts, roles)
    elif "unit_price" not in given:
        amount_of = choose_amount(facts, roles, doubts)
    if "line" not in roles and "order" in roles and amount_of == "line":
        choose_line(facts, roles)
    choose_taken_back(sample, facts, roles, doubts)
    if "refund" not in roles and not is_enough:
        _choose("refund", facts, roles, doubts)
    sides = other_side(facts, columns_of_customers(likeliest))
    if sides and "customer" not in given and "customer_2" not in roles:
        roles["customer_2"] = RoleGuess("customer_2", sides.column, 1.0, "whom money was given back to")
    buyers = [facts[column] for column in columns_of_customers(roles) if column in facts]
    nobody = (*nobody_in(buyers), *([sides.seller] if sides else []))
    named = {"nobody": nobody, "giant": giant_among(buyers, nobody), "currency": one_currency(facts, roles)}
    chosen = {role: found.column for role, found in roles.items()}
    for role, _, options in doubts:
        chosen.setdefault(role, options[0] if options else "NAME_OF_THE_COLUMN")
    asked = tuple(doubt_of(role, question, options, chosen) for role, question, options in doubts)
    notes = _assumed(facts, roles, numbers, amount_of, given, sides)
    return Guess(roles, asked, numbers.by or "number", amount_of, **named, notes=notes)  # type: ignore[arg-type]


def _with_likeliest(
    facts: Mapping[str, ColumnFacts], roles: dict[str, RoleGuess], doubts: list[Question]
) -> Mapping[str, RoleGuess]:
    """The roles, with the likeliest answer to what is asked of the customer; that one numbers no orders."""
    asked = [options[0] for role, _, options in doubts if role == "customer" and options and "customer" not in roles]
    for column in asked:
        if "order" in roles and roles["order"].column == column and roles["order"].confidence < 1:
            roles.pop("order")
            _choose("order", {name: fact for name, fact in facts.items() if name != column}, roles, doubts)
    return {**roles, "customer": RoleGuess("customer", asked[0], 0.0, "")} if asked else roles


def _assumed(
    facts: Mapping[str, ColumnFacts],
    roles: Mapping[str, RoleGuess],
    numbers: OrderNumbers,
    amount_of: AmountOf,
    given: Mapping[str, str],
    sides: OtherSide | None,
) -> tuple[str, ...]:
    """What was assumed of the columns, for people to read."""
    notes = []
    if sides and "customer_2" in roles and roles["customer_2"].column == sides.column:
        notes.append(f"{sides.column} names the customer where {sides.seller} gave money back")
    elif "customer_2" in roles:
        notes.append(f"the customer is the one of {roles['customer'].why}")
    if numbers.by == "number and day" and "order" in roles:
        notes.append(
            f"the numbers in {roles['order'].column} begin again ({numbers.why}): number and day make an order"
        )
    elif numbers.by is None and "order" not in given:
        notes.append(f"no column numbers the orders, so a customer's day is one order: the likeliest {numbers.why}")
    elif "order" not in roles:
        notes.append("no column numbers the orders, so a customer's day is one order")
    if "customer" in given and given["customer"] in facts and (rounded := rounded_ids(facts[given["customer"]])):
        notes.append(f"{given['customer']}: {rounded}")
    if amount_of == "order":
        notes.append(f"the money in {roles['amount'].column} is that of the whole order, and counts once")
    return tuple(notes)


def _choose_others(facts: Mapping[str, ColumnFacts], roles: dict[str, RoleGuess], doubts: list[Question]) -> None:
    """The roles that orders can do without."""
    for role in ("order", "quantity", "unit_price", "product", "category", "currency", "known_at", *BY_NAME_ALONE):
        if role not in roles:
            _choose(role, facts, roles, doubts)
    if "product_name" not in roles:
        _choose_product_name(facts, roles)


def _choose_product_name(facts: Mapping[str, ColumnFacts], roles: dict[str, RoleGuess]) -> None:
    """What products are called, where their column holds codes: a text that nearly every product has one of."""
    product = facts.get(roles["product"].column) if "product" in roles else None
    taken = {found.column for found in roles.values()}
    for name, fact in facts.items():
        if product is None or name in taken or fact.spaced < 0.2 or name_score("product", name) < SURE:
            continue
        both = (product.codes >= 0) & (fact.codes >= 0)
        pairs = np.unique(np.stack([product.codes[both], fact.codes[both]]), axis=1).shape[1] if both.any() else 0
        if pairs and pairs <= NAMES_A_PRODUCT * len(np.unique(product.codes[both])):
            roles["product_name"] = RoleGuess("product_name", name, 0.9, "what the products of that code are called")
            return


def _before(sample: pa.Table, column: str, timezone: str, now: int, as_of: int) -> pa.Table:
    known = readable_dates(sample[column], timezone, now, as_of)
    return sample.filter(pa.array(known))


def _choose(
    role: str,
    facts: Mapping[str, ColumnFacts],
    roles: dict[str, RoleGuess],
    doubts: list[Question],
) -> None:
    taken = {found.column for found in roles.values()}
    scored = sorted(
        ((_named(role, name, fact) * fact.fit(role), name) for name, fact in facts.items() if name not in taken),
        key=lambda pair: (-pair[0], pair[1]),
    )
    best, column = scored[0] if scored else (0.0, "")
    if best < BY_NAME_ALONE.get(role, 0):
        return
    rivals = [
        name
        for score, name in scored
        if score >= SURE
        and best - score < CLOSE
        and facts[name].differs(facts[column])
        and facts[name].filled >= SURE * facts[column].filled
    ]
    if best >= SURE:
        if len(rivals) > 1 and role in ("time", "order") and best < 0.9:
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


def _named(role: str, name: str, fact: ColumnFacts) -> float:
    """How much a name speaks for a role; one that says id alone numbers orders where it never repeats."""
    bare = role == "order" and plain_name(name) in ("id", "nr", "no", "number") and fact.distinct == 1
    return 0.6 if bare and fact.filled == 1 else name_score(role, name)


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


SPOKEN = {"time": "time of the order", "order": "number of the order"}
