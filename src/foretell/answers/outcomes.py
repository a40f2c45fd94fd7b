"""What became of a forecast, as the screen, JSON and the report say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from foretell.answers.published import RunOverHorizon
from foretell.backtest.forecast import ALL
from foretell.outcomes.grading.grade import HITS, STAYED, Figure, Grade, Total
from foretell.outcomes.grading.grade_book import GradeBook, Restatement, restatements
from foretell.outcomes.grading.promise import TOP_TENTH
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST, PublishedForecast
from foretell.project.intervals import day_of
from foretell.storage.artefacts import Damaged
from foretell.words.metrics import metric_name, question, written
from foretell.words.wording import amount, count, counted, percent

SEGMENT = "segment: "


@dataclass(frozen=True)
class Outcome:
    """A kept forecast and its grade: None with `ripe_from`, the day on which it can be graded, where its time has not
    passed, or with `damaged` where what was kept cannot be read. `superseded` says that a later run of the same day and
    horizon is graded in its place; `restated` is what late facts changed."""

    run: str
    as_of: str
    horizon_days: int
    currency: str = ""
    forecast: PublishedForecast | None = None
    grade: Grade | None = None
    restated: tuple[Restatement, ...] = ()
    ripe_from: str = ""
    damaged: str = ""
    superseded: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values; nothing of single customers."""
        return {
            "run": self.run,
            "as_of": self.as_of,
            "horizon_days": self.horizon_days,
            "superseded": self.superseded,
            "ripe_from": self.ripe_from or None,
            "damaged": self.damaged or None,
            "restated": [one.sentence for one in self.restated],
            "promise_missing": self.forecast.promise.missing or None if self.forecast else None,
            "grade": self.grade.as_plain() if self.grade else None,
            "verdicts": [
                {"objective": one.objective, "slice": one.slice, "metric": one.metric, "verdict": one.verdict}
                for one in (self.grade.figures if self.grade else ())
                if one.verdict
            ],
        }


def newest_graded(found: Sequence[Outcome]) -> Outcome | None:
    """The graded forecast of the newest day; None where none is graded."""
    return next((one for one in found if one.grade is not None), None)


def graded_before(run: RunOverHorizon) -> Outcome | None:
    """The newest graded forecast over the same horizon of an earlier day than the run's, as it was last graded; None
    without one, or where it is damaged. Nothing is graded here."""
    catalogue, book = run.run.catalogue, GradeBook(run.run.catalogue.state)
    kept = [one for one in catalogue.kept_for_good(PUBLISHED_FORECAST.name) if one.horizon_days == run.horizon_days]
    for one in sorted(kept, key=lambda one: (-one.as_of, -one.number)):
        grades = book.grades(one.run, one.horizon_days)
        if not grades or one.as_of >= run.plan.as_of or grades[-1].known_until > run.plan.as_of_day():
            continue
        try:
            forecast = catalogue.artefacts.read(PUBLISHED_FORECAST, one.kept)
        except Damaged:
            return None
        day, told = day_of(one.as_of, forecast.timezone), tuple(restatements(grades))
        return Outcome(one.run, day, one.horizon_days, forecast.currency, forecast, grades[-1], told)
    return None


def headline(outcome: Outcome, grade: Grade) -> str:
    """Which forecast is told of, and up to when the log knew what came."""
    over = f"over {counted(outcome.horizon_days, 'day')}"
    return f"As of {outcome.as_of}, {over}, graded by the log up to {grade.known_until}:"


def sentences(outcome: Outcome, grade: Grade) -> list[str]:
    """A graded forecast as one would tell it to somebody, a sentence each."""
    told = [_top(grade), _threshold(grade)]
    told += [_total(total, outcome.currency) for total in grade.totals if total.slice == ALL]
    held = grade.figure("spend", "interval_coverage")
    if held is not None:
        told.append(f"The 80 % intervals of spend held for {percent(held.value)} of customers{_promised(held)}.")
    told.append(_moves(grade))
    told += [one.sentence for one in outcome.restated]
    if grade.left_out:
        told.append(f"{counted(grade.left_out, 'customer')} could not be graded: joined with another since.")
    told.append(_verdict(outcome, grade))
    return [one for one in told if one]


def by_segment(grade: Grade) -> list[Total]:
    """Of each segment that is graded apart: the customers forecast to order, and those who did."""
    return [one for one in grade.totals if one.slice.startswith(SEGMENT) and one.what == "buyers"]


def misses(grade: Grade) -> list[str]:
    """Each measure of all customers that came out otherwise than promised and no better; `!` marks what is worse."""
    return [
        f"{'! ' if one.verdict == 'worse' else '  '}{question(one.objective)} {metric_name(one.metric)} "
        f"{_written(one, one.value)}{_promised(one)}"
        for one in grade.figures
        if one.slice == ALL and one.verdict in ("worse", "outside")
    ]


def kept_promises(grade: Grade) -> tuple[int, int]:
    """How many measures of all customers came out as promised or better, and of how many something was promised."""
    verdicts = [one.verdict for one in grade.figures if one.slice == ALL and one.verdict]
    return sum(one in ("as promised", "better") for one in verdicts), len(verdicts)


def _top(grade: Grade) -> str:
    top = grade.figure("purchase", TOP_TENTH)
    if top is None:
        return ""
    came, of = count(top.value * top.customers), count(top.customers)
    line = f"Of the {of} it called most likely to order, {came} did"
    if top.promised_low is None or top.promised_high is None:
        return f"{line}."
    ends = [count(end * top.customers) for end in (top.promised_low, top.promised_high)]
    return f"{line}; the tests had promised {ends[0]} to {ends[1]}."


def _threshold(grade: Grade) -> str:
    precision, recall = (grade.figure("purchase", name) for name in ("precision", "recall"))
    if precision is None or recall is None:
        return ""
    return (
        f"Of those above the threshold chosen before, {percent(precision.value)} ordered{_promised(precision)}; that "
        f"found {percent(recall.value)} of all who did{_promised(recall)}."
    )


def _moves(grade: Grade) -> str:
    hits, stayed = (next((one for one in grade.figures if one.metric == name), None) for name in (HITS, STAYED))
    if hits is None or stayed is None:
        return ""
    return (
        f"{percent(hits.value)} of customers are in the segment that was called likeliest; had all stayed where "
        f"they were, that would be {percent(stayed.value)}."
    )


def _total(total: Total, currency: str) -> str:
    if total.what == "buyers":
        return f"{count(total.forecast)} customers were forecast to order; {count(total.came)} did."
    if total.what == "orders":
        return f"{count(total.forecast)} orders were forecast; {count(total.came)} came."
    return f"{amount(total.forecast, currency)} of spend was forecast; {amount(total.came, currency)} came."


def _promised(figure: Figure) -> str:
    if figure.promised_low is None or figure.promised_high is None:
        return ""
    return f" (promised {_written(figure, figure.promised_low)} to {_written(figure, figure.promised_high)})"


def _written(figure: Figure, value: float) -> str:
    is_share = "coverage" in figure.metric or figure.metric in (TOP_TENTH, "share_above_high")
    return percent(value) if is_share else written(figure.objective, figure.metric, value)


def _verdict(outcome: Outcome, grade: Grade) -> str:
    kept, asked = kept_promises(grade)
    if asked:
        return f"{kept} of {counted(asked, 'measure')} of all customers came out as the tests had promised, or better."
    missing = outcome.forecast.promise.missing if outcome.forecast else ""
    return f"The tests had promised nothing{f': {missing}' if missing else ''}."
