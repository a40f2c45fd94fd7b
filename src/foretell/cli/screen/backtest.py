"""The backtest on the screen: question by question, who serves next to every baseline."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from foretell.answers.backtest import AT_THE_THRESHOLD, Backtest, ModelStanding, backtests
from foretell.answers.kinds_of_customers import kinds_table
from foretell.answers.proofs.other_proofs import ProofTable
from foretell.forecasts.early_value import words as early_words
from foretell.forecasts.early_value.proof import EarlyValue
from foretell.forecasts.orders.tracking import Tracking, totals
from foretell.project.place import place_of
from foretell.words.metrics import GOES_WHERE, happened, metric_name, question, written
from foretell.words.wording import counted, days, decimal, joined, model_name, percent, short, signed_percent

WIDTH = 79


def show_backtest(out: Path | None, metric: str | None, as_json: bool) -> None:
    """Print the backtest of the last run, over each of its horizons."""
    told = backtests(place_of(out))
    name = told[0].named(metric) if metric is not None else None
    if as_json:
        found = dict.fromkeys(row for one in told for row in one.measures.rows if name in (None, row.metric))
        rows = [asdict(row) for row in sorted(found, key=lambda row: row.horizon_days or 0)]
        main, *beside = (one.as_json() for one in told)
        print(json.dumps(main | {"baselines": told[0].formulas(), "other_horizons": beside, "rows": rows}))
        return
    lines = [line for one in told for line in (lines_of_metric(one, name) if name else backtest_lines(one))]
    print("\n".join(line.replace("\xa0", " ").rstrip() for line in lines).rstrip())


def backtest_lines(told: Backtest) -> Iterator[str]:
    """Every question: its grade, then who serves next to every baseline; at most 79 columns."""
    letters = _letters(told)
    yield from _heading(told, letters)
    for objective in told.measures.objectives():
        yield ""
        yield from _question(told, objective, letters)
        if objective == "orders" and told.tracking:
            yield from _tracked(told.tracking)
    for table in told.further:
        yield ""
        yield from _further(table)
    if told.early_value:
        yield ""
        yield from _early(told.early_value)
    formulas = told.formulas()
    if formulas:
        yield ""
        yield "What the baselines do:"
        for name, formula in formulas.items():
            yield from _wrapped(f"{model_name(name)}: {formula.removeprefix(f'{model_name(name)}: ')}", "  ", "    ")


def _heading(told: Backtest, letters: dict[str, str]) -> Iterator[str]:
    card = told.card
    if card is None:
        yield from _wrapped(f"Out-of-fold proof of {told.source}.")
        return
    yield from _wrapped(f"Model {card.model_id}, taught as of {card.as_of} for the next {days(card.horizon_days)}.")
    cutoffs = joined([f"{letter} {cutoff}" for cutoff, letter in letters.items()])
    shorter = f" over {days(card.test_horizon_days)}" if card.test_horizon_days != card.horizon_days else ""
    apart = f"{card.disjoint_tests} of the windows {'does' if card.disjoint_tests == 1 else 'do'} not overlap"
    yield from _wrapped(f"Tested{shorter} at {counted(len(letters), 'past cutoff')}: {cutoffs}; {apart}.")
    yield from _wrapped(
        "A figure is the mean over the cutoffs [lowest highest], and the letter of the worst cutoff; "
        "* serves, + is the best baseline. More with --metric NAME, or --json."
    )


def _question(told: Backtest, objective: str, letters: dict[str, str]) -> Iterator[str]:
    service = told.service(objective)
    asked = f"{question(objective)} ({objective})"
    yield asked
    grade = service.grade if service else None
    if grade and grade["objective"] == objective:
        order = f"{grade['predictability_word']}, {metric_name(grade['predictability_metric'])} "
        order += decimal(grade["predictability"], 2)
        bounds = f"{signed_percent(grade['skill_low'])} to {signed_percent(grade['skill_high'])}"
        skill = f", skill {signed_percent(grade['skill'])}, 90 %: {bounds}" if grade["skill"] is not None else ""
        yield from _wrapped(f"{order}; {grade['skill_word']}{skill}. {grade['advice']}", "  ", "  ")
    for slice_name in told.tables(objective):
        yield from _table(told, objective, slice_name, letters)
    yield from _kinds(told, objective)


def _table(told: Backtest, objective: str, slice_name: str, letters: dict[str, str]) -> Iterator[str]:
    forecasts, positive, _ = told.measures.customers(objective, slice_name)
    standings, metrics = told.standings(objective, slice_name), told.metrics(objective)
    if not any(one.figures[metric] for one in standings for metric in metrics):
        yield f"  {slice_name} customers: {counted(forecasts, 'forecast')}, nothing that tells models apart"
        return
    came_true = "" if objective.startswith(GOES_WHERE) else f"; {happened(objective, percent(positive / forecasts))}"
    yield f"  {slice_name} customers: {counted(forecasts, 'forecast')}{came_true}"
    columns = [
        [_short_name(metric), *(_cell(objective, metric, one, letters) for one in standings)] for metric in metrics
    ]
    names = ["", *(f"{model_name(one.model)}{_mark(one)}" for one in standings)]
    yield from _aligned([names, *columns])
    chosen = [one for one in standings if one.serves or one.best_baseline]
    if any(one.figures["f1"] for one in chosen):
        yield from _wrapped(
            f"at the threshold: {'; '.join(_at_threshold(objective, one) for one in chosen)}", "  ", "    "
        )


def _at_threshold(objective: str, one: ModelStanding) -> str:
    figures = ((metric, one.figures[metric]) for metric in AT_THE_THRESHOLD)
    told = (f"{metric_name(metric)} {written(objective, metric, found.mean)}" for metric, found in figures if found)
    return f"{model_name(one.model)} {', '.join(told)}"


def _kinds(told: Backtest, objective: str) -> Iterator[str]:
    """Who serves and the best baseline on each kind of customers."""
    service = told.service(objective)
    if service is None or service.proved is None:
        return
    table = kinds_table(told.measures, objective, service.proved, service.best_baseline)
    if table.rows:
        yield from _aligned([list(column) for column in zip(table.columns, *table.rows, strict=True)])


def lines_of_metric(told: Backtest, metric: str) -> Iterator[str]:
    """One metric of every model at each cutoff, with its interval."""
    for objective in told.measures.objectives():
        for slice_name in told.slices(objective):
            rows = [
                (model_name(model), row)
                for model in told.measures.models(objective, slice_name)
                for row in told.measures.at_cutoffs(objective, slice_name, model, metric)
            ]
            if not rows:
                continue
            whom = f"{slice_name} customers" if slice_name in ("all", "active") else slice_name
            yield f"{question(objective)} · {metric_name(metric)} · {whom}"
            found = [row for _, row in rows]
            yield from _aligned(
                [
                    ["model", *(name for name, _ in rows)],
                    ["cutoff", *(row.cutoff or "" for row in found)],
                    ["value", *(written(objective, metric, row.value) for row in found)],
                    [
                        "90 % interval",
                        *(
                            _interval(written(objective, metric, row.low), written(objective, metric, row.high))
                            for row in found
                        ),
                    ],
                    ["customers", *(f"{row.n:,}" for row in found)],
                ]
            )
            yield ""


def _interval(low: str, high: str) -> str:
    return "" if "–" in (low, high) else f"{low} to {high}"


def _cell(objective: str, metric: str, one: ModelStanding, letters: dict[str, str]) -> str:
    found = one.figures[metric]
    if found is None:
        return "–"
    mean = _narrow(objective, metric, found.mean)
    if len(letters) < 2:
        return mean
    low, high = _narrow(objective, metric, found.lowest), _narrow(objective, metric, found.highest)
    return f"{mean} [{low} {high}] {letters[found.worst_cutoff]}"


def _narrow(objective: str, metric: str, value: float) -> str:
    return short(value) if abs(value) >= 10_000 else written(objective, metric, value).replace("\xa0%", "%")


def _short_name(metric: str) -> str:
    return "AP" if metric == "average_precision" else metric_name(metric)


def _mark(one: ModelStanding) -> str:
    return f"{' *' if one.serves else ''}{' +' if one.best_baseline else ''}"


def _letters(told: Backtest) -> dict[str, str]:
    """A letter for each cutoff, the oldest first; none for a table without cutoffs."""
    cutoffs = sorted({row.cutoff for row in told.measures.rows if row.cutoff})
    return {cutoff: chr(ord("a") + place) for place, cutoff in enumerate(cutoffs)}


def _tracked(tracking: Tracking) -> Iterator[str]:
    """Orders through the test windows, of everybody and of each cohort."""
    everybody, *groups = tracking.groups
    yield from _wrapped(
        f"orders over {counted(len(tracking.begins), 'test window')} from {tracking.begins[0]} to {tracking.ends[-1]}: "
        f"{totals(everybody)}",
        "  ",
        "    ",
    )
    for group in groups:
        yield from _wrapped(f"{group.name}: {totals(group)}", "    ", "      ")


def _further(table: ProofTable) -> Iterator[str]:
    yield table.question
    yield from _wrapped(table.reason, "  ", "  ")
    if table.rows:
        yield from _aligned([list(column) for column in zip(table.columns, *table.rows, strict=True)])


def _early(found: EarlyValue) -> Iterator[str]:
    """The proof by age: what could be told of new customers soon after their first order."""
    yield f"{early_words.QUESTION} (becomes_high_value, by age)"
    for depth, text in early_words.lines(found):
        indent = "  " * (depth + 1)
        yield from _wrapped(text, indent, f"{indent}  ")


def _aligned(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns side by side, the first to the left, the others to the right; the first gives
    way where it is too wide."""
    widths = [max(map(len, column)) for column in columns]
    widths[0] = min(widths[0], WIDTH - 2 - sum(2 + width for width in widths[1:]))
    for row in zip(*columns, strict=True):
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([f"  {_cut(row[0], widths[0]).ljust(widths[0])}", *cells])


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _wrapped(text: str, first: str = "", later: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=later or first, break_on_hyphens=False)
