"""A score's change in words: from what to what, and the parts, rounded so that they add up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foretell.answers.score_change import CustomerChange, Moved
from foretell.scores.score_change import rounded

FEW = 0.1
LARGE = 10_000


def change_lines(change: CustomerChange, currency: str) -> list[str]:
    """What moved a customer's scores, a line a forecast; a line alone where it is only said why not."""
    when = f"since the scores before, also as of {change.since}" if change.same_day else f"since {change.since}"
    if not change.moved:
        return [f"{when}: {change.note}"]
    lines = [_chance(change, change.moved["p_purchase"]), _money(change, change.moved["expected_spend"], currency)]
    if change.note:
        told = f" ({change.happened})" if change.happened else ""
        lines.append(f"what moved them cannot be told: {change.note}{told}")
    return [f"{when}: {lines[0]}", *(f"  {line}" for line in lines[1:])]


def _chance(change: CustomerChange, moved: Moved) -> str:
    """Whole percents and points, a decimal where both chances are small."""
    places = 1 if max(moved.before, moved.after) < FEW else 0
    values, parts = _whole(moved, 100 * 10**places)
    before, after = (f"{value / 10**places:.{places}f} %" for value in values)
    told = [f"{part / 10**places:+.{places}f}" for part in parts]
    return f"P(order) {before} -> {after}{_parts(change, moved, told, ' points')}"


def _money(change: CustomerChange, moved: Moved, currency: str) -> str:
    """Pennies, but none where the amounts are large."""
    places = 0 if max(moved.before, moved.after) >= LARGE else 2
    values, parts = _whole(moved, 10**places)
    before, after = (f"{value / 10**places:,.{places}f}" for value in values)
    told = [f"{part / 10**places:+,.{places}f}" for part in parts]
    return f"expected spend {before} -> {after} {currency}".rstrip() + _parts(change, moved, told, "")


def _whole(moved: Moved, units: int) -> tuple[Sequence[int], Sequence[int]]:
    """Before and after in whole units, and parts that add up to their difference."""
    before, after = round(moved.before * units), round(moved.after * units)
    parts = rounded(np.array(list(moved.parts.values())) * units, after - before) if moved.parts else np.zeros(0)
    return (before, after), [int(part) for part in parts]


def _parts(change: CustomerChange, moved: Moved, told: Sequence[str], unit: str) -> str:
    """The parts that moved anything: the unit behind the first, the customer's own facts behind behaviour."""
    names = {
        "time": "silence" if moved.parts.get("time", 0.0) < 0 else "time passing",
        "behaviour": "behaviour",
        "model": change.model or "model",
    }
    behind = {"behaviour": f" ({change.happened or 'what is known of earlier orders'})"}
    said: list[str] = []
    for (part, size), figure in zip(moved.parts.items(), told, strict=True):
        if size:
            said.append(f"{names[part]} {figure}{'' if said else unit}{behind.get(part, '')}")
    if said:
        return f": {', '.join(said)}"
    return "" if change.note else ": nothing moved it"
