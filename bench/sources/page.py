"""What each table beside orders adds, as a page: where it adds nothing first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.ablation.page import COLUMNS
from bench.ablation.run import Worth
from bench.accuracy.judge import ALL_MARGINS
from bench.tables import table

METHOD = """\
- At the day of each case the blend learns from past cutoffs, as in a run, and is judged by what came after: once with
  the features of all tables, once without those of one. The level is the usual one, without a season and without a
  mix. A table of which nothing was known at the cutoffs that teach has no feature in the blend, and so no row that
  differs from zero.
- Above zero a table helps. Log loss, deviances and RMSE are in percent of the whole blend's, the others in
  hundredths; in brackets the 90 % interval of a paired bootstrap over customers.
- `orders alone` is what all tables together add to orders.
- The generated shop (`foretell generate shop --customers 3000 --days 730 --seed 1`) holds what is looked for: visits
  cool before customers leave, complaints come before some do, and future good customers read and click early. That
  its events and feedback pay shows that they are read rightly, and nothing of any real shop.
- The campaigns of Complete Journey were not drawn by lot: what they add is what being mailed tells, no effect of the
  mail. Its demographics have no date, so no past cutoff knows them.
- Again: `make bench-sources`; with Complete Journey: `python -m bench.sources --complete-journey FOLDER`."""
SHOWN = [("purchase", "log_loss"), ("purchase", "auroc"), ("orders", "poisson_deviance"), ("spend", "normalised_gini")]


def page(found: Sequence[Worth], facts: Mapping[str, str]) -> str:
    """The whole document."""
    nothing = [one for one in found if (one.target, one.metric) == SHOWN[0] and not one.low > 0]
    parts = ["# What each source adds", "", "Written by `python -m bench.sources`; do not edit.", ""]
    parts += ["## Where a source adds nothing to the chance of an order, beyond chance", ""]
    parts += [_rows(nothing, SHOWN[:1]) if nothing else "None.", ""]
    parts += ["## All", "", summary(found), "", "## How it was measured", "", METHOD]
    parts += ["", "## Made with", "", *(f"- {key}: {value}" for key, value in facts.items())]
    return "\n".join(parts) + "\n"


def summary(found: Sequence[Worth]) -> str:
    """A row for each source and case."""
    return _rows(found, SHOWN)


def _rows(found: Sequence[Worth], shown: Sequence[tuple[str, str]]) -> str:
    by = {(one.log, one.case, one.variant, one.target, one.metric): one for one in found}
    keys = dict.fromkeys((one.log, one.case, one.variant) for one in found)
    rows = [
        [variant, log, case, *(_cell(by.get((log, case, variant, *metric))) for metric in shown)]
        for log, case, variant in keys
    ]
    return table(["source", "log", "case", *(COLUMNS[metric] for metric in shown)], rows)


def _cell(worth: Worth | None) -> str:
    if worth is None:
        return ""
    scale = 100 / (worth.whole if ALL_MARGINS[worth.metric].relative else 1.0)
    gained, low, high = (round(scale * value, 2) + 0.0 for value in (worth.worth, worth.low, worth.high))
    return f"{gained:+.2f} [{low:+.2f}, {high:+.2f}]"
