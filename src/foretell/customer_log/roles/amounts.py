"""What an amount of money stands for: one piece, a line, or the whole order; told by the values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from foretell.customer_log.roles.column_facts import ColumnFacts, is_product_of, is_repeated_within
from foretell.customer_log.roles.column_names import NEVER, name_score, plain_name
from foretell.customer_log.roles.doubts import Question, RoleGuess
from foretell.project.request import AmountOf

FEWEST_PAIRS = 20
STEADIER = 3.0
ONCE_AN_ORDER = 0.95
NEARLY_EVERY = 0.75
SURE = 0.5
SUBTOTALS = ("subtot", "sub total", "zwischensumme", "sous total")
TOTALS = {
    "total", "totale", "totaal", "totaalbedrag", "gesamt", "gesamtbetrag", "gesamtsumme", "gesamtpreis", "summe",
    "endbetrag", "endsumme", "rechnungsbetrag",
}  # fmt: skip
"""Words that a column is called by which holds the whole."""


def choose_amount(  # noqa: PLR0911  a line a form of exports
    facts: Mapping[str, ColumnFacts], roles: dict[str, RoleGuess], doubts: list[Question]
) -> AmountOf:
    """The amount of a line: a column of its own, or quantity times price; or the total of an order, which stands on one
    of its lines, or on each, and counts once."""
    taken = {found.column for role, found in roles.items() if role != "unit_price"}
    price, quantity = (facts[roles[role].column] if role in roles else None for role in ("unit_price", "quantity"))
    order = orders_of_customers(facts, roles)
    scores = {
        name: name_score("amount", name) * fact.fit("amount") for name, fact in facts.items() if name not in taken
    }
    named = sorted((name for name, score in scores.items() if score >= SURE), key=lambda name: (-scores[name], name))
    named = [name for name in named if np.nan_to_num(facts[name].figures).any()] or named[:1]
    named = [name for name in named if not _is_part_of(name, named, facts) and not _is_given_back(name, named)]
    if price is not None and quantity is not None:
        if of_product := [n for n in named if is_product_of(facts[n], quantity, price)]:
            return _take(of_product[:1], scores, facts, roles, doubts)
        product = facts[roles["product"].column] if "product" in roles else None
        if is_line_total(price, quantity, product):
            column = roles.pop("unit_price").column
            why = "the money of a line: a product's grows with the quantity"
            roles["amount"] = RoleGuess("amount", column, 0.9, why)
            return "line"
    once = [n for n in named if order is not None and once_an_order(facts[n], order)]
    if once:
        _take(once, scores, facts, roles, doubts)
        return "order"
    repeated = [n for n in named if order is not None and stands_again(facts[n], order)]
    of_lines = [n for n in named if n not in repeated]
    if price is not None and quantity is not None:
        if not of_lines and order is not None:
            totals = [n for n in repeated if _is_total_of(facts[n], quantity.figures * price.figures, order)]
            if totals:
                _take(totals, scores, facts, roles, doubts)
                return "order"
        if not of_lines or any(facts[n].filled < 0.95 for n in of_lines):
            return "line"
    elif price is not None and not of_lines:
        roles["amount"] = RoleGuess("amount", roles.pop("unit_price").column, 0.6, "the price, as there is no quantity")
        return "line"
    if of_lines:
        return _take(of_lines, scores, facts, roles, doubts)
    if repeated and order is not None and _tells_orders_apart(facts[repeated[0]], order):
        _take(repeated, scores, facts, roles, doubts)
        return "order"
    if repeated:
        question = f"{repeated[0]} is the same on all lines of an order: is it the amount of the line?"
        doubts.append(("amount", question, tuple(repeated)))
        return "line"
    money = [n for n in scores if facts[n].numbers >= 0.9 and not _is_no_money(facts[n]) and not _is_of_buyers(n)]
    money.sort(key=lambda n: _likeliness(n, facts[n]), reverse=True)
    doubts.append(("amount", "Which column is the amount of money?", tuple(money)))
    return "line"


def orders_of_customers(facts: Mapping[str, ColumnFacts], roles: Mapping[str, RoleGuess]) -> ColumnFacts | None:
    """The facts of the order numbers, a number of two customers as two; None without order numbers."""
    order, customer = (facts.get(roles[role].column) if role in roles else None for role in ("order", "customer"))
    if order is None or customer is None:
        return order
    pairs = np.stack([order.codes.astype(np.int64), customer.codes.astype(np.int64)])
    own = np.ravel(np.unique(pairs, axis=1, return_inverse=True)[1])
    return replace(order, codes=np.where(order.codes >= 0, own, -1))


def _take(
    columns: Sequence[str],
    scores: Mapping[str, float],
    facts: Mapping[str, ColumnFacts],
    roles: dict[str, RoleGuess],
    doubts: list[Question],
) -> AmountOf:
    """The best of the columns as the amount of a line; a doubt where others could as well be it."""
    best = columns[0]
    rivals = [n for n in columns if n == best or facts[n].differs(facts[best])]
    if len(rivals) > 1:
        doubts.append(("amount", "More than one column could be the amount.", tuple(rivals)))
    roles["amount"] = RoleGuess("amount", best, round(scores[best], 2), f"its name{facts[best].said('amount')}")
    roles.pop("unit_price", None)
    return "line"


def _is_part_of(name: str, named: Sequence[str], facts: Mapping[str, ColumnFacts]) -> bool:
    """Whether a column is a subtotal, and another one of about its size the total, after discounts, with shipping."""
    if not _is_subtotal(name):
        return False
    own = facts[name].figures
    totals = [one for one in named if one != name and not _is_subtotal(one) and set(plain_name(one).split()) & TOTALS]
    return any(_are_near(facts[one].figures, own) for one in totals)


def _is_subtotal(name: str) -> bool:
    return any(part in plain_name(name) for part in SUBTOTALS)


def _are_near(whole: np.ndarray, parts: np.ndarray) -> bool:
    """Whether amounts are nearly all between half of others and twice as much."""
    both = np.isfinite(whole) & np.isfinite(parts) & (parts > 0)
    share = whole[both] / parts[both]
    return bool(len(share) and ((share >= 0.5) & (share <= 2)).mean() >= NEARLY_EVERY)


def _is_total_of(amount: ColumnFacts, lines: np.ndarray, order: ColumnFacts) -> bool:
    """Whether an amount is that of the whole order, shown on each of its lines, whose money `lines` add up to about as
    much: then it says what was paid, after discounts and with shipping."""
    if not is_repeated_within(amount, order):
        return False
    named = order.codes >= 0
    whole = np.bincount(order.codes[named], np.nan_to_num(lines[named]))
    first = np.full(len(whole), np.nan)
    first[order.codes[named]] = amount.figures[named]
    return _are_near(first, whole) and _tells_orders_apart(amount, order)


def _is_given_back(name: str, named: Sequence[str]) -> bool:
    """Whether a column is by its name what was given back, beside others."""
    return len(named) > 1 and name_score("refunded", name) >= SURE


def _is_of_buyers(name: str) -> bool:
    """Whether a column of numbers is by its name an id, or the number of a telephone."""
    return any(name_score(role, name) >= SURE for role in ("customer", "order")) or bool(
        set(plain_name(name).split()) & {"phone", "telefon", "telephone", "telefono", "telefoon", "zip", "plz"}
    )


def _likeliness(name: str, fact: ColumnFacts) -> tuple[bool, bool, bool, bool, float]:
    """By what a column is likelier to be the money of sales than another: it is filled, it is not named after
    something else or after a part, it has cents, and it holds more."""
    of_else = name_score("refunded", name) >= SURE or bool(set(NEVER["amount"].split()) & set(plain_name(name).split()))
    of_whole = not _is_subtotal(name)
    return fact.filled >= NEARLY_EVERY, not of_else, of_whole, fact.fractions, float(np.nanmedian(np.abs(fact.figures)))


def _is_no_money(fact: ColumnFacts) -> bool:
    """Whether numbers are a count of rows, or all alike, and so no money."""
    return fact.values <= 1 or (not fact.fractions and fact.distinct > 0.99)


def stands_again(amount: ColumnFacts, order: ColumnFacts) -> bool:
    """Whether nearly every line of the orders of several lines shows an amount that another line of its order shows
    too: the order's total, or a payment, beside each line."""
    if is_repeated_within(amount, order):
        return True
    good = np.isfinite(amount.figures) & (order.codes >= 0)
    codes, cents = order.codes[good].astype(np.int64), np.rint(amount.figures[good] * 100).astype(np.int64)
    several = np.bincount(codes)[codes] > 1 if len(codes) else np.zeros(0, bool)
    codes, cents = codes[several], cents[several]
    if len(codes) < FEWEST_PAIRS:
        return False
    _, place, counts = np.unique(np.stack([codes, cents]), axis=1, return_inverse=True, return_counts=True)
    again = counts[np.ravel(place)] > 1
    return bool(again.mean() >= NEARLY_EVERY and len(np.unique(cents)) > len(np.unique(codes)) / 2)


def _tells_orders_apart(amount: ColumnFacts, order: ColumnFacts) -> bool:
    """Whether the amount differs from order to order, as a total does; a price that everything has does not."""
    good = np.isfinite(amount.figures) & (order.codes >= 0)
    return bool(len(np.unique(amount.figures[good])) >= len(np.unique(order.codes[good])) / 2)


def is_line_total(price: ColumnFacts, quantity: ColumnFacts, product: ColumnFacts | None) -> bool:
    """Whether a price is that of the whole line: a product's price is steady over quantities, its line total grows with
    them. False where the data do not show it."""
    if product is None:
        return False
    good = np.isfinite(price.figures) & np.isfinite(quantity.figures) & (product.codes >= 0)
    good &= (price.figures > 0) & (quantity.figures > 0)
    codes, pieces = product.codes[good], quantity.figures[good]
    logs = np.log(price.figures[good])
    order = np.argsort(codes, kind="stable")
    codes, pieces, logs = codes[order], np.log(pieces[order]), logs[order]
    pair = (codes[1:] == codes[:-1]) & (pieces[1:] != pieces[:-1])
    if pair.sum() < FEWEST_PAIRS:
        return False
    as_piece = np.abs(np.diff(logs)[pair])
    as_line = np.abs(np.diff(logs - pieces)[pair])
    return bool(
        np.median(as_line) * STEADIER < np.median(as_piece) or _slope(np.diff(pieces)[pair], np.diff(logs)[pair]) > 0.7
    )


def _slope(pieces: np.ndarray, money: np.ndarray) -> float:
    """By how much the logarithm of the money grows with that of the pieces: 0 for a price, 1 for a total."""
    return float((pieces * money).sum() / (pieces * pieces).sum())


def once_an_order(amount: ColumnFacts, order: ColumnFacts) -> bool:
    """Whether an amount stands on one line of nearly every order, though orders have several lines."""
    named = order.codes >= 0
    lines = np.bincount(order.codes[named])
    filled = np.bincount(order.codes[named], np.isfinite(amount.figures[named]), minlength=len(lines))
    several = lines > 1
    return bool(several.sum() >= FEWEST_PAIRS and (filled == 1)[several].mean() >= ONCE_AN_ORDER)


def amount_of_given(facts: Mapping[str, ColumnFacts], roles: Mapping[str, RoleGuess]) -> AmountOf:
    """What a given amount is the money of, where orders have numbers."""
    amount = facts.get(roles["amount"].column) if "amount" in roles else None
    order = orders_of_customers(facts, roles)
    if amount is None or order is None:
        return "line"
    return "order" if once_an_order(amount, order) or stands_again(amount, order) else "line"
