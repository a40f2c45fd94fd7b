"""The headline: what is expected of the customers of today, beside what those of then did, and newcomers apart."""

from __future__ import annotations

from datetime import date

import numpy as np

from foretell.answers.published import RunOverHorizon
from foretell.forecasts.orders.coming import coming_total
from foretell.words.wording import amount, count, counted, days, expected

PAST_WINDOWS = 4
EPOCH = date(1970, 1, 1)


def headline(run: RunOverHorizon) -> str:
    """Who, as of when, how far; the orders of like customers in the window before; and those of newcomers."""
    found, plan = figures(run), run.plan
    horizon = days(plan.horizon_days)
    told = (
        f"{counted(found['customers'], 'customer')} as of {plan.as_of_day()}, the next {horizon}: "
        f"{expected(found['expected_orders'])} orders and {amount(found['expected_spend'], run.currency)} expected "
        f"[80\xa0% {expected(found['expected_orders_low'])} to {expected(found['expected_orders_high'])}, "
        f"{amount(found['expected_spend_low'])} to {amount(found['expected_spend_high'])}]"
    )
    if not found["known_then_customers"]:
        return f"{told}. All of them are new: nobody had ordered {horizon} before."
    told += (
        f"; {who_were_known(found['known_then_customers'])} {horizon} ago placed "
        f"{counted(found['known_then_orders'], 'order')} and spent {amount(found['known_then_spend'], run.currency)} "
        f"since then."
    )
    came = found["newcomers"]
    if not came:
        return told
    beside = (
        f" {counted(came, 'new customer')} came beside, with {counted(found['newcomer_orders'], 'order')} and "
        f"{amount(found['newcomer_spend'], run.currency)}"
    )
    low, high = found["newcomers_low"], found["newcomers_high"]
    if low == high == came:
        return f"{told}{beside}."
    return f"{told}{beside}; {count(low)} to {count(high)} came in windows like it."


def who_were_known(customers: float) -> str:
    """Those who were customers then, as a sentence names them.

    >>> who_were_known(1), who_were_known(16)
    ('the one who was known', 'the 16 who were known')
    """
    return "the one who was known" if customers == 1 else f"the {count(customers)} who were known"


def figures(run: RunOverHorizon) -> dict[str, float]:
    """The totals: customers, what is expected of them with its 80 % interval, what the trailing window brought
    from those who were known before it and from newcomers, what is at stake; money to the fourth decimal, the
    smallest amount there is. `newcomers_low` and `newcomers_high` are the fewest and the most newcomers of the
    last windows of that length."""
    horizon, table = run.plan.horizon_days, run.customers
    orders, spend = (np.nan_to_num(table[name].to_numpy()) for name in ("trailing_orders", "trailing_spend"))
    is_new = table["age_days"].to_numpy() <= horizon
    came = newcomers_by_window(run)
    money = {
        **_coming(run, "orders"),
        **_coming(run, "spend"),
        "trailing_orders": orders.sum(),
        "trailing_spend": spend.sum(),
        "known_then_orders": orders[~is_new].sum(),
        "known_then_spend": spend[~is_new].sum(),
        "newcomer_orders": orders[is_new].sum(),
        "newcomer_spend": spend[is_new].sum(),
        "at_stake": at_stake(run).sum(),
    }
    return {
        "customers": len(run.scores),
        "active_customers": int(np.sum(table["active"].to_numpy())),
        "known_then_customers": int((~is_new).sum()),
        "newcomers": int(is_new.sum()),
        "newcomers_low": int(min([int(is_new.sum()), *came])),
        "newcomers_high": int(max([int(is_new.sum()), *came])),
        **{name: round(float(value), 4) for name, value in money.items()},
    }


def _coming(run: RunOverHorizon, target: str) -> dict[str, float]:
    name = f"expected_{target}"
    found = coming_total(np.nan_to_num(run.scores[name].to_numpy()), target, run.proof, run.plan)
    return {name: found.total, f"{name}_low": found.low, f"{name}_high": found.high}


def newcomers_by_window(run: RunOverHorizon) -> list[int]:
    """How many customers ordered for the first time in each of the windows before the as-of date, as long as the
    horizon, newest first; only those that the log holds whole, at most four."""
    plan, horizon = run.plan, run.plan.horizon_days
    end = (date.fromisoformat(plan.as_of_day()) - EPOCH).days
    came = plan.survey.newcomers
    whole = int((end - came.codes.min()) // horizon) if len(came) else 0
    return [
        int(came.counts[(came.codes >= end - horizon * (back + 1)) & (came.codes < end - horizon * back)].sum())
        for back in range(min(whole, PAST_WINDOWS))
    ]


def chance_of_leaving(run: RunOverHorizon) -> np.ndarray:
    """float64: `p_churn`, NaN for customers who are not active."""
    return np.asarray(run.scores["p_churn"].to_numpy(), dtype=np.float64)


def at_stake(run: RunOverHorizon) -> np.ndarray:
    """float64: chance of leaving x spend in the trailing horizon, 0 for customers who are not active."""
    leaving = np.nan_to_num(chance_of_leaving(run))
    return np.asarray(leaving * np.nan_to_num(run.customers["trailing_spend"].to_numpy()))
