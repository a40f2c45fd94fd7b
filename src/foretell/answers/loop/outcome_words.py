"""What became of a forecast in words: whose grade it is, what came, and what came out otherwise than promised."""

from __future__ import annotations

from collections.abc import Sequence

from foretell.answers.outcomes import Outcome
from foretell.backtest.forecast import ALL
from foretell.outcomes.estimates.estimate import Estimates
from foretell.outcomes.grading.grade import HITS, STAYED, Figure, Grade, Lead, Total
from foretell.outcomes.grading.grade_book import Restatement
from foretell.outcomes.grading.promise import TOP_TENTH
from foretell.words.metrics import metric_name, question, written
from foretell.words.wording import amount, count, counted, model_name, percent, signed_percent

SEGMENT = "segment: "
STANDS = {"ahead": "Ahead of", "behind": "Behind", "level": "Neither ahead of nor behind"}


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
    told += [_lead(one) for one in grade.leads]
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


def _lead(lead: Lead) -> str:
    """Whether the models beat the baseline that was the best at the tests."""
    promised = ""
    if lead.promised_low is not None and lead.promised_high is not None:
        promised = f" (promised {signed_percent(lead.promised_low)} to {signed_percent(lead.promised_high)})"
    return (
        f"{question(lead.objective)} {STANDS[lead.verdict]} the best baseline, {model_name(lead.baseline)}: "
        f"{signed_percent(lead.low)} to {signed_percent(lead.high)} less of its loss{promised}."
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
