"""Facts: what a run is given before its first step, each with what identifies it in the keys of the steps it feeds."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Any, Generic, TypeVar

import pyarrow as pa

from foretell.customer_log.intake import Intake
from foretell.examples.plan import Plan
from foretell.examples.policy import NOBODY_DRAWN, DrawnContacts
from foretell.features import FEATURES
from foretell.project.fingerprints import fingerprint
from foretell.project.request import IF_NOBODY, Asked, Request, Settings
from foretell.scores.customers import SCORES, MoneyTerms
from foretell.segments.movement.cut_points import KeptCuts
from foretell.storage.artefacts import Artefact, Artefacts, Kept, Made
from foretell.storage.work import Parts, Work
from foretell.timelines.engine import Engine

Found = TypeVar("Found")


@dataclass(frozen=True)
class RunFacts:
    """What a run over one horizon is given. `shorter` are its scores over the next shorter horizon, if there is one;
    `settled` are results that the project keeps from run to run, by name: they are not made again; `drawn` is whom our
    own campaigns drew."""

    request: Request
    engine: Engine
    intake: Intake
    plan: Plan
    kept_cuts: KeptCuts | None
    shorter: Kept | None = None
    settled: Mapping[str, Kept] = field(default_factory=dict)
    drawn: DrawnContacts = NOBODY_DRAWN


@dataclass(frozen=True)
class RunFact(Generic[Found]):
    """A named fact: its value, and what identifies it, by the words in which a change of it is told."""

    name: str
    value: Callable[[RunFacts, Artefacts], Found]
    identity: Callable[[RunFacts], Mapping[str, Any]]


def _planned(facts: RunFacts) -> dict[str, Any]:
    settings, plan = facts.request.settings, facts.plan
    return {
        "orders": [(load.load, load.number, load.withdrawn) for load in facts.intake.loads],
        "day": plan.as_of,
        "horizon": plan.horizon_days,
        "value": settings.value,
        "time zone": settings.timezone,
        "seed": settings.seed,
    }


def _plan_in_words(facts: RunFacts) -> dict[str, Any]:
    plan = facts.plan
    words = [plan.horizon_reason, plan.left_out_day, [asdict(objective) for objective in plan.objectives]]
    return {**_planned(facts), "objectives": words}


def _intake(facts: RunFacts) -> dict[str, Any]:
    intake = facts.intake
    read = [dict(intake.columns), intake.notes, intake.date_order, intake.decimal]
    return {"orders": [asdict(load) for load in intake.loads], "columns": read}


def _money(facts: RunFacts) -> MoneyTerms:
    settings = facts.request.settings
    return MoneyTerms(settings.currency, settings.margin, settings.discount_rate, not facts.intake.ids_are_text)


def _segments(facts: RunFacts) -> dict[str, Any]:
    asked = facts.request.asked
    return {"segments asked for": [[part.model_dump() for part in asked.segments], asked.segment_set]}


def _features(facts: RunFacts) -> dict[str, Any]:
    own = facts.engine.own_campaigns
    return {"features": feature_code()} | ({"campaigns of our own": list(own)} if own else {})


def _drawn(facts: RunFacts) -> dict[str, Any]:
    drawn = facts.drawn
    return {"policy": drawn.policy} | (
        {"ledger of assignments": drawn.fingerprint} if drawn.policy == IF_NOBODY else {}
    )


def _shorter(facts: RunFacts, artefacts: Artefacts) -> pa.Table | None:
    return None if facts.shorter is None else artefacts.read(SCORES, facts.shorter)


PLANNED: RunFact[Plan] = RunFact("log, day and horizon", lambda facts, _: facts.plan, _planned)
"""The plan as steps see it."""
PLAN_OF_RUN: RunFact[Plan] = RunFact("plan in words", lambda facts, _: facts.plan, _plan_in_words)
"""The plan with the words about it."""
INTAKE_OF_RUN: RunFact[Intake] = RunFact("intake of the run", lambda facts, _: facts.intake, _intake)
FEATURE_CODE: RunFact[str] = RunFact("features", lambda *_: feature_code(), _features)
MONEY: RunFact[MoneyTerms] = RunFact(
    "money", lambda facts, _: _money(facts), lambda facts: {"money": asdict(_money(facts))}
)
SEGMENTS_ASKED: RunFact[Asked] = RunFact("segments asked for", lambda facts, _: facts.request.asked, _segments)
DRAWN: RunFact[DrawnContacts] = RunFact("policy of the scores", lambda facts, _: facts.drawn, _drawn)
PROOF_ASKED: RunFact[str] = RunFact(
    "how much is proved",
    lambda facts, _: facts.request.asked.proof,
    lambda facts: {"how much is proved": facts.request.asked.proof},
)
KEPT_CUTS: RunFact[KeptCuts | None] = RunFact(
    "kept cut points",
    lambda facts, _: facts.kept_cuts,
    lambda facts: {"kept cut points": facts.kept_cuts and asdict(facts.kept_cuts)},
)
SHORTER_SCORES: RunFact[pa.Table | None] = RunFact(
    "scores over a shorter horizon",
    _shorter,
    lambda facts: {"scores over a shorter horizon": facts.shorter and facts.shorter.fingerprint},
)
SETTINGS: RunFact[Settings] = RunFact(
    "settings", lambda facts, _: facts.request.settings, lambda facts: {"settings": asdict(facts.request.settings)}
)


@dataclass
class Given:
    """What a step may ask for: the values of its needs, by artefact or fact, and what it works with."""

    needs: tuple[Artefact[Any] | RunFact[Any], ...]
    facts: RunFacts
    artefacts: Artefacts
    work: Work
    kept: Mapping[str, Kept] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        """The engine over the customer log."""
        return self.facts.engine

    def __call__(self, need: Artefact[Made] | RunFact[Made]) -> Made:
        """The value of a need; KeyError for what the step does not declare."""
        if need not in self.needs:
            raise KeyError(f"the step does not declare that it needs {need.name}")
        if isinstance(need, RunFact):
            return need.value(self.facts, self.artefacts)
        if need.name not in self.values:
            self.values[need.name] = self.artefacts.read(need, self.kept[need.name])
        return self.values[need.name]

    def ingredients(self) -> dict[str, str]:
        """What goes into the step, by name: fingerprints of results, and of what identifies facts."""
        found: dict[str, str] = {}
        for need in self.needs:
            if isinstance(need, RunFact):
                found |= {name: fingerprint(value) for name, value in need.identity(self.facts).items()}
            else:
                found[need.name] = self.kept[need.name].fingerprint
        return found

    def with_parts(self, ingredients: Mapping[str, str]) -> Given:
        """The same, where finished parts of the step are kept under these ingredients."""
        parts = Parts(self.artefacts.root.parent, ingredients)
        return replace(self, work=replace(self.work, parts=parts))


@cache
def _source(module: str) -> str:
    import importlib  # noqa: PLC0415

    return inspect.getsource(importlib.import_module(module))


def feature_code() -> str:
    """A fingerprint of the code of every registered feature, so that an edited feature is computed anew."""
    modules = {getattr(feature.compute, "func", feature.compute).__module__ for feature in FEATURES.values()}
    return fingerprint([sorted(FEATURES), [_source(module) for module in sorted(modules)]])
