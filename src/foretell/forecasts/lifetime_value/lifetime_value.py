"""Customer lifetime value: the margin that a customer is expected to bring over one and over three years.

    clv = margin x sum over months of [S(end) - S(begin)] x (1 + rate)^(-middle / 365)

S is the curve of cumulative expected spend. Its shape is BG/NBD's expected orders times the value of an order; its
level is what the model that serves expects: up to the horizon the curve is scaled so that it ends at the forecast.
Beyond the horizon the scale fades geometrically to 1 within a year. What the model knows and the process does not
(season, a change of habit) is known of the horizon only, so it must not be carried on for ever; and a curve that
broke off at the horizon would say that the model's knowledge ends on that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

import numpy as np

from foretell.btyd import gamma_gamma
from foretell.btyd.beta_geometric import BG_NBD
from foretell.btyd.summary import DAYS_PER_WEEK, in_weeks
from foretell.examples.examples import Examples
from foretell.models.contract import CannotFit, State
from foretell.models.learners.buy_till_you_die import BgNbd, FittedBuyTillYouDie
from foretell.models.learners.orders_times_value import log_value_of_an_order
from foretell.project.objectives import TARGETS

DAYS_PER_YEAR = 365.0
WORTH_WITHIN = {"clv_12m": 365.0, "clv_36m": 1_095.0}
FURTHEST = 1_095.0
MONTHS = 36
MONTH_DAYS = FURTHEST / MONTHS
MONTH_ENDS = tuple(FURTHEST * month / MONTHS for month in range(1, MONTHS + 1))
FADING_DAYS = 365.0
FEWEST_ORDERS_A_DAY = 1e-12


@dataclass(frozen=True)
class ValueTerms:
    """What money is worth to the business: the share of spend that is margin, and the discount rate of a year."""

    margin: float = 1.0
    discount_rate: float = 0.1


@dataclass(frozen=True)
class LifetimeValue:
    """The curve of every customer's spend. `process` is None where none could be fitted, `cannot` says why: then spend
    decays from its forecast as customers of the past went: `return_share` of those first seen `return_days` ago (their
    mean) ordered within the last horizon. `mean_value` is that of an order; `proved_days` the horizon that past cutoffs
    tested, 0 where none did."""

    process: FittedBuyTillYouDie | None = None
    mean_value: float = 1.0
    return_share: float = 0.5
    return_days: float = DAYS_PER_YEAR
    proved_days: int = 0
    cannot: str = ""

    def worth(self, examples: Examples, expected_spend: np.ndarray, terms: ValueTerms) -> dict[str, np.ndarray]:
        """`clv_12m` and `clv_36m` (currency) and `clv_extrapolated_share` (of clv_36m, 0 to 1; 0 where that is 0),
        float64 [customers], never NaN and never negative; `expected_spend` is over the horizon of the examples."""
        worth = {name: np.zeros(len(examples)) for name in WORTH_WITHIN}
        beyond = np.zeros(len(examples))
        for begin, end, spend in self._periods(examples, expected_spend, FURTHEST):
            discount = (1.0 + terms.discount_rate) ** (-_middle_of_month(begin, end) / DAYS_PER_YEAR)
            margin = spend * (terms.margin * discount)
            for name, within in WORTH_WITHIN.items():
                if end <= within:
                    worth[name] += margin
            beyond += margin * min(max((end - self.proved_days) / (end - begin), 0.0), 1.0)
        whole = worth["clv_36m"]
        share = np.divide(beyond, whole, out=np.zeros(len(examples)), where=whole > 0)
        return {**worth, "clv_extrapolated_share": np.minimum(share, 1.0)}

    def spend_within(self, examples: Examples, expected_spend: np.ndarray, days: float) -> np.ndarray:
        """float64 [customers], currency: expected spend within so many days, all of it, not discounted."""
        total = np.zeros(len(examples))
        for _, _, spend in self._periods(examples, expected_spend, days):
            total += spend
        return total

    def unscaled_spend(self, examples: Examples, days: float) -> np.ndarray:
        """float64 [customers], currency: the same by the process alone; raises `CannotFit` where there is none."""
        if self.process is None:
            raise CannotFit(self.cannot)
        return _days_with_orders(self.process, examples, days) * self._value_of_a_day(self.process, examples)

    def state(self) -> State:
        """All that `restored_lifetime_value` needs."""
        return {**vars(self), "process": None if self.process is None else dict(self.process.state())}

    def _periods(
        self, examples: Examples, expected_spend: np.ndarray, until: float
    ) -> Iterator[tuple[float, float, np.ndarray]]:
        """Begin, end (days) and expected spend of each month, one cut in two where the horizon ends."""
        forecast = np.maximum(np.nan_to_num(expected_spend), 0.0)
        horizon = float(examples.horizon_days)
        ends = {*MONTH_ENDS, horizon, float(until)}
        days = [0.0, *sorted(end for end in ends if 0 < end <= until)]
        if self.process is None:
            decay = np.log(self.return_share) / self.return_days
            for begin, end in pairwise(days):
                yield (
                    begin,
                    end,
                    forecast * (np.expm1(decay * end) - np.expm1(decay * begin)) / np.expm1(decay * horizon),
                )
            return
        at_horizon = _days_with_orders(self.process, examples, horizon)
        unscaled = self.unscaled_spend(examples, horizon)
        before = np.zeros(len(examples))
        for begin, end in pairwise(days):
            so_far = np.maximum(_days_with_orders(self.process, examples, end), before)
            past = _middle_of_month(begin, end) - horizon if begin >= horizon else 0.0
            held = 1.0 - min(max(past / FADING_DAYS, 0.0), 1.0)
            yield begin, end, (so_far - before) / at_horizon * forecast**held * unscaled ** (1.0 - held)
            before = so_far

    def _value_of_a_day(self, process: FittedBuyTillYouDie, examples: Examples) -> np.ndarray:
        value = cast(gamma_gamma.GammaGammaParameters, process.value)
        logs = log_value_of_an_order(examples, value, self.mean_value, process.orders_per_day)
        return np.asarray(process.orders_per_day * np.exp(logs))


AS_REVENUE = ValueTerms()
UNFITTED = LifetimeValue()


def fit(today: Examples, proved_days: int = 0) -> LifetimeValue:
    """Learn from the facts at one cutoff: no label is read. Never fails; see `LifetimeValue.process`."""
    facts = {name: np.asarray(values, dtype=np.float64) for name, values in today.facts.items()}
    seen = facts["observed_days"] >= today.horizon_days
    came_back = seen & (facts["trailing_orders"] > 0)
    share = float((came_back.sum() + 1) / (seen.sum() + 2))
    ago = float(facts["observed_days"][seen].mean()) if seen.any() else float(today.horizon_days)
    fallback = LifetimeValue(None, 1.0, share, ago, proved_days)
    orders, spend = facts["lifetime_orders"].sum(), facts["lifetime_spend"].sum()
    if not spend > 0:
        return replace(fallback, cannot="nobody has spent anything yet")
    try:
        process = BgNbd().fit(today, TARGETS["spend"], 0)
    except CannotFit as error:
        return replace(fallback, cannot=str(error))
    return replace(fallback, process=process, mean_value=float(spend / orders))


def restored_lifetime_value(state: State) -> LifetimeValue:
    """The fitted object of a stored state."""
    process = None if state["process"] is None else BgNbd().restore(state["process"])
    return LifetimeValue(**{**state, "process": process})


def _middle_of_month(begin: float, end: float) -> float:
    """Days to the middle of the month in which a part of it lies."""
    return (float((begin + end) / 2 // MONTH_DAYS) + 0.5) * MONTH_DAYS


def _days_with_orders(process: FittedBuyTillYouDie, examples: Examples, days: float) -> np.ndarray:
    """float64 [customers], above 0: expected purchase days within so many days."""
    facts = examples.facts
    triples = in_weeks(facts["purchase_days"], facts["first_to_last_days"], facts["observed_days"])
    found = BG_NBD.expected_orders(process.parameters, *triples, days / DAYS_PER_WEEK)
    return np.asarray(np.maximum(found, FEWEST_ORDERS_A_DAY * days))
