"""A model version: what went into a training run, who serves, and in what it differs from the version before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from foretell.storage.artefacts import Artefact
from foretell.words.metrics import question
from foretell.words.wording import days, joined, model_name


@dataclass(frozen=True)
class Recipe:
    """How models are made, whatever the data: `serves` names the model of each question, over the main horizon;
    `features` is a fingerprint of the code of features, `tables` the tables beside orders that they read."""

    serves: Mapping[str, str]
    horizons: tuple[int, ...]
    value: str
    proof: str
    seed: int
    features: str
    tables: tuple[str, ...]

    def differences(self, before: Recipe) -> list[str]:
        """In what it differs from another one, in words; nothing where it is the same.

        >>> one = Recipe({"purchase": "blend"}, (30,), "net", "quick", 0, "f", ())
        >>> Recipe({"purchase": "bg_nbd"}, (30,), "gross", "quick", 0, "f", ()).differences(one)
        ['“Who orders?” is answered by BG/NBD, before by blend of models', 'spend is gross, before net']
        """
        asked = sorted({*self.serves, *before.serves})
        found = [
            f"“{question(one)}” is answered by {_model(self.serves.get(one))}, "
            f"before by {_model(before.serves.get(one))}"
            for one in asked
            if self.serves.get(one) != before.serves.get(one)
        ]
        if self.horizons != before.horizons:
            now, then = (joined([days(one) for one in recipe.horizons]) for recipe in (self, before))
            found.append(f"the horizon is {now}, before {then}")
        if self.value != before.value:
            found.append(f"spend is {self.value}, before {before.value}")
        if self.proof != before.proof:
            found.append(f"the proof is {self.proof}, before {before.proof}")
        if self.seed != before.seed:
            found.append(f"the seed is {self.seed}, before {before.seed}")
        if self.features != before.features:
            found.append("features are computed by other code")
        came, went = (sorted({*a} - {*b}) for a, b in ((self.tables, before.tables), (before.tables, self.tables)))
        found += [f"{name} is read, before it was not" for name in came]
        return found + [f"{name} is not read any more" for name in went]


@dataclass(frozen=True)
class Taught:
    """What taught the models: the log up to `day` (ISO, not in it), `orders` of `customers` since `since`; rows taken
    by file (`sources`), the column of each role, the features that were learned from, and the share of each member of
    the blend that answers the main question. `data` is a fingerprint of all that was read."""

    day: str
    since: str
    orders: int
    customers: int
    sources: Mapping[str, int]
    columns: Mapping[str, str]
    features: tuple[str, ...]
    weights: Mapping[str, float]
    data: str


@dataclass(frozen=True)
class ModelVersion:
    """One version. `models` is a fingerprint of everything that decides its scores, `request` what the run was asked
    (JSON), `as_of` the moment of training in microseconds UTC. `follows` is the version that served before, against
    which `changes` are told, `predecessor` the one that it is held against and rolled back to (0: none).
    `early_exponent` carries a chance to early days (see `retraining.early`). `stands_for` names the version whose best
    baseline this is (0: it was trained itself)."""

    number: int
    follows: int
    predecessor: int
    as_of: int
    models: str
    request: str
    recipe: Recipe
    taught: Taught
    changes: tuple[str, ...] = ()
    early_exponent: float = 0.0
    stands_for: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain values, without what the run was asked."""
        plain = asdict(self)
        return {name: value for name, value in plain.items() if name not in ("request", "early_exponent")}


MODEL_VERSION: Artefact[ModelVersion] = Artefact("model_version", ModelVersion)


def _model(name: str | None) -> str:
    return model_name(name) if name else "nothing"
