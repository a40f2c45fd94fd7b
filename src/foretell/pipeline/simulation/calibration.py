"""Calibration of published scores: what was promised, and what came, by tenths of the forecast, pooled over weeks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foretell.answers.outcomes import Outcome

OBJECTIVE = "purchase"
TENTHS = 10
TOTALS = ("buyers", "orders", "spend")


@dataclass(frozen=True)
class Tenth:
    """One tenth of the forecasts, the lowest first: the mean chance of an order that was `promised`, the share that
    ordered, and of how many forecasts (a customer counts once a week)."""

    number: int
    promised: float
    came: float
    forecasts: int


@dataclass(frozen=True)
class Sum:
    """What was forecast of everybody in all graded weeks, and what came: `what` is `buyers`, `orders` or `spend`."""

    what: str
    promised: float
    came: float


@dataclass(frozen=True)
class Calibration:
    """`graded` forecasts of whole weeks; no tenths where none was ripe."""

    graded: int
    tenths: tuple[Tenth, ...]
    sums: tuple[Sum, ...]

    @property
    def error(self) -> float | None:
        """How far promised and realised shares are apart in the mean, 0 to 1; None where nothing was graded."""
        count = sum(one.forecasts for one in self.tenths)
        apart = sum(abs(one.promised - one.came) * one.forecasts for one in self.tenths)
        return apart / count if count else None


def calibration_of(found: Iterable[Outcome]) -> Calibration:
    """The calibration of the forecasts that were graded; one with fewer than ten groups, since many forecasts are
    equal, is counted in the sums alone."""
    grades = [one.grade for one in found if one.grade is not None]
    asked = [told for grade in grades if (told := grade.deciles_of(OBJECTIVE)) and len(told.customers) == TENTHS]
    tenths = _pooled(
        [
            Tenth(place + 1, told.predicted[place], told.actual[place], told.customers[place])
            for told in asked
            for place in range(TENTHS)
        ]
    )
    totals = [total for grade in grades for what in TOTALS if (total := grade.total(what)) is not None]
    return Calibration(len(grades), tenths, _summed([Sum(one.what, one.forecast, one.came) for one in totals]))


def pooled(found: Sequence[Calibration]) -> Calibration:
    """Several as one."""
    tenths = [tenth for one in found for tenth in one.tenths]
    return Calibration(
        sum(one.graded for one in found), _pooled(tenths), _summed([own for one in found for own in one.sums])
    )


def _pooled(found: Sequence[Tenth]) -> tuple[Tenth, ...]:
    told = []
    for number in sorted({one.number for one in found}):
        own = [one for one in found if one.number == number]
        count = sum(one.forecasts for one in own)
        promised, came = (
            sum(getattr(one, name) * one.forecasts for one in own) / count for name in ("promised", "came")
        )
        told.append(Tenth(number, promised, came, count))
    return tuple(told)


def _summed(found: Sequence[Sum]) -> tuple[Sum, ...]:
    names = dict.fromkeys(one.what for one in found)
    return tuple(
        Sum(
            name,
            sum(one.promised for one in found if one.what == name),
            sum(one.came for one in found if one.what == name),
        )
        for name in names
    )
