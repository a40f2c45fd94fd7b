"""What became of a forecast, as the screen, JSON and the report say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from foretell.answers.estimates import as_told
from foretell.answers.published import RunOverHorizon
from foretell.backtest.forecast import ALL
from foretell.outcomes.estimates.estimate import Estimates
from foretell.outcomes.grading.grade import HITS, STAYED, Figure, Grade, Total
from foretell.outcomes.grading.grade_book import GradeBook, Restatement, restatements
from foretell.outcomes.grading.promise import TOP_TENTH
from foretell.outcomes.grading.published_forecast import PUBLISHED_FORECAST
from foretell.project.intervals import day_of
from foretell.storage.kept_for_good import KeptForGood
from foretell.words.metrics import metric_name, question, written
from foretell.words.wording import amount, count, counted, percent

SEGMENT = "segment: "


@dataclass(frozen=True)
class Outcome:
    """A kept forecast and its grade: None with `ripe_from`, the day on which it can be graded, where its time has not
    passed, or with `damaged` where what was kept cannot be read. `superseded` says that a later run of the same day and
    horizon is graded in its place; `restated` is what late facts changed; `estimates` are there of a forecast that is
    estimated before it is ripe. It was made on the day `made_on`, by the clock, when the log was complete up to
    `known_until` (empty: not known); a `back_dated` one speaks of days that the log held already. `is_news` says that
    it was graded just now."""

    run: str
    as_of: str
    horizon_days: int
    grade: Grade | None = None
    restated: tuple[Restatement, ...] = ()
    ripe_from: str = ""
    damaged: str = ""
    superseded: bool = False
    estimates: Estimates | None = None
    made_on: str = ""
    known_until: str = ""
    back_dated: bool = False
    is_news: bool = False

    @property
    def when_made(self) -> str:
        """When a back-dated forecast was made, and what the log held by then."""
        made = f"made on {self.made_on}" if self.made_on else "made"
        return f"back-dated: {made}, when the log reached {self.known_until}"

    @property
    def news(self) -> str:
        """That it was graded, or graded once more, in a line."""
        name = f"The forecast as of {self.as_of} over {counted(self.horizon_days, 'day')}"
        if len(self.restated):
            return f"{name} was graded anew. {self.restated[-1].sentence}"
        return f"{name} met its outcome: foretell outcomes --run {self.run}"

    def as_json(self) -> dict[str, Any]:
        """Plain values; nothing of single customers."""
        return {
            "run": self.run,
            "as_of": self.as_of,
            "horizon_days": self.horizon_days,
            "made_on": self.made_on or None,
            "log_known_until": self.known_until or None,
            "back_dated": self.back_dated,
            "superseded": self.superseded,
            "ripe_from": self.ripe_from or None,
            "damaged": self.damaged or None,
            "restated": [one.sentence for one in self.restated],
            "promise_missing": self.grade.promise_missing or None if self.grade else None,
            "grade": self.grade.as_plain() if self.grade else None,
            "verdicts": [
                {"objective": one.objective, "slice": one.slice, "metric": one.metric, "verdict": one.verdict}
                for one in (self.grade.figures if self.grade else ())
                if one.verdict
            ],
            "estimates": as_told(self.estimates) if self.estimates else None,
        }


def newest_graded(found: Sequence[Outcome]) -> Outcome | None:
    """The graded forecast of the newest day among those made ahead; among those that are back-dated where none of them
    is graded; None where none is."""
    graded = [one for one in found if one.grade is not None]
    return next((one for one in graded if not one.back_dated), next(iter(graded), None))


def estimated(found: Sequence[Outcome]) -> Outcome | None:
    """The forecast that is estimated before it is ripe; None without one."""
    return next((one for one in found if one.estimates is not None), None)


def outlook_first(waiting: Sequence[KeptForGood]) -> list[KeptForGood]:
    """Forecasts that are not ripe: the one first that is worth an estimate most. Made ahead before back-dated, and the
    one of the oldest day, of whose window most has passed."""
    return sorted(waiting, key=lambda one: (one.is_back_dated, one.as_of, -one.horizon_days, -one.number))


def graded_before(run: RunOverHorizon) -> Outcome | None:
    """The newest graded forecast over the same horizon of an earlier day than the run's, as it was last graded, those
    made ahead first; None without one. Nothing is graded here."""
    catalogue, book = run.run.catalogue, GradeBook(run.run.catalogue.state)
    kept = [one for one in catalogue.kept_for_good(PUBLISHED_FORECAST.name) if one.horizon_days == run.horizon_days]
    for one in sorted(kept, key=lambda one: (one.is_back_dated, -one.as_of, -one.number)):
        grades = book.grades(one.run, one.horizon_days)
        if grades and one.as_of < run.plan.as_of and grades[-1].known_until <= run.plan.as_of_day():
            found = outcome_of(one, run.plan.timezone)
            return replace(found, grade=grades[-1], restated=tuple(restatements(grades)))
    return None


def outcome_of(kept: KeptForGood, timezone: str) -> Outcome:
    """A kept forecast of which nothing is said yet but when it was made."""
    return Outcome(
        kept.run,
        day_of(kept.as_of, timezone),
        kept.horizon_days,
        made_on=day_of(kept.kept_at, timezone) if kept.kept_at else "",
        known_until=day_of(kept.known_until, timezone) if kept.known_until else "",
        back_dated=kept.is_back_dated,
    )


def headline(outcome: Outcome, grade: Grade) -> str:
    """Which forecast is told of, and up to when the log knew what came."""
    over = f"over {counted(outcome.horizon_days, 'day')}"
    made = f" ({outcome.when_made})" if outcome.back_dated else ""
    return f"As of {outcome.as_of}, {over}{made}, graded by the log up to {grade.known_until}:"


def estimate_headline(outcome: Outcome, estimates: Estimates) -> str:
    """Which forecast is estimated, by how much of its window."""
    made = f" ({outcome.when_made})" if outcome.back_dated else ""
    by = f"by its first {counted(estimates.day, 'day')}" if estimates.day else "by its chances alone"
    over = f"over {counted(outcome.horizon_days, 'day')}"
    return f"As of {outcome.as_of}, {over}{made}, ripe on {outcome.ripe_from}, estimated {by}:"


def sentences(grade: Grade, restated: Sequence[Restatement] = ()) -> list[str]:
    """A graded forecast as one would tell it to somebody, a sentence each."""
    told = [_top(grade), _threshold(grade)]
    told += [_total(total, grade.currency) for total in grade.totals if total.slice == ALL]
    held = grade.figure("spend", "interval_coverage")
    if held is not None:
        told.append(f"The 80 % intervals of spend held for {percent(held.value)} of customers{_promised(held)}.")
    told.append(_moves(grade))
    told += [one.sentence for one in restated]
    if grade.left_out:
        told.append(f"{counted(grade.left_out, 'customer')} could not be graded: joined with another since.")
    told.append(_verdict(grade))
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


def _verdict(grade: Grade) -> str:
    kept, asked = kept_promises(grade)
    if asked:
        return f"{kept} of {counted(asked, 'measure')} of all customers came out as the tests had promised, or better."
    missing = f": {grade.promise_missing}" if grade.promise_missing else ""
    return f"The tests had promised nothing{missing}."
