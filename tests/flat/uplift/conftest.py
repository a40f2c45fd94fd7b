"""The file of a small experiment with a planted truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest

from foretell.flat.uplift.request import UpliftRequest, uplift_request
from foretell.flat.uplift.run import UpliftOutcome, run_uplift

Columns = dict[str, list[Any]]
Table = Callable[..., Columns]
Asked = Callable[..., UpliftRequest]


@pytest.fixture(scope="session")
def experiment() -> Table:
    """Columns of an experiment: mail adds `gain` to who is new, `harm` to who is loyal."""

    def drawn(rows: int = 300, gain: float = 0.0, harm: float = 0.0, seed: int = 0) -> Columns:
        random = np.random.default_rng(seed)
        tenure = random.integers(1, 100, rows)
        arm = random.integers(0, 2, rows)
        chance = 0.4 + np.where(tenure > 50, harm, gain) * arm
        bought = random.random(rows) < chance
        return {
            "customer": [f"C{n:05d}" for n in random.permutation(rows)],
            "tenure": tenure.tolist(),
            "region": np.array(["north", "south", "west"])[random.integers(0, 3, rows)].tolist(),
            "group": np.array(["none", "mail"])[arm].tolist(),
            "bought": bought.astype(int).tolist(),
        }

    return drawn


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """Writes columns to a file and asks for their uplift."""

    def ask(columns: Columns, **options: Any) -> UpliftRequest:
        path = tmp_path / "experiment.csv"
        pa_csv.write_csv(pa.table(columns), path)
        given: dict[str, Any] = {"arm": "group", "control": "none", "outcome": "bought", **options}
        return uplift_request([path], tmp_path / "out", **given)

    return ask


@pytest.fixture(scope="session")
def dogs(experiment: Table, tmp_path_factory: pytest.TempPathFactory) -> UpliftOutcome:
    """The answer on sleeping dogs, with people to score."""
    folder = tmp_path_factory.mktemp("dogs")
    pa_csv.write_csv(pa.table(experiment(1000, 0.3, -0.3)), folder / "experiment.csv")
    strangers: Columns = {"customer": ["S1", "S2"], "tenure": [3, 97], "region": ["north", "moon"]}
    pa_csv.write_csv(pa.table(strangers), folder / "others.csv")
    request = uplift_request(
        [folder / "experiment.csv"],
        folder / "out",
        "group",
        "none",
        "bought",
        value=["bought=10"],
        cost=["mail=0.1"],
        customer="customer",
        score=[folder / "others.csv"],
    )
    return run_uplift(request)
