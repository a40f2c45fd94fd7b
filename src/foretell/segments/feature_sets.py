"""Segment sets that features decide: declared rules on features, and discovered groups; both told at any date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from foretell.segments.clusters import Groups
from foretell.segments.declared import DeclaredSet
from foretell.segments.profile import BEHAVIOUR
from foretell.segments.segment_set import Cuts
from foretell.segments.standing import Standing


@dataclass(frozen=True)
class RuleSet:
    """A declared set whose rules read features alone. The rules hold their own thresholds, so nothing is fitted."""

    declared: DeclaredSet
    is_ordered: ClassVar[bool] = False
    levels: ClassVar[Mapping[str, str]] = {}

    @property
    def name(self) -> str:
        return self.declared.name

    @property
    def segments(self) -> tuple[str, ...]:
        return self.declared.segments

    @property
    def rules(self) -> tuple[str, ...]:
        return self.declared.rules

    @property
    def features(self) -> tuple[str, ...]:
        return self.declared.names

    def fit(self, standing: Standing) -> Cuts:
        """Nothing."""
        return {}

    def assign(self, standing: Standing, cuts: Cuts) -> np.ndarray:
        """int64: the place of the first rule that holds."""
        return self.declared.assign({name: standing.facts[name] for name in self.features})


@dataclass(frozen=True)
class DiscoveredSet:
    """Groups of customers who behave alike. They are found on a day and kept: at any other date a customer is in the
    group whose centre is nearest."""

    groups: Groups
    name: ClassVar[str] = "discovered"
    is_ordered: ClassVar[bool] = False
    levels: ClassVar[Mapping[str, str]] = {}
    features: ClassVar[tuple[str, ...]] = BEHAVIOUR

    @property
    def segments(self) -> tuple[str, ...]:
        return self.groups.segments

    @property
    def rules(self) -> tuple[str, ...]:
        return ("nearest to the centre of this group",) * len(self.segments)

    def fit(self, standing: Standing) -> Cuts:
        """The groups as they were found."""
        return self.groups.as_json()

    def assign(self, standing: Standing, cuts: Cuts) -> np.ndarray:
        """int64: the nearest group."""
        return self.groups.assign({name: standing.facts[name] for name in BEHAVIOUR})
