"""The peers on randomised experiments, with the settings that their libraries come with.

All but linear ones learn by LightGBM as it comes. Where a peer asks for the chance of each arm it is told that arms
were drawn; econml's linear learner gets a linear regression for the outcome in place of its cross-validated lasso,
which takes half a minute a fit.

Run by the Python of an environment of its own, which has causalml, scikit-uplift and econml and not Foretell:
`python peers.py QUESTION.npz ANSWER.npz`. The question holds `taught` and `asked` (float64 [rows, columns]), `arm`
(0: control), `outcome`, `shares` and `seed`; the answer one float64 [asked rows, arms] of effects a peer, in the
outcome's unit, and `seconds_PEER`. A peer that cannot answer is left out, and why stands on stderr.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

Question = dict[str, Any]
Peer = Callable[[Question], np.ndarray]


def _trees(seed: int) -> Any:
    return import_module("lightgbm").LGBMRegressor(random_state=seed, n_jobs=1, verbosity=-1)


def _classifier(seed: int) -> Any:
    return import_module("lightgbm").LGBMClassifier(random_state=seed, n_jobs=1, verbosity=-1)


def _causalml(name: str) -> Peer:
    def answer(asked: Question) -> np.ndarray:
        learner = getattr(import_module("causalml.inference.meta"), name)(
            learner=_trees(asked["seed"]), control_name="0"
        )
        names = np.array([str(arm) for arm in range(len(asked["shares"]))])
        treatment = names[asked["arm"]]

        def chances(rows: int) -> dict[str, np.ndarray]:
            """Of each arm against control, as drawn."""
            share = asked["shares"]
            return {names[k]: np.full(rows, share[k] / (share[k] + share[0])) for k in range(1, len(share))}

        if name in ("BaseSRegressor", "BaseTRegressor"):
            learner.fit(asked["taught"], treatment, asked["outcome"])
            return np.asarray(learner.predict(asked["asked"]))
        if name == "BaseXRegressor":
            learner.fit(asked["taught"], treatment, asked["outcome"], p=chances(len(asked["arm"])))
            return np.asarray(learner.predict(asked["asked"], p=chances(len(asked["asked"]))))
        learner.fit(asked["taught"], treatment, asked["outcome"], p=chances(len(asked["arm"])), seed=asked["seed"])
        return np.asarray(learner.predict(asked["asked"]))

    return answer


def _sklift(name: str) -> Peer:
    def answer(asked: Question) -> np.ndarray:
        models = import_module("sklift.models")
        binary = set(np.unique(asked["outcome"])) <= {0.0, 1.0}
        make = _classifier if binary else _trees
        found = []
        for arm in range(1, len(asked["shares"])):
            rows = np.isin(asked["arm"], (0, arm))
            seed = asked["seed"]
            if name == "SoloModel":
                model = models.SoloModel(make(seed))
            elif name == "TwoModels":
                model = models.TwoModels(make(seed), make(seed), method="vanilla")
            else:
                if not binary:
                    raise ValueError("class transformation needs an outcome of 0 and 1")
                model = models.ClassTransformation(make(seed))
            outcome = asked["outcome"][rows].astype(int) if binary else asked["outcome"][rows]
            model.fit(asked["taught"][rows], outcome, (asked["arm"][rows] == arm).astype(int))
            found.append(np.asarray(model.predict(asked["asked"])))
        return np.column_stack(found)

    return answer


def _econml(name: str) -> Peer:
    def answer(asked: Question) -> np.ndarray:
        seed = asked["seed"]
        drawn = import_module("sklearn.dummy").DummyClassifier(strategy="prior")
        if name == "LinearDRLearner":
            linear = import_module("sklearn.linear_model").LinearRegression()
            learner = import_module("econml.dr").LinearDRLearner(
                model_propensity=drawn, model_regression=linear, random_state=seed
            )
        else:
            learner = import_module("econml.dml").CausalForestDML(
                model_y=_trees(seed), model_t=drawn, discrete_treatment=True, n_jobs=1, random_state=seed
            )
        learner.fit(asked["outcome"], asked["arm"], X=asked["taught"])
        arms = range(1, len(asked["shares"]))
        return np.column_stack([learner.effect(asked["asked"], T0=0, T1=arm) for arm in arms])

    return answer


PEERS: dict[str, Peer] = {
    "causalml S": _causalml("BaseSRegressor"),
    "causalml T": _causalml("BaseTRegressor"),
    "causalml X": _causalml("BaseXRegressor"),
    "causalml DR": _causalml("BaseDRRegressor"),
    "scikit-uplift solo": _sklift("SoloModel"),
    "scikit-uplift two models": _sklift("TwoModels"),
    "scikit-uplift class transformation": _sklift("ClassTransformation"),
    "econml linear DR": _econml("LinearDRLearner"),
    "econml causal forest": _econml("CausalForestDML"),
}


def main() -> None:
    """Answer one question."""
    warnings.filterwarnings("ignore")
    with np.load(sys.argv[1]) as given:
        asked: Question = {name: given[name] for name in given.files}
    asked["seed"] = int(asked["seed"])
    found: dict[str, Any] = {}
    for name, peer in PEERS.items():
        began = time.process_time()
        try:
            effects = np.asarray(peer(asked), np.float64).reshape(len(asked["asked"]), len(asked["shares"]) - 1)
        except Exception as error:
            print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
            continue
        found[name] = effects.astype(np.float32)
        found[f"seconds_{name}"] = np.array(time.process_time() - began)
    np.savez(sys.argv[2], **found)


if __name__ == "__main__":
    main()
