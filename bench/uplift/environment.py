"""The peers' own environment under `bench/cache`, and their answers, kept there."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np

import foretell.uplift
from bench.uplift.problems import Experiment, matrix
from foretell.project.fingerprints import fingerprint, fingerprint_of_arrays

ROOT = Path(__file__).parents[2]
CACHE = ROOT / "bench" / "cache"
HOME = CACHE / "uplift-env"
LIBRARIES = ("causalml", "scikit-uplift", "econml")
PEERS = Path(__file__).parent / "peers.py"


def python_of_peers() -> Path:
    """The interpreter that has the peers; makes the environment the first time (a minute or two)."""
    python = HOME / "bin" / "python"
    done = HOME / "installed"
    if not done.exists():
        if not python.exists():
            venv.create(HOME, with_pip=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", *LIBRARIES],
            check=True,
        )
        done.write_text(versions(python), encoding="utf-8")
    return python


def code_of_ours() -> str:
    """What is learned and proved depends on; not what is decided from it, which is not kept."""
    digest = hashlib.sha256()
    for path in sorted(Path(foretell.uplift.__file__).parent.glob("*.py")):
        if path.name == "decision.py":
            continue
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def versions(python: Path) -> str:
    """The peers' versions, as one line."""
    asked = f"from importlib.metadata import version; print(', '.join(f'{{n}} {{version(n)}}' for n in {LIBRARIES!r}))"
    return subprocess.run([str(python), "-c", asked], check=True, capture_output=True, text=True).stdout.strip()


def answers_of_peers(name: str, split: int, taught: Experiment, judged: Experiment) -> dict[str, np.ndarray]:
    """Each peer's effects float64 [judged rows, arms], control's 0, and `seconds_PEER`; from the cache where known."""
    data = fingerprint_of_arrays(taught.table.values, taught.arm, taught.outcome, judged.table.values)
    key = fingerprint([data, PEERS.read_text("utf-8"), split])
    kept = CACHE / f"uplift-{name}-{split}-{key}.npz"
    if not kept.exists():
        question, half = CACHE / f"uplift-question-{key}.npz", CACHE / f"uplift-half-{key}.npz"
        shares = np.bincount(taught.arm) / len(taught.arm)
        np.savez(
            question,
            taught=matrix(taught.table),
            asked=matrix(judged.table),
            arm=taught.arm,
            outcome=taught.outcome,
            shares=shares,
            seed=np.array(split),
        )
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": "", "PYTHONWARNINGS": "ignore"}
        command = [str(python_of_peers()), str(PEERS), str(question), str(half)]
        run = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
        question.unlink()
        print("\n".join(line for line in run.stderr.splitlines() if ": " in line)[-400:], file=sys.stderr)
        half.replace(kept)
    with np.load(kept) as found:
        rows = len(judged.arm)
        return {
            who: found[who].astype(np.float64)
            if who.startswith("seconds_")
            else np.column_stack([np.zeros(rows), found[who].astype(np.float64)])
            for who in found.files
        }
