"""`python -m bench.flat`: Foretell's scores beside named peers on flat tables with a known label.

Every contender scores the same rows kept aside in the same folds: repeated 5-fold, at most 12,000 rows a table,
identical rows in one fold.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.special import expit, logit

import foretell
from bench.flat import page as flat_page
from bench.flat.peers import PEERS
from bench.tables import machine
from foretell.backtest.metrics.probability_metrics import ProbabilityPanel
from foretell.backtest.panels import value_of
from foretell.examples.flat.table import FlatTable
from foretell.flat.run import FlatOutcome, canonical_order
from foretell.project.fingerprints import fingerprint, fingerprint_of_arrays

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "bench" / "results" / "flat.json"
PAGE = ROOT / "docs" / "explanation" / "accuracy_flat.md"
CACHE = ROOT / "bench" / "cache"
OURS = "Foretell"
MOST_ROWS = 12_000
DRAWS = 400


@dataclass(frozen=True)
class Table:
    """A file, its label, and the columns that nobody may learn from."""

    name: str
    path: Path
    label: str
    drop: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """The labelled rows of one repeat in the order of their content: table, outcomes, folds, our logits."""

    table: FlatTable
    outcome: np.ndarray
    fold: np.ndarray
    ours: np.ndarray
    left_out: tuple[str, ...]


def main() -> None:
    """Ask every contender every repeat of every table; write what was found."""
    options = _arguments()
    found = {table.name: measured(table, options.repeats, options.only) for table in map(declared, options.table)}
    print(flat_page.marks(found))
    if not options.dry and not options.only:
        found = {**_earlier(), **found}
        facts = machine()
        RESULTS.write_text(json.dumps({**facts, "tables": found}, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(flat_page.page(found, facts), encoding="utf-8")
        print(f"Written: {PAGE.relative_to(ROOT)}, {RESULTS.relative_to(ROOT)}")


def declared(text: str) -> Table:
    """A table as the command line names it: `name=PATH:label=COL,drop=a|b`."""
    name, _, rest = text.partition("=")
    path, _, parts = rest.rpartition(":")
    told = dict(part.partition("=")[::2] for part in parts.split(","))
    return Table(name, Path(path), told["label"], tuple(filter(None, told.get("drop", "").split("|"))))


def measured(table: Table, repeats: int, only: str | None) -> dict[str, Any]:
    """Each contender's metrics, means over repeats, and how far it is from ours with a paired bootstrap."""
    logits: dict[str, list[np.ndarray]] = {}
    questions = []
    for repeat in range(repeats):
        question = asked(table, repeat)
        questions.append(question)
        logits.setdefault(OURS, []).append(question.ours)
        for peer in PEERS if only is None else [only]:
            began = time.perf_counter()
            logits.setdefault(peer, []).append(answered(peer, question, repeat))
            _say(f"{table.name}, repeat {repeat}: {peer} {time.perf_counter() - began:.0f} s")
    outcome = questions[0].outcome
    losses = {name: np.mean([_losses(one, outcome) for one in given], axis=0) for name, given in logits.items()}
    values = {
        name: {
            metric: float(np.mean([value_of(ProbabilityPanel(expit(one), outcome))[metric] for one in given]))
            for metric in ("log_loss", "auroc", "average_precision", "brier", "calibration_error")
        }
        for name, given in logits.items()
    }
    peers = [name for name in logits if name != OURS]
    best = min(peers, key=lambda name: values[name]["log_loss"])
    return {
        "rows": len(outcome),
        "share": float(outcome.mean()),
        "columns": len(questions[0].table.names),
        "left_out": list(questions[0].left_out),
        "dropped": list(table.drop),
        "repeats": repeats,
        "values": values,
        "by_repeat": {name: [float(_losses(one, outcome).mean()) for one in given] for name, given in logits.items()},
        "best_peer": best,
        "gain": {name: _gain(losses[name] - losses[OURS]) for name in peers},
    }


def asked(table: Table, seed: int) -> Question:
    """What Foretell says of every labelled row, as a user gets it, from the cache where nothing has changed."""
    whole = pq.read_table(table.path)
    if len(whole) > MOST_ROWS:
        whole = whole.take(np.sort(np.random.default_rng(0).permutation(len(whole))[:MOST_ROWS]))
    kept = CACHE / f"flat-{table.name}-ours-{_key(_code(Path(foretell.__file__).parent), table, seed)}.npz"
    outcome = _taken_in(whole, table, seed)
    order = canonical_order(outcome.intake)
    rows = outcome.intake.table.take(order)
    answers = outcome.intake.label.outcome[order]
    if not kept.exists():
        ours = _ours(whole, table, seed)
        _keep(kept, logit=logit(ours["p_label"].to_numpy()[order]), fold=ours["fold"].to_numpy()[order])
    with np.load(kept) as found:
        left_out = tuple(f"{f.column}: {f.reason}" for f in outcome.intake.audit.left_out if f.why == "answer")
        return Question(rows, answers, found["fold"], found["logit"], left_out)


def answered(peer: str, question: Question, seed: int) -> np.ndarray:
    """A peer's logits of rows kept aside."""
    data = fingerprint_of_arrays(question.table.values, question.outcome, question.fold)
    code = hashlib.sha256((Path(__file__).parent / "peers.py").read_bytes()).hexdigest()[:16]
    kept = CACHE / f"flat-{peer.replace(' ', '-')}-{_key(code, data, seed)}.npz"
    if not kept.exists():
        logits = np.zeros(len(question.outcome))
        for fold in np.unique(question.fold):
            aside = question.fold == fold
            taught, judged = question.table.take(~aside), question.table.take(aside)
            logits[aside] = PEERS[peer](taught, question.outcome[~aside], judged, seed)
        _keep(kept, logit=logits)
    with np.load(kept) as found:
        return np.asarray(found["logit"])


def _taken_in(whole: pa.Table, table: Table, seed: int) -> Any:
    from foretell.flat.intake import take_in  # noqa: PLC0415
    from foretell.flat.request import flat_request  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        pq.write_table(whole, path)
        request = flat_request([path], folder, table.label, drop=table.drop, seed=seed)
        return _Taken(take_in(request))


@dataclass(frozen=True)
class _Taken:
    intake: Any


def _ours(whole: pa.Table, table: Table, seed: int) -> pa.Table:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        pq.write_table(whole, path)
        began = time.perf_counter()
        result = foretell.run(path, label=table.label, drop=table.drop, seed=seed)
        _say(f"{table.name}, repeat {seed}: {OURS} {time.perf_counter() - began:.0f} s")
        assert isinstance(result.outcome, FlatOutcome)
        return result.scores


def _losses(logits: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    return np.asarray(np.logaddexp(0.0, logits) - outcome * logits)


def _gain(differences: np.ndarray) -> dict[str, float]:
    """Mean of a peer's log loss minus ours, with the 90 % interval of a paired bootstrap over rows."""
    random = np.random.default_rng(0)
    size = len(differences)
    means = [float(differences[random.integers(0, size, size)].mean()) for _ in range(DRAWS)]
    low, high = np.quantile(means, [0.05, 0.95])
    return {"value": float(differences.mean()), "low": float(low), "high": float(high)}


def _key(*parts: object) -> str:
    return fingerprint([str(part) for part in parts])


def _code(folder: Path) -> str:
    """What our scores depend on."""
    digest = hashlib.sha256()
    for part in ("examples/flat", "models/flat", "workflow/flat"):
        for path in sorted((folder / part).glob("*.py")):
            if path.stem not in ("page", "summary", "answer"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _keep(path: Path, **arrays: np.ndarray) -> None:
    path.parent.mkdir(exist_ok=True)
    half = path.with_suffix(".half.npz")
    np.savez(half, allow_pickle=False, **arrays)
    half.replace(path)


def _earlier() -> dict[str, Any]:
    return dict(json.loads(RESULTS.read_text(encoding="utf-8"))["tables"]) if RESULTS.exists() else {}


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.flat", description=__doc__)
    parser.add_argument(
        "--table",
        action="append",
        required=True,
        metavar="NAME=PATH:label=COL,drop=A|B",
        help="a Parquet file with a label, such as telco=customers.parquet:label=Churn",
    )
    parser.add_argument("--repeats", type=int, default=2, help="times five folds")
    parser.add_argument("--only", choices=tuple(PEERS), help="this peer alone, nothing written but the cache")
    parser.add_argument("--dry", action="store_true", help="write nothing but the cache")
    return parser.parse_args()
