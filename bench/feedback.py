"""`python -m bench.feedback`: what each kind of feedback adds to the chance of an order, out of time."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import polars
import pyarrow.parquet as pq

import foretell
from bench.ablation.run import figures
from bench.accuracy.judge import ALL_MARGINS
from bench.accuracy.logs import Case
from bench.sources.run import planned_in, today_after
from bench.tables import machine, table
from foretell.backtest.bootstrap import REPLICATES, CustomerWeights
from foretell.backtest.forecast import Forecast
from foretell.backtest.metrics.probability_metrics import ProbabilityPanel
from foretell.backtest.paired import difference, replicated
from foretell.backtest.panels import value_of
from foretell.examples.assembly import telling
from foretell.examples.examples import Examples
from foretell.examples.planned import planned_examples
from foretell.forecasts.orders.without_tables import table_of
from foretell.generated.request import ShopRequest
from foretell.generated.shop import write_shop
from foretell.models.blend import Blend
from foretell.models.level import Level
from foretell.models.levelled import levelled
from foretell.project.objectives import TARGETS
from foretell.project.progress import Silent

RESULTS = Path(__file__).parent / "results" / "feedback.md"
SHOP = ShopRequest(customers=800, days=330, seed=1)
CASE = Case(date(2023, 9, 1), 60)
SEED = 0
METRICS = {"log_loss": "log loss", "auroc": "AUROC"}
FLAG = "Complains"

Feedback = polars.DataFrame
Kept = Callable[[Feedback], Feedback]


def _of_kind(kind: str, told_as: str | None = None) -> Kept:
    def kept(feedback: Feedback) -> Feedback:
        return feedback.filter(polars.col("kind") == kind).with_columns(
            polars.lit(told_as or kind).alias("kind"), polars.lit("").alias("text")
        )

    return kept


def _as_ratings(feedback: Feedback) -> Feedback:
    """Reviews and answers alike, as a score on a scale."""
    scored = feedback.filter(polars.col("kind") != "complaint")
    return scored.with_columns(polars.lit("rating").alias("kind"), polars.lit("").alias("text"))


def _as_tickets(feedback: Feedback) -> Feedback:
    """What was complained of, as tickets without a score that nobody closed."""
    tickets = _of_kind("complaint", "ticket")(feedback)
    return tickets.with_columns(polars.lit(None, polars.Int64).alias("score"), polars.lit("").alias("scale"))


KINDS: Mapping[str, Kept] = {
    "all kinds, with text": lambda feedback: feedback,
    "complaints, without text": _of_kind("complaint"),
    "complaints told as open tickets": _as_tickets,
    "reviews, without text": _of_kind("review"),
    "answers from 0 to 10, as NPS": _of_kind("survey", "nps"),
    "ratings: scores of reviews and answers": _as_ratings,
}


@dataclass(frozen=True)
class Gained:
    """What feedback of a kind adds to a measure, above zero where it helps, with its 90 % interval, in percent of log
    loss or hundredths of AUROC; `facts` that were told."""

    kind: str
    facts: int
    metric: str
    gain: float
    low: float
    high: float


def main() -> None:
    """Fit with and without each kind of feedback; print and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.feedback", description=__doc__)
    parser.add_argument("--iranian-churn", type=Path, metavar="FILE", help="the published table as Parquet")
    options = parser.parse_args()
    found = list[Gained]()
    for kind in KINDS:
        found += gained(kind, SHOP, CASE)
        RESULTS.write_text(page(found, None, machine()), encoding="utf-8")
    public = flagged(options.iranian_churn) if options.iranian_churn else None
    RESULTS.write_text(page(found, public, machine()), encoding="utf-8")
    print(generated(found))


def gained(kind: str, request: ShopRequest, case: Case) -> Iterator[Gained]:
    """What one kind of feedback adds to the blend's chance of an order in a generated shop."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="foretell-bench-") as root:
        folder = Path(root) / "shop"
        write_shop(request, folder, Silent())
        kept = KINDS[kind](polars.read_csv(folder / "feedback.csv"))
        kept.write_csv(folder / "feedback.csv")
        engine, plan = planned_in(folder, case)
        examples = planned_examples(engine, plan, Silent()).serving
        if examples is None or plan.serving is None:
            raise RuntimeError(f"{kind}: nothing can be learned")
        taught = examples.take(np.isin(examples.cutoff, plan.serving.training))
        today = today_after(engine, plan, case)
        with_it, without = (_forecast(taught, today, case, told) for told in (True, False))
    weights = CustomerWeights.drawn([today.customer_key], SEED, REPLICATES)
    for metric in METRICS:
        ours, theirs = (replicated([one], metric, "all", weights) for one in (with_it, without))
        if worth := difference(ours, theirs):
            level = float(ours.values[0])
            scale = 100 / (level if ALL_MARGINS[metric].relative else 1.0)
            gain, low, high, _ = figures(metric, level, worth)
            yield Gained(kind, len(kept), metric, scale * gain, scale * low, scale * high)
    print(f"{kind}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def _forecast(taught: Examples, today: Examples, case: Case, with_feedback: bool) -> Forecast:
    kept = [name for name in telling(taught) if with_feedback or table_of(name) != "feedback"]
    target, judged = TARGETS["purchase"], today.with_features(kept)
    fitted = levelled(Blend().fit(taught.with_features(kept), target, SEED), judged, target, Level())
    everybody = today.eligible["all"]
    return Forecast(
        "purchase", target.kind, case.horizon_days, int(today.cutoff[0]), "blend", today.customer_key,
        fitted.predict(judged), today.labels[target.label], {"all": everybody},
    )  # fmt: skip


def flagged(path: Path) -> dict[str, dict[str, float]]:
    """Log loss and AUROC of churn by `foretell run --label Churn` on a public table, out of fold, with and without the
    flag that says whether a customer complained."""
    outcome = np.array(pq.read_table(path, columns=["Churn"])["Churn"].to_pylist(), dtype=np.float64)
    found = {}
    for name, drop in (("with", ("row_id",)), ("without", ("row_id", FLAG))):
        with tempfile.TemporaryDirectory(prefix="foretell-bench-") as folder:
            scores = foretell.run(path, label="Churn", drop=drop, seed=SEED, out=folder).scores
            values = value_of(ProbabilityPanel(scores["p_label"].to_numpy(), outcome))
            found[name] = {metric: float(values[metric]) for metric in METRICS}
    return found


METHOD = """\
- The generated shop (`foretell generate shop --customers {customers} --days {days} --seed {seed}`), asked on {day} for
  the chance of an order in {horizon} days. The blend learns from past cutoffs, as in a run, with all tables, and is
  judged by what came after: once with the features of feedback, once without. The feedback is that of one kind alone,
  the rest of the shop the same.
- Above zero a kind helps: log loss in percent, AUROC in hundredths; in brackets the 90 % interval of a paired bootstrap
  over customers.
- Generated: in this shop some complaints come before customers leave, and reviews and answers say nothing of what
  comes. What complaints gain shows that they are read rightly, and nothing of any real shop. It has no tickets of its
  own: its complaints, told as tickets without a score that nobody closed, stand for them.
- Of the public logs that Foretell is tried on none has dated feedback of customers. One public table has a flag:
  Iranian Churn (UCI 563, CC BY 4.0; Jafari-Marandi and others 2020) says of each customer of a telecom whether they
  complained in nine months, and whether they had left three months later. The second table is what `foretell run
  --label Churn` says out of fold with the flag and without it.
- Again: `make bench-feedback`; with the public table: `python -m bench.feedback --iranian-churn FILE`."""


def page(found: Sequence[Gained], public: Mapping[str, Mapping[str, float]] | None, facts: Mapping[str, str]) -> str:
    """The whole document."""
    parts = ["# What each kind of feedback adds", "", "Written by `python -m bench.feedback`; do not edit.", ""]
    parts += ["## A generated shop", "", generated(found), ""]
    if public is not None:
        parts += ["## A public table with a flag of complaints: Iranian Churn", ""]
        rows = [[name, *(f"{values[metric]:.4f}" for metric in METRICS)] for name, values in public.items()]
        parts += [table([f"the flag `{FLAG}`", *METRICS.values()], rows), ""]
    size = {"customers": SHOP.customers, "days": SHOP.days, "seed": SHOP.seed}
    parts += ["## How it was measured", ""]
    parts += [METHOD.format(**size, day=CASE.as_of, horizon=CASE.horizon_days), "", "## Made with", ""]
    return "\n".join([*parts, *(f"- {key}: {value}" for key, value in facts.items())]) + "\n"


def generated(found: Sequence[Gained]) -> str:
    """A row for each kind, as it was asked."""
    rows = []
    for kind in dict.fromkeys(one.kind for one in found):
        own = {one.metric: one for one in found if one.kind == kind}
        facts = next(iter(own.values())).facts
        rows.append([kind, f"{facts:,}", *(_cell(own.get(metric)) for metric in METRICS)])
    return table(["feedback", "facts", *METRICS.values()], rows)


def _cell(one: Gained | None) -> str:
    return "" if one is None else f"{one.gain:+.2f} [{one.low:+.2f}, {one.high:+.2f}]"


if __name__ == "__main__":
    main()
