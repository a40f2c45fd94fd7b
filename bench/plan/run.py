"""Budget and capacity, over customers: CPU-seconds, and profit as a share of the best that any plan could make."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from bench.plan.problem import Problem, problem
from foretell.actions.planning.allocation import Options
from foretell.actions.planning.curve import curve_of

SIZES = (10_000, 100_000, 1_000_000)
LARGEST_WHOLE = 100_000
BUDGET_SHARE, CAPACITY_SHARE = 0.4, 0.5
"""Of what would be spent, and of the contacts that would be made, if nothing were limited."""
RESULTS = Path(__file__).parents[1] / "results" / "plan.md"
BEFORE = (
    "# Who gets what",
    "",
    "Written by `python -m bench.plan`. Four offers, a budget and a capacity that both bind; `of the bound` is the",
    "profit beside that of the linear program without whole people, which nothing can exceed.",
    "",
)


def main() -> None:
    """Print the table, and write it down."""
    lines = ["| customers x offers | plan | CPU s | profit | of the bound |", "|---|---|---|---|---|"]
    for size in [int(one) for one in sys.argv[1:]] or SIZES:
        drawn = problem(size)
        money, contacts = limits_of(drawn)
        bound = Options(drawn.profit, uses(drawn)).allocated((money, contacts)).bound
        for name, plan in PLANS.items():
            if plan is whole and size > LARGEST_WHOLE:
                continue
            began = time.process_time()
            profit = plan(drawn, money, contacts)
            spent = time.process_time() - began
            told = f"{spent:.1f} | {profit:,.0f} | {profit / bound:.4%}"
            lines.append(f"| {size:,} x {len(drawn.profit)} | {name} | {told} |")
            print(lines[-1], flush=True)
    RESULTS.write_text("\n".join([*BEFORE, *lines]) + "\n", encoding="utf-8")


def uses(drawn: Problem) -> list[np.ndarray]:
    """Money and contacts."""
    return [drawn.cost, np.ones_like(drawn.cost)]


def limits_of(drawn: Problem) -> tuple[float, float]:
    """Budget and capacity that bind."""
    free = Options(drawn.profit, uses(drawn)).allocated((np.inf, np.inf)).used
    return free[0] * BUDGET_SHARE, free[1] * CAPACITY_SHARE


def alone(drawn: Problem, money: float, contacts: float) -> float:
    """Who gets what."""
    return Options(drawn.profit, uses(drawn)).allocated((money, contacts)).profit


def with_curve(drawn: Problem, money: float, contacts: float) -> float:
    """All that a plan computes."""
    options = Options(drawn.profit, uses(drawn))
    profit = options.allocated((money, contacts)).profit
    curve_of(options, drawn.cost, contacts)
    return profit


def greedy(drawn: Problem, money: float, contacts: float, per_money: bool) -> float:
    """Options in the order of their profit, or of their profit for their money, each taken while it fits."""
    option, who = np.nonzero(drawn.profit > 0)
    profit, cost = drawn.profit[option, who], np.broadcast_to(drawn.cost, drawn.profit.shape)[option, who]
    order = np.argsort(-(profit / cost if per_money else profit), kind="stable")
    taken, total = np.zeros(drawn.profit.shape[1], dtype=bool), 0.0
    for one in order.tolist():
        if not taken[who[one]] and cost[one] <= money and contacts >= 1:
            taken[who[one]] = True
            total, money, contacts = total + float(profit[one]), money - float(cost[one]), contacts - 1
    return total


def whole(drawn: Problem, money: float, contacts: float) -> float:
    """The linear program over all customers at once."""
    option, who = np.nonzero(drawn.profit > 0)
    count, place = drawn.profit.shape[1], np.arange(len(who))
    cost = np.broadcast_to(drawn.cost, drawn.profit.shape)[option, who]
    rows = vstack([
        coo_array((np.ones(len(who)), (who, place)), shape=(count, len(who))),
        coo_array(np.vstack([cost, np.ones(len(who))])),
    ]).tocsr()  # fmt: skip
    most = np.concatenate([np.ones(count), [money, contacts]])
    found = linprog(-drawn.profit[option, who], rows, most, bounds=(0, 1), method="highs")
    return -float(found.fun)


PLANS: Mapping[str, Callable[[Problem, float, float], float]] = {
    "foretell": alone,
    "foretell, with the budget curve": with_curve,
    "greedy: most profit first": partial(greedy, per_money=False),
    "greedy: most profit for the money first": partial(greedy, per_money=True),
    "one linear program, HiGHS": whole,
}
