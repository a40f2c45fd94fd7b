"""Buy-till-you-die models behind the contract: a customer's own rhythm, learned without labels."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, cast

import numpy as np

from foretell.btyd import gamma_gamma, pareto_nbd
from foretell.btyd.beta_geometric import BG_NBD, MBG_NBD, BetaGeometricParameters
from foretell.btyd.estimated_once import estimated
from foretell.btyd.summary import DAYS_PER_WEEK, in_weeks, summarised
from foretell.examples.examples import Examples
from foretell.models.baselines.outcome_table import OutcomeTable, shrunk_mean, table_along
from foretell.models.baselines.simple_rules import EVERY_KIND
from foretell.models.contract import CannotFit, Contributions, State
from foretell.models.learners.spend_curve import SpendCurve, curve_along, restored_curve
from foretell.models.links import from_link, to_link
from foretell.models.training_rows import training_rows
from foretell.project.objectives import Kind, Target

OWN_RHYTHM = "own_rhythm"
MOST_CUSTOMERS = 50_000
PROCESSES: dict[str, tuple[Any, Any]] = {
    "bg_nbd": (BG_NBD, BetaGeometricParameters),
    "mbg_nbd": (MBG_NBD, BetaGeometricParameters),
    "pareto_nbd": (pareto_nbd, pareto_nbd.ParetoNbdParameters),
}


@dataclass(frozen=True)
class FittedBuyTillYouDie:
    """Parameters of the purchase process and, where money is asked, of order values.

    `orders_per_day` is how many orders a purchase day holds. `told_by_spend` turns expected spend (for a tier; for a
    decline, expected over trailing spend) into a probability; None where the process itself gives the forecast. `shift`
    moves the level of all forecasts by a season (see `level`).
    """

    process: str
    kind: Kind
    label: str
    base: float
    parameters: Any
    value: gamma_gamma.GammaGammaParameters | None
    orders_per_day: float
    told_by_spend: SpendCurve | OutcomeTable | None
    shift: float = 0.0

    def predict(self, examples: Examples) -> np.ndarray:
        return from_link(self.link(examples, examples.horizon_days), self.kind)

    def link(self, examples: Examples, horizon_days: int) -> np.ndarray:
        """The forecast over any horizon, on the link scale."""
        return to_link(self._forecast(examples, horizon_days), self.kind) + self.shift

    def contributions(self, examples: Examples) -> Contributions:
        base = self.base + self.shift
        moved = self.link(examples, examples.horizon_days) - base
        return Contributions(base, (OWN_RHYTHM,), moved[:, None])

    def state(self) -> State:
        value = {} if self.value is None else {f"value_{k}": v for k, v in asdict(self.value).items()}
        table = {} if self.told_by_spend is None else self.told_by_spend.state()
        parameters = {f"process_{k}": v for k, v in asdict(self.parameters).items()}
        own = {"process": self.process, "kind": self.kind, "label": self.label, "base": self.base}
        return {**own, "orders_per_day": self.orders_per_day, "shift": self.shift, **parameters, **value, **table}

    def expected_spend(self, examples: Examples, horizon_days: int) -> np.ndarray:
        """Expected purchase days in the horizon times the expected value of one."""
        if self.value is None:
            raise CannotFit("no order values were fitted")
        facts = examples.facts
        each = gamma_gamma.expected_value(
            self.value, np.asarray(facts["purchase_days"]) - 1.0, np.asarray(facts["repeat_value_mean"])
        )
        return np.asarray(self._days_with_orders(examples, horizon_days) * each)

    def _days_with_orders(self, examples: Examples, horizon_days: int) -> np.ndarray:
        process = PROCESSES[self.process][0]
        return np.asarray(process.expected_orders(self.parameters, *_triples(examples), horizon_days / DAYS_PER_WEEK))

    def _forecast(self, examples: Examples, horizon_days: int) -> np.ndarray:
        if self.told_by_spend is not None:
            return self.told_by_spend.at(self._ranking(examples, horizon_days))
        if self.kind == "probability":
            process = PROCESSES[self.process][0]
            weeks = horizon_days / DAYS_PER_WEEK
            return np.asarray(process.probability_of_order(self.parameters, *_triples(examples), weeks))
        if self.kind == "count":
            return self.orders_per_day * self._days_with_orders(examples, horizon_days)
        return self.expected_spend(examples, horizon_days)

    def _ranking(self, examples: Examples, horizon_days: int) -> np.ndarray:
        spend = self.expected_spend(examples, horizon_days)
        if self.label != "declined":
            return spend
        return spend / np.maximum(np.asarray(examples.facts["trailing_spend"], dtype=np.float64), 1e-4)


class BuyTillYouDie:
    """One class for all processes; a subclass names one."""

    name: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]] = EVERY_KIND
    is_baseline: ClassVar[bool] = True
    formula: ClassVar[str]

    def fit(self, examples: Examples, target: Target, seed: int) -> FittedBuyTillYouDie:
        if len(examples) == 0:
            raise CannotFit("there are no customers")
        newest = _newest(examples)
        facts = newest.facts
        process, _ = PROCESSES[self.name]
        parameters = estimated(
            process.fit, summarised(facts["purchase_days"], facts["first_to_last_days"], facts["observed_days"])
        )
        of_money = target.kind == "amount" or (target.kind == "probability" and target.label != "ordered")
        value = None
        if of_money:
            repeats = np.asarray(facts["purchase_days"], dtype=np.float64) - 1.0
            value = estimated(gamma_gamma.fit, gamma_gamma.summarised(repeats, facts["repeat_value_mean"]))
        orders_per_day = float(np.sum(facts["lifetime_orders"]) / np.sum(facts["purchase_days"]))
        fitted = FittedBuyTillYouDie(self.name, target.kind, target.label, 0.0, parameters, value, orders_per_day, None)
        if of_money and target.kind == "probability":
            return _told_by_spend(fitted, examples, target)
        mean = fitted._forecast(newest, examples.horizon_days).mean()
        return replace(fitted, base=float(to_link(np.array(mean), target.kind)))

    def restore(self, state: State) -> FittedBuyTillYouDie:
        process = str(state["process"])
        value = None
        if "value_p" in state:
            value = gamma_gamma.GammaGammaParameters(**_named(state, "value_"))
        told: SpendCurve | OutcomeTable | None = None
        if "centres" in state:
            told = OutcomeTable(cast(np.ndarray, state["centres"]), cast(np.ndarray, state["means"]))
        elif "curve_knot" in state:
            told = restored_curve(state)
        return FittedBuyTillYouDie(
            process,
            cast(Kind, state["kind"]),
            str(state["label"]),
            float(cast(float, state["base"])),
            PROCESSES[process][1](**_named(state, "process_")),
            value,
            float(cast(float, state["orders_per_day"])),
            told,
            float(cast(float, state.get("shift", 0.0))),
        )


class BgNbd(BuyTillYouDie):
    """BG/NBD with Gamma-Gamma."""

    name: ClassVar[str] = "bg_nbd"
    formula: ClassVar[str] = "BG/NBD: 1 - L(x, t_x, T + H) / L(x, t_x, T); spend = expected orders x Gamma-Gamma value"


class MbgNbd(BuyTillYouDie):
    """MBG/NBD with Gamma-Gamma."""

    name: ClassVar[str] = "mbg_nbd"
    formula: ClassVar[str] = "MBG/NBD: 1 - L(x, t_x, T + H) / L(x, t_x, T); spend = expected orders x Gamma-Gamma value"


class ParetoNbd(BuyTillYouDie):
    """Pareto/NBD with Gamma-Gamma."""

    name: ClassVar[str] = "pareto_nbd"
    formula: ClassVar[str] = (
        "Pareto/NBD: 1 - L(x, t_x, T + H) / L(x, t_x, T); spend = expected orders x Gamma-Gamma value"
    )


def _triples(examples: Examples) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    facts = examples.facts
    return in_weeks(facts["purchase_days"], facts["first_to_last_days"], facts["observed_days"])


def _newest(examples: Examples) -> Examples:
    """The rows of the newest cutoff; of many customers, those with the smallest keys (a stable draw)."""
    newest = examples.take(examples.cutoff == examples.cutoff.max())
    if len(newest) <= MOST_CUSTOMERS:
        return newest
    return newest.take(np.sort(np.argsort(newest.customer_key, kind="stable")[:MOST_CUSTOMERS]))


def _told_by_spend(fitted: FittedBuyTillYouDie, examples: Examples, target: Target) -> FittedBuyTillYouDie:
    rows, outcome = training_rows(examples, target)
    ranking = fitted._ranking(rows, examples.horizon_days)
    told: SpendCurve | OutcomeTable
    if target.label == "declined":
        told = table_along(ranking, outcome, target.kind, bins=40, monotone=True)
    else:
        told = curve_along(ranking, outcome)
    base = float(to_link(np.array(shrunk_mean(outcome, target.kind)), target.kind))
    return replace(fitted, base=base, told_by_spend=told)


def _named(state: State, prefix: str) -> dict[str, float]:
    return {k.removeprefix(prefix): float(cast(float, v)) for k, v in state.items() if k.startswith(prefix)}
