"""What the accuracy bench found, as a page: the losses first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bench.accuracy.contenders import OURS
from bench.accuracy.intervals import FIFTHS, OF_DISTRIBUTION, PIT_DISTANCE
from bench.accuracy.judge import OF_INTERVAL, TOTAL_INSIDE, Cell, margin_of
from bench.accuracy.margins import SIGNIFICANCE
from bench.accuracy.peers import PEERS
from bench.accuracy.tails import INSIDE, INSIDE_WITHIN, INSIDES, RIGHT, TAILS, WITHIN, Share, right
from bench.tables import table

SHORT = {
    ("purchase", "auroc"): "AUROC",
    ("purchase", "average_precision"): "AP",
    ("purchase", "log_loss"): "log loss",
    ("purchase", "brier"): "Brier",
    ("purchase", "calibration_error"): "ECE",
    ("orders", "normalised_gini"): "orders Gini",
    ("orders", "rmse"): "orders RMSE",
    ("orders", "relative_bias"): "orders bias",
    ("spend", "normalised_gini"): "spend Gini",
    ("spend", "rmse"): "spend RMSE",
    ("spend", "relative_bias"): "spend bias",
    ("high_value", "average_precision"): "top 10 % AP",
    ("becomes_high_value", "average_precision"): "becomes top AP",
}
METHOD = """\
- Each contender gets what was known before the as-of date, orders merged by day, and is judged by what followed:
  whether a customer bought, how many orders, how much gross spend, and who made the top tenth of spenders.
- Foretell is `foretell.run(file, as_of=..., horizon=...)`, its scores as they come. The peers are the files of
  `bench/accuracy/peers`: four plain rules, BG/NBD and Pareto/NBD with Gamma-Gamma fitted by lifetimes 0.11.3
  (probabilities by the exact likelihood ratio), and the tutorial recipe: five RFM columns, one cutoff, library
  defaults. BTYD and plain rules rank the top tenth by spend, the recipe has a classifier for it.
- Ours is held against the best peer of each cell, chosen after the fact; differences carry a paired bootstrap over
  customers. A win or a loss is a difference beyond the margin (AUROC .004, AP .006, Gini .01; log loss, Brier and RMSE
  1 %) whose Holm-adjusted p over all cells of the log is under .05. All else is a tie. ECE and bias are told only.
  `better` is the share of cells ahead of the best peer by value alone, `significantly better` those ahead with
  Holm-adjusted p under .05, whatever the margin.
- The 80 % interval of spend begins at 0 for most, so it is judged above its high end, also by fifth of expected spend
  (10 % would be right in each), and by the randomised probability integral transform (PIT) of the seven quantiles and
  the chance of no order: the largest distance of its distribution from uniform. Buyers are also judged by what the
  scores say of their spend if they buy. `with chance` allows 1.64 standard errors of the customers of a fifth or case
  beside; fifths of fewer than 10 customers are left out.
- The coming totals are those of the first screen, each with its 80 % interval: of all cases, overlapping ones too, 70
  to 90 % would be right.
- Becoming a top customer is judged on those outside the top tenth of the horizon before. Active: an order within
  max(horizon, 3 x the own median gap), at most a year. Cells of one log overlap in customers and often in time.
- In the tables Foretell is **bold**, the best peer of each column <ins>underlined</ins>; a rule that only ranks has no
  figure to be judged by.
- Again: `make bench-accuracy`; a log of your own: `python -m bench.accuracy --log name=orders.parquet:customer=..`."""


def page(logs: Mapping[str, Mapping[str, Any]], facts: Mapping[str, str]) -> str:
    """The whole document; `logs` maps a name to `source`, `cells`, `serving` (by case)."""
    cells = [cell for log in logs.values() for cell in log["cells"]]
    parts = ["# Accuracy, beside named peers", "", "Written by `python -m bench.accuracy`; do not edit.", ""]
    losses = sorted((cell for cell in cells if cell.verdict == "loss"), key=_in_margins)
    parts += ["## Where Foretell loses", ""]
    parts += [_differences(losses) if losses else "Nowhere beyond margin and chance.", ""]
    behind = sorted(
        (cell for cell in cells if cell.verdict == "tie" and (cell.gain or 0) < -margin_of(cell)), key=_in_margins
    )
    parts += ["Behind the best peer by more than the margin, but not beyond chance (counted as ties):", ""]
    parts += [_differences(behind) if behind else "None.", "", "## Wins, ties, losses", "", counts(cells), ""]
    parts += [by_metric(cells), "", "Becoming a top customer, all cases of all customers:", "", becoming(cells), ""]
    parts += ["Intervals of spend, all cases of all customers:", "", intervals(cells), ""]
    parts += ["What all customers together brought, within its 80 % interval:", "", coming_totals(cells), ""]
    parts += ["## How it was measured", "", METHOD, ""]
    for log in logs.values():
        parts += _of_log(log)
    parts += ["## Made with", "", *(f"- {key}: {value}" for key, value in facts.items())]
    return "\n".join(parts) + "\n"


def counts(cells: Sequence[Cell]) -> str:
    """One row a log and slice; `better` is by value alone, `significantly` by Holm-adjusted p, whatever the margin."""
    groups = dict.fromkeys((cell.log, cell.slice) for cell in cells)
    rows = []
    for key in groups:
        own = [cell for cell in cells if (cell.log, cell.slice) == key]
        rows.append([*key, *_tally(own), *_shares(own)])
    if len(groups) > 1:
        rows.append(["all logs", "", *_tally(cells), *_shares(cells)])
    return table(["log", "customers", "wins", "ties", "losses", "better", "significantly better"], rows)


def becoming(cells: Sequence[Cell]) -> str:
    """Mean average precision of becoming a top customer, over the cases (all customers): ours over each peer's."""
    own = [cell for cell in cells if (cell.target, cell.slice) == ("becomes_high_value", "all") and cell.verdict]
    if not own:
        return ""
    names = [name for name in own[0].values if name != OURS and all(name in cell.values for cell in own)]
    mean = {name: sum(cell.values[name] for cell in own) / len(own) for name in (OURS, *names)}
    best_first = sorted(names, key=lambda name: -mean[name])
    rows = [[name, f"{mean[name]:.4f}", f"{mean[OURS] / mean[name]:.3f}"] for name in best_first]
    return table(["peer", "its mean AP", "ours over it"], rows)


def intervals(cells: Sequence[Cell]) -> str:
    """How many fifths of expected spend have a tenth beyond each end, and how many cases four fifths inside."""
    own = [cell for cell in cells if (cell.target, cell.slice) == ("spend", "all")]
    rows = []
    for name, words in {**TAILS, **INSIDES}.items():
        names = [name] if name in INSIDES else [f"{name}_{number}" for number in range(1, 6)]
        shares = [Share(cell.values[OURS], cell.customers) for cell in own if cell.metric in names]
        wanted = (INSIDE, INSIDE_WITHIN) if name in INSIDES else (RIGHT, WITHIN)
        asked, close, with_chance = right(shares, *wanted)
        if asked:
            what = f"PIT from .1 to .9, {words}: cases with {wanted[0]:.0%}" if name in INSIDES else words
            rows.append([what, str(asked), f"{close / asked:.0%}", f"{with_chance / asked:.0%}"])
    header = ["10 % beyond, by fifth of expected spend", "of", "within 3 points (PIT 4)", "with chance"]
    return table(header, rows) if rows else "Not measured yet."


def coming_totals(cells: Sequence[Cell]) -> str:
    """In how many cases a coming total lay within its 80 % interval."""
    rows = []
    for target in dict.fromkeys(cell.target for cell in cells):
        inside = [cell.values[OURS] for cell in cells if (cell.target, cell.metric) == (target, TOTAL_INSIDE)]
        if inside:
            rows.append([target, str(len(inside)), f"{sum(inside):.0f}", f"{sum(inside) / len(inside):.0%}"])
    return table(["total of", "cases", "within", "share"], rows) if rows else "Not measured yet."


def by_metric(cells: Sequence[Cell]) -> str:
    """One row a metric, over all logs, cases and slices."""
    rows = []
    for (target, metric), name in SHORT.items():
        tally = _tally([cell for cell in cells if (cell.target, cell.metric) == (target, metric)])
        if tally != ["0", "0", "0"]:
            rows.append([name, *tally])
    return table(["metric", "wins", "ties", "losses"], rows)


def _tally(cells: Sequence[Cell]) -> list[str]:
    counted = Counter(cell.verdict for cell in cells)
    return [str(counted[verdict]) for verdict in ("win", "tie", "loss")]


def _shares(cells: Sequence[Cell]) -> list[str]:
    better = [(cell.adjusted_p or 0.0) < SIGNIFICANCE for cell in cells if cell.verdict and (cell.gain or 0) > 0]
    compared = sum(bool(cell.verdict) for cell in cells)
    return [f"{count / compared:.0%}" if compared else "" for count in (len(better), sum(better))]


def _in_margins(cell: Cell) -> float:
    return (cell.gain or 0) / margin_of(cell)


def _differences(cells: Sequence[Cell]) -> str:
    rows = [
        [
            cell.log,
            cell.case,
            cell.slice,
            SHORT[cell.target, cell.metric],
            _figure(cell.metric, cell.values[OURS]),
            _figure(cell.metric, cell.values[cell.best_peer or ""]),
            cell.best_peer or "",
            f"{_figure(cell.metric, cell.gain or 0)} [{_figure(cell.metric, cell.low or 0)}, "
            f"{_figure(cell.metric, cell.high or 0)}]",
        ]
        for cell in cells
    ]
    return table(["log", "case", "customers", "metric", OURS, "best peer", "which", "gain, 90 %"], rows)


def _of_log(log: Mapping[str, Any]) -> list[str]:
    cells: list[Cell] = log["cells"]
    parts = [f"## {cells[0].log}", "", f"{log['source']}.", ""]
    for case, slice_name in dict.fromkeys((cell.case, cell.slice) for cell in cells):
        own = [cell for cell in cells if (cell.case, cell.slice) == (case, slice_name)]
        first = own[0]
        serving = ", ".join(f"{target} {model}" for target, model in log["serving"][case].items())
        interval = {cell.metric: cell.values.get(OURS) for cell in own if cell.metric in OF_INTERVAL}
        parts += [f"### {case}, {slice_name} customers", ""]
        parts += [f"{first.customers:,} customers, {first.base:.1%} of them bought. Served by: {serving}.", ""]
        parts += [_contenders(own), ""]
        if all(interval.get(name) is not None for name in OF_INTERVAL):
            above, covered, of_buyers = (interval[name] for name in OF_INTERVAL)
            parts += [
                f"80 % interval of spend: {covered:.1%} inside, {above:.1%} above its high end (10 % would be right); "
                f"of those who bought, {of_buyers:.1%} inside.{_of_distribution(own)}",
                "",
            ]
    return parts


def _of_distribution(cells: Sequence[Cell]) -> str:
    """Where outcomes lay in the distributions of spend; nothing where that was not measured."""
    found = {cell.metric: cell.values[OURS] for cell in cells if cell.metric in OF_DISTRIBUTION}
    if not found:
        return ""
    fifths = ", ".join(f"{found[name]:.1%}" if name in found else "-" for name in FIFTHS)
    distance = f" PIT at most {found[PIT_DISTANCE]:.3f} from uniform." if PIT_DISTANCE in found else ""
    return f" Above the high end by fifth of expected spend, lowest first: {fifths}.{distance}"


def _contenders(cells: Sequence[Cell]) -> str:
    by_key = {(cell.target, cell.metric): cell for cell in cells}
    rows = []
    for contender in (OURS, *PEERS):
        row = [f"**{contender}**" if contender == OURS else contender]
        for key in SHORT:
            cell = by_key.get(key)
            value = cell.values.get(contender) if cell else None
            text = "" if cell is None or value is None else _figure(cell.metric, value)
            if text and contender == OURS:
                text = f"**{text}**"
            elif text and cell is not None and contender == cell.best_peer:
                text = f"<ins>{text}</ins>"
            row.append(text)
        if any(row[1:]):
            rows.append(row)
    return table(["contender", *SHORT.values()], rows)


def _figure(metric: str, value: float) -> str:
    if metric == "relative_bias":
        return f"{value:+.0%}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) >= 10 else f"{value:.4f}"
