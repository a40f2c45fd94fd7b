"""The backtest of the last run, as its files tell it: who serves each question, next to every baseline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from foretell.answers.model import MODEL_CARD, ModelCard, Service
from foretell.answers.proofs.contracts import contract_answer, contract_tables
from foretell.answers.proofs.other_proofs import ProofTable, other_proofs
from foretell.answers.proofs.sources import sources_table
from foretell.answers.published import RunOverHorizon, published
from foretell.backtest.forecast import Measured
from foretell.backtest.measures import Measures, OverCutoffs
from foretell.examples.slices import EVERYBODY, measured_slices
from foretell.forecasts.early_value.proof import EARLY_VALUE, EarlyValue
from foretell.forecasts.orders.candidates import BASELINES
from foretell.forecasts.orders.tracking import TRACKING, Tracking
from foretell.models.registry import MODELS
from foretell.project.errors import InputError
from foretell.project.place import Place
from foretell.segments.migration.transition_tables import BASELINES as TRANSITIONS
from foretell.segments.movement.proof import SEGMENT_PROOF
from foretell.storage.catalogue import Catalogue
from foretell.words.metrics import GOES_WHERE, METRICS, best_first, metric_name

FILE_NAME = "backtest.json"
OF_CHANCES = ("auroc", "average_precision", "log_loss")
OF_AMOUNTS = ("normalised_gini", "rmse", "relative_bias")
OF_SEGMENTS = ("log_loss", "average_precision_beyond_ageing", "flow_error")
AT_THE_THRESHOLD = ("precision", "recall", "f1")


@dataclass(frozen=True)
class ModelStanding:
    """A model on one question and kind of customers: each metric over the cutoffs, None where it has no value."""

    model: str
    serves: bool
    best_baseline: bool
    figures: Mapping[str, OverCutoffs | None]


@dataclass(frozen=True)
class Backtest:
    """What was measured, and the card of the models; `card` is None for a table of one row a customer."""

    source: str
    measures: Measures
    card: ModelCard | None
    tracking: Tracking | None = None
    early_value: EarlyValue | None = None
    further: tuple[ProofTable, ...] = ()
    movers: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)

    def service(self, objective: str) -> Service | None:
        """Who serves a question, and its grade."""
        return self.card.service(objective) if self.card else None

    def serving(self, objective: str) -> tuple[str | None, str | None]:
        """Who serves a question, and the best baseline; None where that is not known."""
        if objective in self.movers:
            return self.movers[objective]
        service = self.service(objective)
        return (service.proved, service.best_baseline) if service else (None, None)

    def metrics(self, objective: str) -> tuple[str, ...]:
        """The metrics that tell a question's story."""
        measured = self.measures.metrics(objective)
        return OF_CHANCES if "auroc" in measured else OF_SEGMENTS if "flow_error" in measured else OF_AMOUNTS

    def standings(self, objective: str, slice_name: str) -> list[ModelStanding]:
        """Who serves, then every baseline, best first; every model where it is not known who serves."""
        metrics = self.metrics(objective)
        shown = (*metrics, *AT_THE_THRESHOLD)
        models = self.measures.models(objective, slice_name)
        serving, best_baseline = self.serving(objective)
        if serving is not None and objective not in self.movers:
            models = [name for name in models if name == serving or name in BASELINES]
        found = [
            ModelStanding(
                name,
                name == serving,
                name == best_baseline,
                {metric: self.measures.over_cutoffs(objective, slice_name, name, metric) for metric in shown},
            )
            for name in models
        ]
        return sorted(found, key=lambda one: (not one.serves, *_place(one, metrics[0])))

    def slices(self, objective: str) -> list[str]:
        """All and active customers, then each kind that was measured."""
        found = self.measures.slices(objective)
        return [*(name for name in EVERYBODY if name in found), *measured_slices(found)]

    def tables(self, objective: str) -> list[str]:
        """All customers, and the active ones where they are not the same."""
        found = [name for name in EVERYBODY if self.measures.models(objective, name)]
        counts = {name: self.measures.customers(objective, name) for name in found}
        return [name for name in found if name == found[0] or counts[name] != counts[found[0]]]

    def formulas(self) -> dict[str, str]:
        """What each baseline that was measured does, in one line."""
        measured = {row.model for row in self.measures.rows}
        own = {name: MODELS[name].formula for name in BASELINES if name in measured}
        return own | {one.name: one.formula for one in TRANSITIONS if one.name in measured}

    def named(self, metric: str) -> str:
        """A metric by its name in backtest.json or in words; InputError with those that were measured."""
        known = sorted({row.metric for row in self.measures.rows})
        in_words = {METRICS[name].lower(): name for name in known if name in METRICS} | {"ap": "average_precision"}
        wanted = metric.strip().lower()
        name = in_words.get(wanted.replace("_", " "), wanted.replace(" ", "_"))
        if name not in known:
            raise InputError(
                "The metric was not measured.",
                file=self.source,
                found=metric,
                expected=f"one of: {', '.join(known)}",
            )
        return name

    def as_json(self) -> dict[str, object]:
        """The model, who serves and the grades."""
        services = self.card.questions if self.card else {}
        return {
            "model_id": self.card.model_id if self.card else None,
            "as_of": self.card.as_of if self.card else None,
            "horizon_days": self.card.horizon_days if self.card else None,
            "serving": {name: service.proved for name, service in services.items()},
            "grades": {name: service.grade for name, service in services.items() if service.grade},
            "tracking": asdict(self.tracking) if self.tracking else None,
            "further_proofs": [asdict(table) for table in self.further],
            "early_value": asdict(self.early_value) if self.early_value else None,
        }


def backtests(place: Place, run: str | None = None) -> tuple[Backtest, ...]:
    """The backtest of each horizon of a run (default: the newest), that of the main one first; of a table of one row a
    customer where the folder holds the results of that. InputError without results."""
    flat = place.out / FILE_NAME
    if run is None and not Catalogue(place.state).runs() and flat.is_file():
        rows = _rows(flat)
        if rows and all(row.cutoff is None for row in rows):
            return (Backtest(str(flat), Measures(rows), None),)
    found = published(place, run)
    told = [_backtest(found.over(days)) for days in found.record.horizons]
    proved = tuple(one for one in told if one.measures.rows)
    if not proved:
        raise InputError(
            "Nothing was proved by the last run.",
            file=str(place.out),
            found=found.main.proof.unproved or "no row",
            hint="a longer history, or a shorter --horizon",
        )
    return proved


def _backtest(one: RunOverHorizon) -> Backtest:
    movers = {f"{GOES_WHERE}{s.segment_set}": (s.served, s.best_baseline) for s in one.segmentation.summaries}
    contracts = contract_answer(one)
    others = [sources_table(one.proof.sources), *other_proofs(one), *(contract_tables(contracts) if contracts else ())]
    moved = [row for proof in one.read(SEGMENT_PROOF).values() for row in proof.measured]
    return Backtest(
        f"run {one.run.record.run}",
        Measures([*one.proof.measured, *moved]),
        one.read(MODEL_CARD),
        one.read(TRACKING),
        one.read(EARLY_VALUE),
        tuple(found for found in others if found),
        movers,
    )


def _rows(path: Path) -> list[Measured]:
    wanted = set(Measured.__dataclass_fields__)
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        wrong = next((row for row in rows if set(row) != wanted), None)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            "The backtest cannot be read.",
            file=str(path),
            found=str(error),
            expected="the backtest.json of a run",
            hint="foretell run, or foretell report for the report alone",
        ) from None
    if wrong is not None:
        raise InputError("The backtest cannot be read.", file=str(path), found=str(wrong)[:80], expected=str(wanted))
    return [Measured(**row) for row in rows]


def _place(one: ModelStanding, metric: str) -> tuple[float, str]:
    value = one.figures[metric]
    return (float("inf") if value is None else best_first(metric, value.mean), metric_name(one.model))
