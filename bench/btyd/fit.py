"""One fit of one library as a process: `python -m bench.btyd.fit LIBRARY MODEL CUSTOMERS REPEATS` prints JSON.

Only the fits are timed (user and system time of the process), each from one entry a customer to fitted parameters.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

PARAMETERS = {
    "BG/NBD": ("r", "alpha", "a", "b"),
    "MBG/NBD": ("r", "alpha", "a", "b"),
    "Pareto/NBD": ("r", "alpha", "s", "beta"),
    "Gamma-Gamma": ("p", "q", "gamma"),
}
Customers = dict[str, np.ndarray]
"""`purchase_days`, `first_to_last_days`, `observed_days` and `mean_value` of repeat purchases, one entry a customer."""


def main(library: str, model: str, customers: Path, repeats: int) -> None:
    """Fit, `repeats` times after one fit that is not timed (none where it is fitted once), and print what was found."""
    with np.load(customers) as kept:
        given = {name: kept[name] for name in kept.files}
    fit = FITS[library](model, given)
    seconds = []
    found: dict[str, Any] = {}
    with warnings.catch_warnings(), contextlib.redirect_stdout(sys.stderr):
        warnings.simplefilter("ignore")
        if repeats > 1:
            fit()
        for _ in range(repeats):
            began = time.process_time()
            found = fit()
            seconds.append(time.process_time() - began)
    print(json.dumps({"cpu_seconds": seconds, "parameters": found}))


def _foretell(model: str, given: Customers) -> Callable[[], dict[str, float]]:
    from foretell.btyd import gamma_gamma, pareto_nbd  # noqa: PLC0415
    from foretell.btyd.beta_geometric import BG_NBD, MBG_NBD  # noqa: PLC0415
    from foretell.btyd.summary import summarised  # noqa: PLC0415

    processes: dict[str, Any] = {"BG/NBD": BG_NBD, "MBG/NBD": MBG_NBD, "Pareto/NBD": pareto_nbd}

    def fit() -> dict[str, float]:
        fitted: Any
        if model == "Gamma-Gamma":
            fitted = gamma_gamma.fit(gamma_gamma.summarised(given["purchase_days"] - 1, given["mean_value"]))
        else:
            days = (given["purchase_days"], given["first_to_last_days"], given["observed_days"])
            fitted = processes[model].fit(summarised(*days))
        return {name: float(getattr(fitted, name)) for name in PARAMETERS[model]}

    return fit


def _lifetimes(model: str, given: Customers) -> Callable[[], dict[str, float]]:
    import lifetimes  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    fitters = {
        "BG/NBD": lifetimes.BetaGeoFitter,
        "MBG/NBD": lifetimes.ModifiedBetaGeoFitter,
        "Pareto/NBD": lifetimes.ParetoNBDFitter,
        "Gamma-Gamma": lifetimes.GammaGammaFitter,
    }
    repeats = given["purchase_days"] - 1
    weeks = (given["first_to_last_days"] / 7, given["observed_days"] / 7)
    usable = (repeats > 0) & (given["mean_value"] > 0)

    def fit() -> dict[str, float]:
        fitter = fitters[model]()
        np.random.seed(0)  # Pareto/NBD draws its starting point from the global generator
        if model == "Gamma-Gamma":
            fitter.fit(pd.Series(repeats[usable]), pd.Series(given["mean_value"][usable]))
        else:
            fitter.fit(repeats, *weeks)
        names = {"gamma": "v"} if model == "Gamma-Gamma" else {}
        return {name: float(fitter.params_[names.get(name, name)]) for name in PARAMETERS[model]}

    return fit


FITS: dict[str, Callable[[str, Customers], Callable[[], dict[str, float]]]] = {
    "Foretell": _foretell,
    "lifetimes": _lifetimes,
}

if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
