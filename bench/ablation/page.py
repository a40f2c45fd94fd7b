"""What the parts of the blend are worth, as a page: where a part hurts first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from bench.ablation.parts import VARIANTS, WHOLE
from bench.accuracy.judge import ALL_MARGINS
from bench.tables import table

if TYPE_CHECKING:
    from bench.ablation.run import Worth

COLUMNS = {
    ("purchase", "log_loss"): "log loss",
    ("purchase", "auroc"): "AUROC",
    ("purchase", "average_precision"): "AP",
    ("orders", "poisson_deviance"): "orders deviance",
    ("orders", "rmse"): "orders RMSE",
    ("orders", "normalised_gini"): "orders Gini",
    ("spend", "tweedie_deviance"): "spend deviance",
    ("spend", "rmse"): "spend RMSE",
    ("spend", "normalised_gini"): "spend Gini",
    ("high_value", "average_precision"): "top 10 % AP",
}

METHOD = """\
- Cases and truth are those of [accuracy](accuracy.md), short and small parts of the logs among them. Examples are
  assembled as in a run, and mix and level told by its past cutoffs, without a season; the members are fitted once and
  blended with and without each part; where a member is missing, the weights are scaled to sum to 1 again and not mixed.
  What is measured is the blend, whoever serves after the run's own proof.
- On logs that are short for the horizon the whole blend learns over several horizons; there only mix, level and
  horizons are varied: one horizon is the longest that fits, with all its cutoffs, carried by BG/NBD.
- A difference is what the whole blend gains over the blend without the part: above zero the part helps. Log loss,
  deviances (Poisson, Tweedie 1.5) and RMSE are in percent of the whole blend's, the others in hundredths. Beyond the
  margin: AUROC .004, AP .006, Gini .01, log loss, deviances and RMSE 1 %.
- `hurts` in the first table are single cases with a 90 % interval of a paired bootstrap over customers; no correction
  for how many there are: one in twenty would be found without any difference. Cases of one log share customers and
  mostly overlap in time.
- BG/NBD as a member is not the level: that stays with it, and is taken away in a row of its own. Orders x value loses
  in its counts what the blend loses. One cutoff: only the newest ripe one teaches. Five facts: days since the last
  order, orders, spend, mean order value, days since the first.
- Again: `make bench-ablation`; with a log of your own: `python -m bench.ablation --log
  name=orders.parquet:customer=..`"""


def page(found: Sequence[Worth], left_out: Sequence[str], facts: Mapping[str, str]) -> str:
    """The whole document."""
    hurting = [worth for worth in found if worth.verdict == "hurts"]
    sure = [worth for worth in hurting if worth.is_beyond_chance]
    parts = ["# What each part of the blend is worth", "", "Written by `python -m bench.ablation`; do not edit.", ""]
    parts += ["## Where a part hurts", ""]
    parts += [
        f"In {len(hurting)} of {len(found)} comparisons the blend is better without the part, by more than the margin; "
        f"in {len(sure)} of them the interval leaves zero out, too:",
        "",
    ]
    parts += [_cases(sorted(sure, key=_in_margins)) if sure else "None.", ""]
    unsure = sorted((worth for worth in hurting if not worth.is_beyond_chance), key=_in_margins)
    if unsure:
        parts += ["Beyond the margin, within chance:", "", _cases(unsure), ""]
    parts += ["## What is lost without it, mean over cases", "", summary(found), ""]
    parts += ["In brackets: cases in which the part helps and hurts, beyond the margin.", ""]
    parts += [_logs(found)]
    parts += ["## How it was measured", "", METHOD]
    if left_out:
        parts += [f"- Left out, as the log is too short to learn anything: {'; '.join(left_out)}."]
    parts += ["", "## Made with", "", *(f"- {key}: {value}" for key, value in facts.items())]
    return "\n".join(parts) + "\n"


def summary(found: Sequence[Worth]) -> str:
    """Rows variants, columns metrics: the mean over cases, and in how many the part helps or hurts."""
    rows = []
    for variant in VARIANTS:
        cells = [_cell([w for w in found if (w.variant, w.target, w.metric) == (variant, *key)]) for key in COLUMNS]
        if variant != WHOLE and any(cells):
            rows.append([variant, *cells])
    return table(["the blend", *COLUMNS.values()], rows)


def _logs(found: Sequence[Worth]) -> str:
    parts = []
    for log in dict.fromkeys(worth.log for worth in found):
        own = [worth for worth in found if worth.log == log]
        cases = len({worth.case for worth in own})
        parts += [f"### {log}: {cases} cases", "", summary(own), ""]
    return "\n".join(parts)


def _cell(worths: Sequence[Worth]) -> str:
    if not worths:
        return ""
    counted = [sum(worth.verdict == verdict for worth in worths) for verdict in ("helps", "hurts")]
    return f"{fmean(map(_comparable, worths)):+.1f} ({counted[0]}, {counted[1]})"


def _comparable(worth: Worth) -> float:
    """In percent of the whole blend's value, or in hundredths."""
    return 100 * worth.worth / (worth.whole if ALL_MARGINS[worth.metric].relative else 1.0)


def _in_margins(worth: Worth) -> float:
    return worth.worth / worth.margin


def _cases(worths: Sequence[Worth]) -> str:
    rows = [
        [w.variant, w.log, w.case, COLUMNS[w.target, w.metric], f"{w.whole:.4g}", f"{w.whole - _sign(w) * w.worth:.4g}",
         f"{w.worth:+.3g} [{w.low:+.3g}, {w.high:+.3g}]"]
        for w in worths
    ]  # fmt: skip
    return table(["the blend", "log", "case", "metric", "whole", "without", "worth, 90 %"], rows)


def _sign(worth: Worth) -> float:
    return -1.0 if ALL_MARGINS[worth.metric].lower_is_better else 1.0
