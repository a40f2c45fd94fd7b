"""What the bench of flat tables found, as a page: the losses first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.tables import table

OURS = "Foretell"
MARGIN = 0.001
METRICS = {
    "log_loss": "log loss",
    "auroc": "AUROC",
    "average_precision": "AP",
    "brier": "Brier",
    "calibration_error": "ECE",
}
METHOD = """\
- Foretell is `foretell.run(file, label=...)`: the out-of-fold score of every row, as it comes. The peers are those of
  `bench/flat/peers.py`, with the settings that their libraries come with, on the columns that the audit kept, in the
  same folds. At most 12,000 rows a table (a fixed sample), five folds, repeated; identical rows lie in one fold.
- Log loss decides: a loss is a table where the best peer, chosen after the fact, is more than .001 ahead. Differences
  carry the 90 % interval of a paired bootstrap over rows, of the means over repeats. A forest is sure where all its
  trees agree; its chances are held to one in a million.
- Foretell's weights and members see only the other four folds; what is left out of learning is found on all labels.
- The settings of the blend's members were chosen on the first repeat of these same tables, so that the figures flatter
  it a little; the peers are as they come, and no contender is tuned to a table.
- CatBoost is no dependency of Foretell; it takes part where it is installed.
- Again, or with a table of your own: `python -m bench.flat --table name=file.parquet:label=churned,drop=a|b`."""


def marks(found: Mapping[str, Mapping[str, Any]]) -> str:
    """One row a table: the best peer's log loss and ours."""
    rows = []
    for name, one in found.items():
        best = one["best_peer"]
        ours, theirs = one["values"][OURS]["log_loss"], one["values"][best]["log_loss"]
        gain = one["gain"][best]
        rows.append(
            [
                name,
                f"{ours:.4f}",
                f"{theirs:.4f}",
                best,
                f"{gain['value']:+.4f} [{gain['low']:+.4f}, {gain['high']:+.4f}]",
                _verdict(gain),
            ]
        )
    return table(["table", OURS, "best peer", "which", "ahead by, 90 %", ""], rows)


def page(found: Mapping[str, Mapping[str, Any]], facts: Mapping[str, str]) -> str:
    """The whole document."""
    parts = ["# Accuracy on flat tables, beside named peers", "", "Written by `python -m bench.flat`; do not edit.", ""]
    behind = {n: o for n, o in found.items() if o["gain"][o["best_peer"]]["value"] < 0}
    losses = {n: o for n, o in behind.items() if o["gain"][o["best_peer"]]["value"] < -MARGIN}
    parts += ["## Where Foretell loses", ""]
    parts += [marks(losses) if losses else "Nowhere by more than .001 of log loss.", ""]
    less = {n: o for n, o in behind.items() if n not in losses}
    parts += ["Behind the best peer, by less than that:", "", marks(less) if less else "Nowhere.", ""]
    parts += [*_elsewhere(found), "## Log loss, table by table", "", marks(found), ""]
    best = sum(one["values"][one["best_peer"]]["log_loss"] for one in found.values()) / len(found)
    ours = sum(one["values"][OURS]["log_loss"] for one in found.values()) / len(found)
    peers = [p for p in next(iter(found.values()))["gain"] if all(p in one["gain"] for one in found.values())]
    means = {p: sum(one["values"][p]["log_loss"] for one in found.values()) / len(found) for p in peers}
    first = min(means, key=lambda p: means[p])
    parts += [
        f"Mean over the tables: Foretell {ours:.4f}, the best peer of each table {best:.4f}, the best single peer "
        f"({first}) {means[first]:.4f}.",
        "",
    ]
    if not any("CatBoost" in one["gain"] for one in found.values()):
        parts += ["CatBoost was left out: it was not installed.", ""]
    parts += ["## How it was measured", "", METHOD, ""]
    for name, one in found.items():
        parts += _of_table(name, one)
    parts += ["## Made with", "", *(f"- {key}: {value}" for key, value in facts.items())]
    return "\n".join(parts) + "\n"


def _elsewhere(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Metrics other than log loss by which some peer is ahead."""
    rows = []
    for name, one in found.items():
        for metric in ("auroc", "average_precision"):
            ours = one["values"][OURS][metric]
            best = max(one["gain"], key=lambda peer, m=metric, o=one: o["values"][peer][m])  # type: ignore[misc]
            if one["values"][best][metric] > ours:
                rows.append([name, METRICS[metric], f"{ours:.4f}", f"{one['values'][best][metric]:.4f}", best])
    if not rows:
        return ["By AUROC and average precision no peer is ahead on any table.", ""]
    return ["By other metrics a peer is ahead here:", "", table(["table", "metric", OURS, "peer", "which"], rows), ""]


def _of_table(name: str, one: Mapping[str, Any]) -> list[str]:
    order = sorted(one["values"], key=lambda who: one["values"][who]["log_loss"])
    rows = []
    for who in order:
        values = one["values"][who]
        gain = one["gain"].get(who)
        beside = f"{gain['value']:+.4f} [{gain['low']:+.4f}, {gain['high']:+.4f}]" if gain else ""
        shown = f"**{who}**" if who == OURS else who
        rows.append([shown, *(f"{values[metric]:.4f}" for metric in METRICS), beside])
    told = f"{one['rows']:,} rows, {one['share']:.1%} with the outcome, {one['columns']} columns, "
    told += f"{one['repeats']} x 5 folds."
    if one["dropped"]:
        told += f" Dropped beforehand: {', '.join(one['dropped'])}."
    if one["left_out"]:
        told += f" Kept out by the audit: {'; '.join(one['left_out'])}."
    return [f"## {name}", "", told, "", table(["contender", *METRICS.values(), "ours ahead by, 90 %"], rows), ""]


def _verdict(gain: Mapping[str, float]) -> str:
    if gain["value"] < -MARGIN:
        return "loss"
    return "win" if gain["low"] > 0 else "tie"
