"""Checkpoints: what a finished step leaves behind, so that an interrupted run goes on where it stopped.

A step's folder is named by the fingerprint of everything that went into it, and appears only when it is
complete (written aside, then renamed).
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from foretell.examples.examples import Examples
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint

Made = TypeVar("Made")
KEPT_FOLDERS = 80


class Checkpoints:
    """Finished steps below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        root.mkdir(parents=True, exist_ok=True)

    def step(
        self,
        name: str,
        key: object,
        make: Callable[[], Made],
        write: Callable[[Made, Path], None],
        read: Callable[[Path], Made],
    ) -> Made:
        """What the step made for this key: read where it is finished, made and written where it is not."""
        folder = self.root / f"{name}-{fingerprint(key)}"
        if folder.is_dir():
            return read(folder)
        made = make()
        aside = self.root / f".{folder.name}-{uuid.uuid4().hex[:8]}"
        try:
            aside.mkdir()
            write(made, aside)
            aside.rename(folder)
        except OSError as error:
            raise InputError(
                "A finished step cannot be written.", file=str(folder), found=str(error), hint="is the disk full?"
            ) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return made

    def tidy(self) -> None:
        """Remove what interrupted runs left aside, and all but the newest finished steps."""
        for aside in self.root.glob(".*"):
            shutil.rmtree(aside, ignore_errors=True)
        finished = sorted((p for p in self.root.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)
        for old in finished[:-KEPT_FOLDERS]:
            shutil.rmtree(old, ignore_errors=True)


def write_examples(examples: Examples, folder: Path) -> None:
    """`examples.npz` (arrays only) and `examples.json` (names)."""
    arrays = {
        "customer_key": examples.customer_key,
        "cutoff": examples.cutoff,
        "features": examples.features,
        **{f"facts.{name}": values for name, values in examples.facts.items()},
        **{f"labels.{name}": values for name, values in examples.labels.items()},
        **{f"eligible.{name}": values for name, values in examples.eligible.items()},
    }
    np.savez(folder / "examples.npz", allow_pickle=False, **arrays)
    names = {
        "horizon_days": examples.horizon_days,
        "feature_names": list(examples.feature_names),
        "words": list(examples.words.items()),
    }
    (folder / "examples.json").write_text(json.dumps(names))


def read_examples(folder: Path) -> Examples:
    """The examples that `write_examples` left."""
    names = json.loads((folder / "examples.json").read_text())
    with np.load(folder / "examples.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}

    def group(prefix: str) -> dict[str, np.ndarray]:
        return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}

    return Examples(
        names["horizon_days"],
        arrays["customer_key"],
        arrays["cutoff"],
        tuple(names["feature_names"]),
        arrays["features"],
        group("facts."),
        group("labels."),
        group("eligible."),
        dict(names["words"]),
    )
