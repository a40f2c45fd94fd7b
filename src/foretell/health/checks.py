"""The checks by name, and what all of them find."""

from __future__ import annotations

from collections.abc import Callable

from foretell.health.definitions import changed_definition, late_column
from foretell.health.drift import label_drift, level_drift, population_shift
from foretell.health.evidence import Evidence, Finding
from foretell.health.history import (
    few_positives,
    one_large_customer,
    season_in_the_level,
    telltale_feature,
    unknown_season,
)
from foretell.storage.artefacts import Artefact

CHECKS: dict[str, Callable[[Evidence], Finding | None]] = {
    "telltale feature": telltale_feature,
    "changed definition": changed_definition,
    "late column": late_column,
    "label drift": label_drift,
    "level drift": level_drift,
    "population shift": population_shift,
    "one large customer": one_large_customer,
    "few positives": few_positives,
    "unknown season": unknown_season,
    "season": season_in_the_level,
}


FINDINGS: Artefact[tuple[Finding, ...]] = Artefact("health", tuple[Finding, ...])


def findings(evidence: Evidence) -> tuple[Finding, ...]:
    """What the checks find, warnings first, else in the order of the checks."""
    found = [finding for check in CHECKS.values() if (finding := check(evidence)) is not None]
    return tuple(sorted(found, key=lambda finding: finding.severity != "warning"))
