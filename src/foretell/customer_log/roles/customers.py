"""Who bought: which column, or which columns one after the other, name the customer, told by their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foretell.customer_log.roles.column_facts import ColumnFacts
from foretell.customer_log.roles.column_names import name_score, plain_name
from foretell.customer_log.roles.doubts import Question, RoleGuess
from foretell.project.parts.sources import CUSTOMER_ROLES

FILLED = 0.98
"""From this share of the orders on, a column names the customer of all of them."""
WORTH = 0.02
"""A further column is asked where it names the customer of this share of the orders."""
MOST_COLUMNS = 3
ONCE = 0.95
SURE = 0.5
FEWEST_NAMES = 12
ROUNDED_SHARE = 0.1
NOBODY_WORDS = (
    "0", "-1", "guest", "gast", "guest customer", "gastkunde", "walk in", "walk-in", "walkin", "walk in customer",
    "walk-in customer", "anonymous", "anonym", "anonyme", "anonimo", "anónimo", "anonimo", "anoniem", "unknown",
    "unbekannt", "inconnu", "desconocido", "sconosciuto", "onbekend", "desconhecido", "no customer", "cash customer",
    "cash sale", "cash", "laufkunde", "laufkundschaft", "barverkauf", "invité", "invite", "client de passage",
    "invitado", "ospite", "convidado", "default customer", "default", "guest checkout", "guest user", "guest order",
    "gastbestellung",
    "gast bestellung", "sin registro", "passant", "kein kunde", "no name", "noname", "nobody", "not provided",
    "none given", "not registered", "unregistered",
)  # fmt: skip
AMONG_MANY = 5.0
"""How many times as often as a customer in the middle a number such as 0 must stand there to name nobody."""
TYPICAL = 5
"""So many of the most frequent customers show how often one stands there."""
LARGE = 0.25
HALF = 0.5
FAR_AHEAD = 10.0
FEWEST_CUSTOMERS = 30
KINDS = ("id", "email", "phone", "name")


@dataclass(frozen=True)
class Buyer:
    """The columns that name the customer, best first, and what a person should know about the choice; `rivals` are
    columns that could as well be it."""

    columns: tuple[str, ...]
    score: float
    why: str
    rivals: tuple[str, ...] = ()
    is_phone: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether nobody need be asked: its name says customer, or it is a phone number on all orders."""
        return self.score >= SURE or self.is_phone


@dataclass(frozen=True)
class _Candidate:
    column: str
    kind: int
    score: float
    filled: np.ndarray
    values: int

    @property
    def share(self) -> float:
        return float(self.filled.mean()) if len(self.filled) else 0.0


def buyer(facts: Mapping[str, ColumnFacts], taken: Iterable[str], order: ColumnFacts | None) -> Buyer | None:
    """The customer's columns; None where no name speaks for any.

    A column counts by its values: those that stand for nobody are no names; a column with a new value for each order
    is no customer where another one repeats; a display name counts only where nothing better stands there; an emptier
    column gives way to a fuller one, or is asked first where none is full. `order` are the facts of the column that
    seems to number the orders.
    """
    free = [(name, fact) for name, fact in facts.items() if name not in set(taken)]
    found = [one for name, fact in free if (one := _candidate(name, fact, order)) is not None]
    found = [one for one in found if one.values > 1] or found
    if not found:
        return None
    orders = len(found[0].filled)
    repeating = [one for one in found if one.values < ONCE * one.filled.sum()]
    if repeating and len(repeating) < len(found):
        found = [one for one in found if one in repeating or one.values < ONCE * orders * one.share]
    named = [one for one in found if one.kind < KINDS.index("name")] or found
    full = sorted((one for one in named if one.share >= FILLED), key=_rank)
    if full:
        best = full[0]
        close = [one.column for one in full if one.kind == best.kind and best.score - one.score < 0.04]
        rivals = tuple(name for name in close if facts[name].differs(facts[best.column]))
        rivals = rivals if len(rivals) > 1 else ()
        return Buyer((best.column,), best.score, _why(best, facts), rivals, best.kind == KINDS.index("phone"))
    return _one_after_the_other(sorted(named, key=_rank), facts)


def _one_after_the_other(ranked: Sequence[_Candidate], facts: Mapping[str, ColumnFacts]) -> Buyer:
    chosen = [ranked[0]]
    covered = ranked[0].filled.copy()
    for one in ranked[1:]:
        more = one.filled & ~covered
        if len(chosen) < MOST_COLUMNS and more.mean() >= WORTH:
            chosen.append(one)
            covered |= one.filled
    shares = ", ".join(f"{one.column} on {one.share:.0%} of the orders" for one in chosen)
    why = _why(chosen[0], facts) if len(chosen) == 1 else f"the first that is filled: {shares}"
    return Buyer(tuple(one.column for one in chosen), chosen[0].score, why)


def _candidate(name: str, fact: ColumnFacts, order: ColumnFacts | None) -> _Candidate | None:
    score = name_score("customer", name) * fact.fit("customer")
    if fact.emails >= 0.9 and fact.fit("customer") and not score:
        score = 0.4
    if not score:
        return None
    named = fact.codes >= 0
    if (nobody := nobody_among(fact.most_frequent) or _most_of_all(fact)) is not None:
        named = named & (fact.codes != fact.code_of(nobody))
    return _Candidate(name, _kind(name, fact), score, _by_order(named, order), fact.values)


def _most_of_all(fact: ColumnFacts) -> str | None:
    """The value on more than half of the rows, as the shop's own address, where there are many others."""
    first = next(iter(fact.most_frequent), ("", 0.0))
    return first[0] if first[1] > HALF and fact.values >= FEWEST_CUSTOMERS else None


def _by_order(named: np.ndarray, order: ColumnFacts | None) -> np.ndarray:
    """bool [orders]: whether any row of the order names somebody; [rows] without order numbers."""
    if order is None or not (order.codes >= 0).any():
        return named
    own = order.codes >= 0
    return np.bincount(order.codes[own], named[own]) > 0


def _kind(name: str, fact: ColumnFacts) -> int:
    words = set(plain_name(name).split())
    if fact.emails >= 0.9:
        return KINDS.index("email")
    if words & {"phone", "telefon", "telephone", "telefono", "mobile", "telefoon", "tel"}:
        return KINDS.index("phone")
    if words & {"name", "nom", "nombre", "nome", "naam", "kundenname"} or fact.spaced >= 0.5:
        return KINDS.index("name")
    return KINDS.index("id")


def _rank(one: _Candidate) -> tuple[int, float, str]:
    return one.kind, -one.score, one.column


def _why(one: _Candidate, facts: Mapping[str, ColumnFacts]) -> str:
    return f"its {'name' if one.score > 0.4 else 'e-mail addresses'}{facts[one.column].said('customer')}"


def nobody_among(frequent: Sequence[tuple[str, float]], typical: float = 0.0) -> str | None:
    """The value that stands for nobody, of the most frequent ones with their shares; None where there is none.

    >>> nobody_among([("0", .7), ("17", .01), ("4", .01)]), nobody_among([("Guest", .1), ("17", .2)])
    ('0', 'Guest')
    >>> nobody_among([("0", .011), ("17", .01), ("4", .01)]) is None
    True
    """
    others = [share for text, share in frequent if text.lower() not in NOBODY_WORDS][:TYPICAL]
    usual = typical or (float(np.median(others)) if others else 0.0)
    for text, share in frequent:
        if text.lower() in NOBODY_WORDS and (not _is_number(text) or share > AMONG_MANY * usual):
            return text
    return None


def nobody_in(columns: Iterable[ColumnFacts]) -> tuple[str, ...]:
    """The ids that stand for nobody in the columns that name the customer."""
    found: list[str] = []
    for fact in columns:
        first = nobody_among(fact.most_frequent)
        words = [text for text, _ in fact.most_frequent if text.lower() in NOBODY_WORDS and not _is_number(text)]
        found += [text for text in (first, *words) if text is not None]
    return tuple(dict.fromkeys(found))


def _is_number(text: str) -> bool:
    return text.lstrip("-").isdecimal()


def giant_among(columns: Sequence[ColumnFacts], nobody: Sequence[str]) -> tuple[str, str]:
    """The id that holds so large a part of all rows that it may be a placeholder, or the shop itself, and that part in
    words; empty where there is none."""
    for fact in columns:
        ranked = [one for one in fact.most_frequent if one[0] not in nobody]
        if fact.values < FEWEST_CUSTOMERS or len(ranked) < 2:
            continue
        (text, share), (_, second) = ranked[:2]
        if share >= LARGE and share >= FAR_AHEAD * second:
            return text, f"{share:.0%} of the rows, the next one on {second:.0%}"
    return "", ""


def rounded_ids(fact: ColumnFacts) -> str:
    """What to say of ids that a spreadsheet has rounded; empty where they are whole."""
    if fact.rounded < ROUNDED_SHARE:
        return ""
    example = next(iter(fact.most_frequent), ("", 0.0))[0]
    return f"{fact.rounded:.0%} of its ids were rounded by a spreadsheet, such as {example}: export them as text"


def choose_customer(facts: Mapping[str, ColumnFacts], roles: dict[str, RoleGuess], doubts: list[Question]) -> None:
    """The column, or the columns one after the other, that name the customer."""
    taken = {found.column for found in roles.values()}
    numbered = {
        name: name_score("order", name) * fact.fit("order") for name, fact in facts.items() if name not in taken
    }
    order = max(numbered, key=lambda name: numbered[name], default="")
    found = buyer(facts, taken, facts[order] if numbered.get(order, 0) >= SURE else None)
    if found is not None and found.is_sure:
        if found.rivals and found.score < 0.9:
            doubts.append(("customer", "More than one column could be the customer.", found.rivals))
        if rounded := rounded_ids(facts[found.columns[0]]):
            doubts.append(
                ("customer", f"{found.columns[0]}: {rounded}. Which column names the customer?", found.columns)
            )
        for role, column in zip(CUSTOMER_ROLES, found.columns, strict=False):
            roles[role] = RoleGuess(role, column, round(found.score, 2), found.why)
        return
    likely = [name for name, fact in facts.items() if name not in taken and _may_name_customers(fact)]
    best = found.columns if found is not None else ()
    new_each_row = {name: facts[name].distinct >= ONCE for name in likely}
    likely.sort(
        key=lambda n: (n not in best, new_each_row[n], -facts[n].emails, -name_score("customer", n), facts[n].distinct)
    )
    doubts.append(("customer", "Which column identifies the customer?", tuple(likely)))


def _may_name_customers(fact: ColumnFacts) -> bool:
    """Whether values can name customers: neither times of day nor states, and not one for all."""
    many = fact.values > FEWEST_NAMES or fact.distinct >= 0.5
    return fact.fit("customer") == 1 and many and not fact.times_of_day


def columns_of_customers(roles: Mapping[str, RoleGuess]) -> list[str]:
    """The columns that name the customer."""
    return [roles[role].column for role in CUSTOMER_ROLES if role in roles]
