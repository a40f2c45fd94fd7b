"""What customers buy next: learned from the log, proved at past cutoffs, forecast for today by whoever proved best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell.backtest.bootstrap import Figure
from foretell.examples.plan import Plan
from foretell.forecasts.next_categories.history import CategoryHistory, Vocabulary, category_history
from foretell.forecasts.next_categories.metrics import METRICS, SHOWN, Hits, joined, lead
from foretell.forecasts.next_categories.model import CategoryModel, blocks
from foretell.forecasts.next_categories.past_forecasts import BASELINES, OURS, SIDES, Judged, learned, scores
from foretell.models.contract import CannotFit
from foretell.project.progress import Progress
from foretell.storage.artefacts import Artefact
from foretell.timelines.batch import Timelines
from foretell.timelines.bucket import EVERY_KEY, Bucket
from foretell.timelines.engine import Engine

DECIDED_BY = "mean_reciprocal_rank"
LISTS = pa.schema(
    [
        ("customer_key", pa.uint64()),
        ("next_categories", pa.list_(pa.field("element", pa.string()))),
        ("next_categories_new", pa.list_(pa.field("element", pa.string()))),
    ]
)
TESTS = 2


@dataclass(frozen=True)
class MeasuredLists:
    """A metric of one contender on one side (`repeat` or `new`), over all tests; `lead` is ours less it, None for
    ours."""

    side: str
    contender: str
    metric: str
    value: float
    customers: int
    lead: Figure | None


@dataclass(frozen=True)
class CategoryProof:
    """Who serves each side and why, in words; `measured` behind it; `kind` says what is forecast."""

    kind: str
    serving: Mapping[str, str]
    why: Mapping[str, str]
    measured: tuple[MeasuredLists, ...]


@dataclass(frozen=True)
class Named:
    """The lists of every customer of a batch as of today."""

    model: CategoryModel
    cutoff: int
    names: np.ndarray
    serving: Mapping[str, str]

    def __call__(self, batch: Timelines) -> pa.Table:
        """One row a customer with an order, in the order of their keys."""
        whole = category_history(batch, self.cutoff, self.model.horizon_days, self.model.vocabulary)
        parts = [self._block(history) for history in blocks(whole)]
        return pa.concat_tables([LISTS.empty_table(), *parts])

    def _block(self, history: CategoryHistory) -> pa.Table:
        repeat, new = (scores(self.model, history, side, self.serving[side]) for side in SIDES)
        new_ones = _first(new.copy())
        if set(self.serving.values()) == {OURS}:
            either = _first(np.where(np.isfinite(repeat), repeat, new))
        else:
            both = np.concatenate([_first(repeat), new_ones], axis=1)
            order = np.argsort(both < 0, axis=1, kind="stable")[:, :SHOWN]
            either = np.take_along_axis(both, order, axis=1)
        lists = [self._lists(places) for places in (either, new_ones)]
        return pa.table([pa.array(history.customer_key), *lists], schema=LISTS)

    def _lists(self, places: np.ndarray) -> pa.Array:
        offsets = np.concatenate([[0], np.cumsum((places >= 0).sum(axis=1))]).astype(np.int32)
        texts = pa.array(self.names[places[places >= 0]], type=pa.string())
        return pa.ListArray.from_arrays(pa.array(offsets), texts).cast(LISTS.field(1).type)


def prove(
    engine: Engine,
    tests: Sequence[int],
    horizon_days: int,
    known_by: int,
    seed: int,
    largest_key: int = EVERY_KEY,
) -> CategoryProof:
    """Ours against own history and popularity at past cutoffs, each learned from what was known then and judged by what
    is known by `known_by`, on customers with a key up to `largest_key`. Where ours is not measurably better than every
    baseline, the best of them serves."""
    found: dict[tuple[str, str], list[Hits]] = {}
    kind, cannot = "category", "no past cutoff could be tested"
    for test in sorted(tests):
        try:
            model = learned(engine, test, horizon_days)
        except CannotFit as refusal:
            cannot = str(refusal)
            continue
        kind = model.vocabulary.kind
        for part in engine.over(Judged(model, test), known_by, largest_key):
            for key, own in part.items():
                found.setdefault(key, []).append(own)
    whole = {key: joined(parts) for key, parts in found.items()}
    serving, why, measured = {}, {}, []
    for side in SIDES:
        if (side, OURS) not in whole or not len(whole[side, OURS]):
            serving[side], why[side] = BASELINES[side][0], f"{BASELINES[side][0]} serves: {cannot}"
            continue
        rows = _measured(whole, side, seed)
        measured += rows
        serving[side], why[side] = _chosen(rows, side)
    return CategoryProof(kind, serving, why, tuple(measured))


def forecast(engine: Engine, as_of: int, horizon_days: int, proof: CategoryProof) -> pa.Table:
    """One row a customer with an order: `customer_key`, `next_categories`, `next_categories_new`, at most three each.

    Where ours serves both sides, the first list holds the likeliest of all, bought before or not; where a
    baseline does, those bought before come first. Raises `CannotFit` with a reason."""
    model = learned(engine, as_of, horizon_days)
    names = names_of(engine.buckets, model.vocabulary)
    parts = list(engine.over(Named(model, as_of, names, proof.serving), as_of))
    table = pa.concat_tables(parts).combine_chunks()
    return table.take(pa.array(np.argsort(table["customer_key"].to_numpy(), kind="stable")))


def names_of(buckets: Sequence[Bucket], vocabulary: Vocabulary) -> np.ndarray:
    """The text of each category of the vocabulary, as the source writes it; the first of several spellings."""
    wanted = pa.array(vocabulary.keys)
    texts: dict[int, str] = {}
    for path in (path for bucket in buckets for path in bucket.lines):
        rows = pq.read_table(path, columns=[f"{vocabulary.kind}_key", vocabulary.kind], partitioning=None)
        rows = rows.filter(pc.is_in(rows[0], wanted)).group_by(rows.column_names).aggregate([])
        for key, text in zip(rows[0].to_pylist(), rows[1].to_pylist(), strict=True):
            texts[key] = min(texts.get(key, text), text)
        if len(texts) == len(vocabulary):
            break
    return np.array([texts.get(key, "") for key in vocabulary.keys.tolist()], dtype=object)


@dataclass(frozen=True)
class NextCategories:
    """The lists of each customer in the order of their keys, and what such lists were worth at past cutoffs; `cannot`
    says why there are none, and `proof` is None then."""

    proof: CategoryProof | None
    lists: pa.Table
    cannot: str = ""


NEXT_CATEGORIES: Artefact[NextCategories] = Artefact("next_categories", NextCategories)


def next_categories(engine: Engine, plan: Plan, customers: int, seed: int, progress: Progress) -> NextCategories:
    """Prove, then forecast for today."""
    progress.step("Naming what customers buy next", 2)
    tests = plan.proving.tests[: 2 * TESTS : 2] if plan.proving else ()
    tested_days = plan.proving.horizon_days if plan.proving else plan.horizon_days
    proof = prove(engine, tests, tested_days, plan.as_of, seed, plan.proving_key)
    progress.advance()
    try:
        lists = forecast(engine, plan.as_of, plan.horizon_days, proof).drop_columns("customer_key")
    except CannotFit as refusal:
        nothing = pa.table({name: pa.nulls(customers, LISTS.field(name).type) for name in LISTS.names[1:]})
        return NextCategories(None, nothing, str(refusal))
    progress.advance()
    return NextCategories(proof, lists)


def _first(score: np.ndarray) -> np.ndarray:
    """int64 [customers, shown]: the categories with the highest scores, the first of equal ones first; -1 where there
    are no more. The scores are used up."""
    places = np.full((len(score), SHOWN), -1)
    rows = np.arange(len(score))
    for place in range(min(SHOWN, score.shape[1])):
        best = score.argmax(axis=1)
        places[:, place] = np.where(np.isfinite(score[rows, best]), best, -1)
        score[rows, best] = -np.inf
    return places


def _measured(whole: Mapping[tuple[str, str], Hits], side: str, seed: int) -> list[MeasuredLists]:
    ours = whole[side, OURS]
    return [
        MeasuredLists(
            side, contender, metric, own.mean(metric), len(own),
            None if contender == OURS else lead(ours, own, metric, seed),
        )
        for contender in (OURS, *BASELINES[side])
        for own in (whole[side, contender],)
        for metric in METRICS
    ]  # fmt: skip


def _chosen(rows: Sequence[MeasuredLists], side: str) -> tuple[str, str]:
    decisive = {row.contender: row for row in rows if row.metric == DECIDED_BY}
    best = max(BASELINES[side], key=lambda name: decisive[name].value)
    told = f"mean reciprocal rank {decisive[OURS].value:.3f} against {decisive[best].value:.3f}"
    if all(row.lead is not None and row.lead.is_clear for name, row in decisive.items() if name != OURS):
        return OURS, f"ours serves: {told} of {best}"
    return best, f"{best} serves: ours is not measurably better ({told})"
