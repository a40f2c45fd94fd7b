"""Which columns say that a sale did not come about, or that money was given back; told by their values."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from foretell.customer_log.cells.identifiers import as_text, distinct
from foretell.customer_log.roles.column_facts import ColumnFacts
from foretell.customer_log.roles.column_names import name_score, plain_name
from foretell.customer_log.roles.doubts import Question, RoleGuess
from foretell.customer_log.roles.flags import asked_by, says_yes_or_no
from foretell.customer_log.roles.states import (
    MOST_STATES,
    SHIPPING,
    standing_of,
    states_in,
    tells_parcels_alone,
    tells_states,
)

SURE = 0.5
AGREES = 0.9
NEARLY_ALL = 0.98
FEWEST = 5


def choose_taken_back(
    sample: pa.Table, facts: Mapping[str, ColumnFacts], roles: dict[str, RoleGuess], doubts: list[Question]
) -> None:
    """The columns of the state, of what was given back and when, and of the cancellation, where there are any."""
    money = money_of(facts, roles)
    if "state" not in roles:
        _choose_state(sample, facts, roles, doubts, money)
    standing = _standings(sample[roles["state"].column]) if "state" in roles else None
    if "refunded" not in roles and money is not None:
        order = facts.get(roles["order"].column) if "order" in roles else None
        _choose_refunded(facts, roles, standing, money, _of_orders(money, order))
    for role in ("refunded_at", "cancelled_at"):
        if role not in roles:
            taken = {found.column for found in roles.values()}
            scored = [(name_score(role, n) * fact.fit(role), n) for n, fact in facts.items() if n not in taken]
            score, name = max(scored, default=(0.0, ""))
            if score >= SURE and facts[name].filled < AGREES:
                roles[role] = RoleGuess(role, name, round(score, 2), f"its name{facts[name].said('time')}")
    if "refunded" not in roles and roles.get("refunded_at") and "state" not in roles:
        roles.pop("refunded_at")


def money_of(facts: Mapping[str, ColumnFacts], roles: Mapping[str, RoleGuess]) -> np.ndarray | None:
    """float64 [rows]: the money of each row, NaN where there is none; None where no column holds it."""
    amount, price, count = (roles.get(role) for role in ("amount", "unit_price", "quantity"))
    if amount is not None and amount.column in facts:
        return facts[amount.column].figures
    if price is None or price.column not in facts:
        return None
    figures = facts[price.column].figures
    return figures * facts[count.column].figures if count is not None and count.column in facts else figures


def _choose_state(
    sample: pa.Table,
    facts: Mapping[str, ColumnFacts],
    roles: dict[str, RoleGuess],
    doubts: list[Question],
    money: np.ndarray | None,
) -> None:
    taken = {found.column for found in roles.values()}
    found: dict[str, np.ndarray] = {}
    for name, fact in facts.items():
        if name in taken or not 0 < fact.values <= MOST_STATES or fact.numbers >= 0.1 or fact.dates >= 0.1:
            continue
        states = states_in(sample[name])
        if not tells_states(states, name) or tells_parcels_alone(name, states):
            continue
        if not _is_kind(standing := _standings(sample[name]), money):
            found[name] = standing
    ranked = sorted(found, key=lambda name: (_is_shipping(name), -int((found[name] != 0).sum()), name))
    named = [name for name in ranked if not _is_shipping(name)] or ranked
    if not named:
        flag = [name for name, fact in facts.items() if name not in taken and fact.values == 2]
        flag = [name for name in flag if says_yes_or_no(name, states_in(sample[name]))]
        if flag and not (money is not None and (money < 0).any() and asked_by(flag[0]) == "refund"):
            roles["state"] = RoleGuess("state", flag[0], 0.7, "its name, and it says yes or no")
        return
    best = named[0]
    rivals = [name for name in named[1:] if ((found[name] > 0) & (found[best] <= 0)).any()]
    if rivals:
        doubts.append(("state", "More than one column could say whether a sale came about.", (best, *rivals)))
    no_sale = int((found[best] > 0).sum())
    why = f"its values, {no_sale:,} of {len(sample):,} rows are no sale or were given back"
    roles["state"] = RoleGuess("state", best, 0.9, why)


def _standings(column: pa.ChunkedArray) -> np.ndarray:
    """int8 [rows]: 0 for a sale, or nothing known; 1 for none; 2 for one that was given back; -1 where it is empty."""
    values, positions = distinct(column)
    codes = {None: 0, "sale": 0, "none": 1, "refund": 2}
    told = [-1 if text is None else codes[standing_of(text)] for text in as_text(values).to_pylist()]
    return np.array([*told, -1], dtype=np.int8)[positions]


def _is_kind(standing: np.ndarray, money: np.ndarray | None) -> bool:
    """Whether nearly all rows that seem to be no sale are refunds of their own, with negative amounts."""
    if money is None:
        return False
    own = money[(standing > 0) & np.isfinite(money)]
    return bool(len(own) and (own < 0).mean() > NEARLY_ALL)


def _is_shipping(name: str) -> bool:
    plain = plain_name(name)
    return any(part in plain for part in SHIPPING)


def _choose_refunded(
    facts: Mapping[str, ColumnFacts],
    roles: dict[str, RoleGuess],
    standing: np.ndarray | None,
    money: np.ndarray,
    of_orders: np.ndarray,
) -> None:
    taken = {found.column for found in roles.values()}
    best: tuple[float, str] = (0.0, "")
    for name, fact in facts.items():
        if name in taken or fact.fit("refunded") < 1:
            continue
        back = np.where(np.isfinite(fact.figures), np.abs(fact.figures), 0.0)
        known = np.isfinite(money) & (back > 0)
        if not known.any() or (back <= np.abs(of_orders) * 1.001 + 0.01)[known].mean() < AGREES:
            continue
        named = name_score("refunded", name)
        told = (
            named if named >= SURE else 0.45 * max(_agrees(back, one, standing) for one in (money, of_orders)) + named
        )
        best = max(best, (told, name), key=lambda one: one[0])
    if best[0] >= 0.45:
        rows = int((np.nan_to_num(facts[best[1]].figures) != 0).sum())
        roles["refunded"] = RoleGuess("refunded", best[1], round(best[0], 2), f"{rows:,} rows were given back in part")


def _of_orders(money: np.ndarray, order: ColumnFacts | None) -> np.ndarray:
    """float64 [rows]: the money of all rows of the order of each row; its own without an order."""
    if order is None:
        return money
    whole = np.bincount(order.codes + 1, np.nan_to_num(money))[order.codes + 1]
    return np.where(order.codes >= 0, whole, money)


def _agrees(back: np.ndarray, money: np.ndarray, standing: np.ndarray | None) -> float:
    """1 where a column holds the whole amount on the rows that were given back, and mostly nothing on the others."""
    if standing is None:
        return 0.0
    whole, sold = (standing == 2) & np.isfinite(money), (standing == 0) & np.isfinite(money)
    if whole.sum() < FEWEST or not sold.any():
        return 0.0
    equal = np.abs(back - np.abs(money))[whole] <= 0.011
    return float(equal.mean() >= AGREES and (back[sold] == 0).mean() >= 0.8)
