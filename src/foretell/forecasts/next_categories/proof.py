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
from foretell.forecasts.next_categories.candidates import (
    BASELINES,
    EITHER,
    NEW,
    OURS,
    OURS_OF,
    SIDES,
    candidates,
)
from foretell.forecasts.next_categories.history import CategoryHistory, Kind, category_history
from foretell.forecasts.next_categories.metrics import METRICS, SHOWN, Hits, joined, lead
from foretell.forecasts.next_categories.model import CategoryModel, blocks
from foretell.forecasts.next_categories.past_forecasts import Judged, learned
from foretell.models.contract import CannotFit
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
    """A metric of one contender on one side (`either`, `repeat` or `new`), over all tests; `lead` is ours less it, None
    for ours."""

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
class Places:
    """One row a customer with an order: uint64 key, and the places in the vocabulary that are named, int64 [customers,
    shown], of everything and of what is new; -1 where there are no more."""

    customer_key: np.ndarray
    either: np.ndarray
    new: np.ndarray

    @classmethod
    def joined(cls, parts: Sequence[Places]) -> Places:
        """Those of several batches, in the order of the customers' keys; at least one."""
        fields = [np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__]
        order = np.argsort(fields[0], kind="stable")
        return cls(*(field[order] for field in fields))


@dataclass(frozen=True)
class Named:
    """What is named to every customer of a batch as of today."""

    model: CategoryModel
    cutoff: int
    serving: Mapping[str, str]

    def __call__(self, batch: Timelines) -> Places:
        """One row a customer with an order."""
        whole = category_history(batch, self.cutoff, self.model.horizon_days, self.model.vocabulary)
        nobody = np.empty((0, SHOWN), dtype=np.int64)
        parts = [Places(whole.customer_key[:0], nobody, nobody), *map(self._block, blocks(whole))]
        return Places.joined(parts)

    def _block(self, history: CategoryHistory) -> Places:
        either, new = (
            candidates(self.model, history, side, self.serving[side], SHOWN).first(len(history), SHOWN)
            for side in (EITHER, NEW)
        )
        return Places(history.customer_key, either, new)


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
        kind, cannot = model.vocabulary.kind, model.cannot or cannot
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

    The first list is of what was bought before and of what was not, as they serve by `proof`. Raises `CannotFit` with
    a reason."""
    model = learned(engine, as_of, horizon_days)
    named = Places.joined(list(engine.over(Named(model, as_of, proof.serving), as_of)))
    used = np.unique(np.concatenate([named.either, named.new]))
    used = used[used >= 0]
    names = names_of(engine.buckets, model.vocabulary.kind, model.vocabulary.keys[used])
    lists = [_lists(names, np.searchsorted(used, places), places >= 0) for places in (named.either, named.new)]
    return pa.table([pa.array(named.customer_key), *lists], schema=LISTS)


def _lists(names: np.ndarray, place: np.ndarray, is_named: np.ndarray) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum(is_named.sum(axis=1))]).astype(np.int32)
    texts = pa.array(names[place[is_named]], type=pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets), texts).cast(LISTS.field(1).type)


def names_of(buckets: Sequence[Bucket], kind: Kind, keys: np.ndarray) -> np.ndarray:
    """The text of each category of these keys, as the source writes it, and what a product is called where it is a code
    with a name beside; the first of several spellings."""
    wanted = pa.array(keys)
    texts: dict[int, str] = {}
    for path in dict.fromkeys(path for bucket in buckets for path in bucket.words if kind == "product"):
        rows = pq.read_table(path, partitioning=None)
        for key, text in zip(*rows.filter(pc.is_in(rows["code"], wanted)).to_pydict().values(), strict=True):
            texts[key] = min(texts.get(key, text), text)
    if len(texts) == len(keys):
        return np.array([texts[key] for key in keys.tolist()], dtype=object)
    called = set(texts)
    for path in (path for bucket in buckets for path in bucket.lines):
        rows = pq.read_table(path, columns=[f"{kind}_key", kind], partitioning=None)
        rows = rows.filter(pc.is_in(rows[0], wanted)).group_by(rows.column_names).aggregate([])
        for key, text in zip(rows[0].to_pylist(), rows[1].to_pylist(), strict=True):
            texts[key] = texts[key] if key in called else min(texts.get(key, text), text)
        if len(texts) == len(keys):
            break
    return np.array([texts.get(key, "") for key in keys.tolist()], dtype=object)


@dataclass(frozen=True)
class NextCategories:
    """The lists of each customer in the order of their keys, and what such lists were worth at past cutoffs; `cannot`
    says why there are none, and `proof` is None then."""

    proof: CategoryProof | None
    lists: pa.Table
    cannot: str = ""


CATEGORY_PROOF: Artefact[CategoryProof] = Artefact("category_proof", CategoryProof)
NEXT_CATEGORIES: Artefact[NextCategories] = Artefact("next_categories", NextCategories, version=2)


def prove_categories(engine: Engine, plan: Plan, seed: int) -> CategoryProof:
    """The proof at the newest past cutoffs of a plan."""
    tests = plan.proving.tests[: 2 * TESTS : 2] if plan.proving else ()
    tested_days = plan.proving.horizon_days if plan.proving else plan.horizon_days
    return prove(engine, tests, tested_days, plan.as_of, seed, plan.proving_key)


def next_categories(engine: Engine, plan: Plan, customers: int, proof: CategoryProof) -> NextCategories:
    """The lists of today, by whoever serves."""
    try:
        lists = forecast(engine, plan.as_of, plan.horizon_days, proof).drop_columns("customer_key")
    except CannotFit as refusal:
        nothing = pa.table({name: pa.nulls(customers, LISTS.field(name).type) for name in LISTS.names[1:]})
        return NextCategories(None, nothing, str(refusal))
    return NextCategories(proof, lists)


def _measured(whole: Mapping[tuple[str, str], Hits], side: str, seed: int) -> list[MeasuredLists]:
    """Ours first: the preferred one, unless another of ours is measurably better."""
    ours = OURS
    for other in OURS_OF[side][1:]:
        if lead(whole[side, other], whole[side, ours], DECIDED_BY, seed).is_clear:
            ours = other
    others = [name for name in (*OURS_OF[side], *BASELINES[side]) if name != ours]
    return [
        MeasuredLists(
            side, contender, metric, own.mean(metric), len(own),
            None if contender == ours else lead(whole[side, ours], own, metric, seed),
        )
        for contender in (ours, *others)
        for own in (whole[side, contender],)
        for metric in METRICS
    ]  # fmt: skip


def _chosen(rows: Sequence[MeasuredLists], side: str) -> tuple[str, str]:
    decisive = {row.contender: row for row in rows if row.metric == DECIDED_BY}
    ours = rows[0].contender
    best = max(BASELINES[side], key=lambda name: decisive[name].value)
    told = f"mean reciprocal rank {decisive[ours].value:.3f} against {decisive[best].value:.3f}"
    leads = (decisive[name].lead for name in BASELINES[side])
    if all(one is not None and one.is_clear for one in leads):
        return ours, f"{ours} serves: {told} of {best}"
    return best, f"{best} serves: ours is not measurably better ({told})"
