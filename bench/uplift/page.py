"""What the bench of uplift found, as a page: the losses first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.tables import table

OURS, ALWAYS, ORACLE = "Foretell", "Foretell, without the proof", "oracle"
NOT_RIVALS = (OURS, ALWAYS, ORACLE)
HIGHEST_REGRET, LEAST_OF_BEST, HIGHEST_UPPER = 0.4, 0.9, 0.085
METHOD = """\
- Each split learns on one half and judges the actions on the other: by the truth where the experiment is generated
  (and drawn anew for each split), else by doubly robust scores, the same for all. Profit is money of the outcome less
  cost, a customer, beyond contacting nobody. A mean carries the 95 % t interval over splits, a difference is paired.
  Halves of one table overlap between splits, so that these intervals are narrower than the truth for published tables.
- Foretell acts as `foretell uplift --score` does: each customer's best action where the proof on the taught half shows
  that effects differ (and not that one action for all is likely to earn more), else one action for all. "Without the
  proof" always gives each customer's best action.
- Peers give everybody the action with the highest foretold profit. All have the same columns; `bench/uplift/peers.py`
  says how they are set. "By risk" contacts those with the highest expected outcome without contact, as many as earned
  most on the taught half; "treat all" gives everybody the arm that earned most there.
- The best peer is chosen after the fact, by its mean on the judged halves.
- Trees and weights were chosen on splits 100 to 104 of insurance and of the generated experiments. After a loss on the
  judged splits of rare had been seen, the odds at which contact is advised without proof were chosen on splits 100 to
  109 of the generated experiments, and the learner of plain columns on splits 100 to 119 of rare. So the figures
  flatter Foretell a little, those of rare most; the peers are as they come.
- Regret is the share of the oracle's profit that is not earned. Null draws are experiments of 600 customers in which
  no effect differs: `nothing` (one arm without effect) and `same` (two arms that add what they cost, heavy tails)."""


def page(
    found: Mapping[str, Mapping[str, Any]], nulls: Mapping[str, Mapping[str, Any]], facts: Mapping[str, str]
) -> str:
    """The whole document."""
    bars = [bar for name, one in found.items() for bar in bars_of(name, one)] + [_null(n, o) for n, o in nulls.items()]
    lost = [row for row, holds in bars if not holds]
    held = [row for row, holds in bars if holds]
    header = ["problem", "bar", "found"]
    parts = ["# Uplift, beside named peers", "", "Written by `python -m bench.uplift`; do not edit.", ""]
    parts += ["## Bars that do not hold", "", table(header, lost) if lost else "None.", ""]
    parts += ["## Bars that hold", "", table(header, held) if held else "None.", ""]
    for name, one in found.items():
        parts += _problem(name, one)
    parts += ["## How it was measured", "", METHOD, "", "## Made with", ""]
    return "\n".join([*parts, *(f"- {key}: {value}" for key, value in facts.items())]) + "\n"


def bars_of(name: str, one: Mapping[str, Any]) -> list[tuple[list[str], bool]]:
    """Each bar of a problem as a row, and whether it holds."""
    summary, ahead = one["summary"], one["ahead"]
    rivals = [who for who in summary if who not in NOT_RIVALS]
    best = max(rivals, key=lambda who: summary[who][0])
    mean, low, high = ahead[best]
    bars = [
        (
            [name, "not significantly below the best rival", f"{_money(mean, low, high)} against {best}"],
            bool(high >= 0),
        )
    ]
    if any(summary[who][1] > 0 or summary[who][2] < 0 for who in rivals) and summary[best][0] > 0:
        share = summary[OURS][0] / summary[best][0]
        bars.append(([name, f"at least {LEAST_OF_BEST} of the best rival", f"{share:.2f}"], share >= LEAST_OF_BEST))
    if ORACLE in summary:
        regret = 1 - summary[OURS][0] / summary[ORACLE][0]
        bars.append(
            ([name, f"regret at most {HIGHEST_REGRET:.0%} of the oracle", f"{regret:.0%}"], regret <= HIGHEST_REGRET)
        )
    return bars


def _null(name: str, one: Mapping[str, Any]) -> tuple[list[str], bool]:
    told = f"{one['alarms']} of {one['draws']} ({one['share']:.1%}), upper 95 % limit {one['upper']:.1%}"
    return [f"null draws: {name}", f"upper limit of false alarms at most {HIGHEST_UPPER:.1%}", told], (
        one["upper"] <= HIGHEST_UPPER
    )


def _problem(name: str, one: Mapping[str, Any]) -> list[str]:
    summary, ahead = one["summary"], one["ahead"]
    rows = []
    for who in sorted(summary, key=lambda who: -summary[who][0]):
        beside = _money(*ahead[who]) if who in ahead else ""
        rows.append([f"**{who}**" if who == OURS else who, _money(*summary[who]), beside])
    splits = len(one["earned"][OURS])
    told = f"{one['taught']:,} customers taught, {one['judged']:,} judged, {splits} splits, {one['arms'] - 1} arm(s) "
    told += f"beside the control, an outcome worth {one['money']:g}, a contact at {one['cost'][1]:g}. Decisions: "
    told += ", ".join(f"{decision} {count}" for decision, count in one["decisions"].items())
    told += f". {one['cpu_seconds']:.1f} CPU-seconds a split."
    if one["covered"] is not None:
        told += f" The 90 % intervals of customers hold the true effect for {one['covered']:.0%}."
    return [f"## {name}", "", told, "", table(["contender", "profit a customer", "Foretell ahead by"], rows), ""]


def _money(mean: float, low: float, high: float) -> str:
    return f"{mean:+.4f} [{low:+.4f}, {high:+.4f}]"
