"""The list of steps holds together: whatever a step needs comes before it, and whatever it makes can be read again."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.answers.published import PublishedRun
from foretell.outcomes.retraining.model_version import MODEL_VERSION
from foretell.outcomes.retraining.shadow import SHADOW_SCORES
from foretell.pipeline.facts import Given, RunFact, RunFacts
from foretell.pipeline.intake.log import kept_engine
from foretell.pipeline.loop.versions import KEPT_PROOF
from foretell.pipeline.step import Step
from foretell.pipeline.steps import STEPS
from foretell.segments.movement.cut_points import CUTS
from foretell.storage import codec
from foretell.storage.artefacts import MANIFEST, Artefact
from foretell.storage.long_table import LongTable
from foretell.storage.work import Work

SCALARS = (float, int, str, bool, type(None))
LEAVES = (*SCALARS, np.ndarray, pa.Table, LongTable, Any, object)


def needed(step: Step[Any]) -> list[Artefact[Any]]:
    return [need for need in step.needs if not isinstance(need, RunFact)]


def test_names_are_unique() -> None:
    facts = {need.name for step in STEPS for need in step.needs if isinstance(need, RunFact)}
    names = [step.name for step in STEPS]
    assert len(set(names)) == len(names)
    assert facts.isdisjoint(names)
    assert len({need for step in STEPS for need in step.needs if isinstance(need, RunFact)}) == len(facts)
    for step in STEPS:
        assert len({need.name for need in step.needs}) == len(step.needs)


def test_every_need_is_a_fact_or_made_by_an_earlier_step() -> None:
    for place, step in enumerate(STEPS):
        earlier = [one.artefact for one in STEPS[:place]]
        assert [need.name for need in needed(step) if need not in earlier] == []


def test_what_is_made_each_day_needs_of_the_rest_only_models_and_proofs() -> None:
    daily = {step.name for step in STEPS if step.daily}
    taught = {"proof", "models", "next_order_model", "contract_proof", "segment_proof"}
    for step in STEPS:
        if step.daily:
            assert {need.name for need in needed(step)} <= daily | taught


def unreadable(kind: Any, path: str, seen: tuple[Any, ...] = ()) -> Iterator[str]:
    """The places in an annotation that the codec cannot read as what they were."""
    origin, args = get_origin(kind), get_args(kind)
    if kind in seen or kind in LEAVES or origin in (np.ndarray, Literal):
        return
    if hasattr(kind, "state") and hasattr(kind, "restored"):
        return
    if dataclasses.is_dataclass(kind):
        for name, hint in get_type_hints(kind).items():
            yield from unreadable(hint, f"{path}.{name}", (*seen, kind))
    elif origin in (Union, types.UnionType):
        kinds = [one for one in args if one is not type(None)]
        for one in kinds if len(kinds) == 1 else [one for one in kinds if one not in SCALARS]:
            yield from unreadable(one, path, seen) if len(kinds) == 1 else [f"{path}: one of {kinds}"]
    elif origin is tuple or (isinstance(origin, type) and issubclass(origin, Mapping | Sequence | frozenset)):
        for one in args:
            yield from unreadable(one, f"{path}[]", seen) if one is not Ellipsis else ()
    else:
        yield f"{path}: {kind}"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_what_it_makes_can_be_read_by_its_annotations(step: Step[Any]) -> None:
    assert list(unreadable(step.artefact.kind, step.name)) == []


def test_what_cannot_be_read_would_be_noticed() -> None:
    kinds = (tuple[complex, ...], Mapping[str, Mapping[str, int] | tuple[int, ...]], set[int])
    assert [len(list(unreadable(kind, "it"))) for kind in kinds] == [1, 2, 1]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_run_holds_what_it_makes_and_reads_it_as_it_was(
    step: Step[Any], shop_run: PublishedRun, tmp_path: Path
) -> None:
    kept = shop_run.record.artefacts[30, step.name]
    folder = shop_run.catalogue.artefacts.root / kept.folder
    codec.write(shop_run.main.read(step.artefact), tmp_path)
    names = sorted(path.name for path in folder.iterdir() if path.name != MANIFEST)
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for name in names:
        assert content(tmp_path / name) == content(folder / name)


def content(path: Path) -> object:
    """A file's bytes, or the rows of a table, in which a list may have another inner name."""
    return repr(pq.read_table(path).to_pylist()) if path.suffix == ".parquet" else path.read_bytes()


def test_a_run_is_made_of_its_steps_the_version_and_its_shadow_and_nothing_else(shop_run: PublishedRun) -> None:
    beside = {KEPT_PROOF.name, MODEL_VERSION.name, SHADOW_SCORES.name}
    assert set(shop_run.record.artefacts) == {(30, name) for name in ({step.name for step in STEPS} | beside)}
    named = {kept.folder for kept in shop_run.record.artefacts.values()}
    assert {path.name for path in shop_run.catalogue.artefacts.root.iterdir()} == named


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_need_counts_in_the_key(step: Step[Any], shop_run: PublishedRun) -> None:
    main, kept = shop_run.main, {name: one for (_, name), one in shop_run.record.artefacts.items()}
    facts = RunFacts(shop_run.request, kept_engine(shop_run.request), main.intake, main.plan, main.read(CUTS))
    for need in step.needs:
        others = tuple(one for one in step.needs if one != need)
        own, less = (
            Given(needs, facts, shop_run.catalogue.artefacts, Work(), kept).ingredients()
            for needs in (step.needs, others)
        )
        assert own != less
