"""`python -m bench.uplift`: what acting on Foretell's effects earns, beside named peers, and its false alarms."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from threadpoolctl import threadpool_limits

from bench.tables import machine
from bench.uplift.environment import CACHE, HOME, ROOT, answers_of_peers, code_of_ours, python_of_peers
from bench.uplift.judge import best_actions, best_for_all, earned, interval, riskiest
from bench.uplift.nulls import false_alarms
from bench.uplift.page import page
from bench.uplift.problems import GENERATED, PUBLISHED, Experiment, halves
from foretell.project.fingerprints import fingerprint, fingerprint_of_arrays
from foretell.uplift.decision import ArmEffect, Decision, arm_effects, decided
from foretell.uplift.proof import UpliftProof, proved
from foretell.uplift.stack import fitted_uplift
from foretell.uplift.trial import Trial, Worth, shuffled

RESULTS = ROOT / "bench" / "results" / "uplift"
OURS, RISK, ALL, ORACLE = "Foretell", "by risk", "treat all", "oracle"
ALWAYS = "Foretell, without the proof"


def main() -> None:
    """Ask everybody everything; write what was found."""
    options = _arguments()
    names = [name for name in (*PUBLISHED, *GENERATED) if options.data or name in GENERATED]
    names = [name for name in names if not options.only or name in options.only]
    found = {name: measured(name, splits_of(name, options.splits), options.data) for name in names}
    nulls = false_alarms(options.nulls) if options.nulls else {}
    facts = machine() | {"peers": (HOME / "installed").read_text("utf-8")}
    print(page(found, nulls, facts))
    if not options.dry:
        RESULTS.with_suffix(".json").write_text(
            json.dumps({**facts, "problems": found, "nulls": nulls}, indent=1) + "\n", encoding="utf-8"
        )
        RESULTS.with_suffix(".md").write_text(page(found, nulls, facts), encoding="utf-8")


def measured(name: str, splits: int, data: Path | None) -> dict[str, Any]:
    """What each contender earned in each split, and what ours decided."""
    earnings: dict[str, list[float]] = {}
    decisions, seconds, covered = list[str](), list[float](), list[float]()
    for split in range(splits):
        taught, judged = halves(name, split, data)
        kept = ours(name, split, taught, judged)
        expected, targeted, decision = kept["expected"], kept["targeted"], decision_of(kept)
        served = targeted if decision.action is None else np.full(len(targeted), decision.action)
        actions = {OURS: served, ALWAYS: targeted}
        for peer, effects in answers_of_peers(name, split, taught, judged).items():
            if not peer.startswith("seconds_"):
                actions[peer] = best_actions(judged, effects)
        actions[RISK] = riskiest(taught, judged, kept["risk_taught"], expected[:, 0])
        actions[ALL] = np.full(len(judged.arm), best_for_all(taught))
        if judged.effect is not None:
            actions[ORACLE] = best_actions(judged, judged.effect)
            covered.append(float(kept["covered"]))
        for contender, action in actions.items():
            earnings.setdefault(contender, []).append(earned(judged, action, expected))
        decisions.append(decision.decision)
        seconds.append(float(kept["seconds"]))
        _say(f"{name}, split {split}: {decisions[-1]}, {earnings[OURS][-1]:.5f} ({decision.why})")
    return {
        "taught": len(taught.arm),
        "judged": len(judged.arm),
        "arms": int(judged.cost.size),
        "money": judged.money,
        "cost": judged.cost.tolist(),
        "earned": earnings,
        "summary": {contender: interval(values) for contender, values in earnings.items()},
        "ahead": {
            contender: interval(list(np.subtract(earnings[OURS], values)))
            for contender, values in earnings.items()
            if contender != OURS
        },
        "decisions": {decision: decisions.count(decision) for decision in sorted(set(decisions))},
        "cpu_seconds": float(np.mean(seconds)),
        "covered": float(np.mean(covered)) if covered else None,
    }


def splits_of(name: str, asked: Sequence[str]) -> int:
    """The number of splits of a problem: its own of `PROBLEM=N`, else the one for all, else 20."""
    own = dict(one.split("=") for one in asked if "=" in one)
    return int(own.get(name, next((one for one in asked if "=" not in one), 20)))


def decision_of(kept: Mapping[str, np.ndarray]) -> Decision:
    """What `foretell uplift --score` does, given what was learned and proved."""
    rows, numbers = kept["arm_rows"].tolist(), kept["arm_numbers"].tolist()
    effects = tuple(ArmEffect(str(a), *rows[a], *numbers[a]) for a in range(len(rows)))
    z, p_value, ahead, error = kept["proof"].tolist()
    return decided(effects, UpliftProof((), z, p_value, int(kept["judged_rows"]), ahead, error))


def ours(name: str, split: int, taught: Experiment, judged: Experiment) -> dict[str, np.ndarray]:
    """What Foretell learned and proved, and its best actions on the judged rows; from the cache where nothing
    changed."""
    data = fingerprint_of_arrays(taught.table.values, taught.arm, taught.outcome, judged.table.values, taught.cost)
    kept = CACHE / f"uplift-ours-{name}-{split}-{fingerprint([data, taught.money, code_of_ours()])}.npz"
    if not kept.exists():
        half = kept.with_suffix(".half.npz")
        np.savez(half, allow_pickle=False, **_answered(split, taught, judged))
        half.replace(kept)
    with np.load(kept) as found:
        return {part: found[part] for part in found.files}


def _answered(split: int, taught: Experiment, judged: Experiment) -> dict[str, Any]:
    began = time.process_time()
    arms = judged.cost.size
    shares = np.bincount(taught.arm, minlength=arms) / len(taught.arm)
    trial = Trial(taught.table, taught.arm, taught.outcome, tuple(map(str, range(arms))), shares)
    worth = Worth(taught.money, taught.cost)
    with threadpool_limits(limits=1):
        proof = proved(trial, worth, split)
        ordered = trial.take(shuffled(trial, split))
        fitted = fitted_uplift(ordered, worth, split)
    effects = [list(astuple(effect))[1:] for effect in arm_effects(ordered, fitted, worth)]
    uplift = fitted.uplift(judged.table)
    targeted = fitted.weighing.actions(worth.profits(uplift.effects))
    covered = np.nan
    if judged.effect is not None:
        apart = np.abs(uplift.effects - judged.effect)[:, 1:]
        covered = float((apart <= 1.645 * uplift.deviations[:, 1:]).mean())
    return {
        "targeted": targeted,
        "expected": fitted.outcomes(judged.table),
        "risk_taught": fitted.outcomes(taught.table)[:, 0],
        "arm_rows": np.array([effect[:2] for effect in effects]),
        "arm_numbers": np.array([effect[2:] for effect in effects]),
        "proof": np.array([proof.z, proof.p_value, proof.ahead, proof.ahead_error]),
        "judged_rows": np.array(proof.judged_rows),
        "covered": np.array(covered),
        "seconds": np.array(time.process_time() - began),
    }


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.uplift", description=__doc__)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="with hillstrom/ and insurance_uplift_information/")
    parser.add_argument("--splits", nargs="+", default=["20"], metavar="N", help="N for all, PROBLEM=N for one")
    parser.add_argument("--nulls", type=int, default=1000, help="draws in which effects do not differ")
    parser.add_argument("--only", nargs="+", metavar="PROBLEM", help="these alone")
    parser.add_argument("--dry", action="store_true", help="write nothing but the cache")
    options = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    python_of_peers()
    return options
