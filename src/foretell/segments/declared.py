"""Declared segments: those that a user wrote into `foretell.toml`, as sets of rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foretell.project.declaration import FILE_NAME, OTHER_SEGMENT, SegmentPart
from foretell.project.errors import InputError
from foretell.segments.conditions import Columns, Kind
from foretell.segments.rules import Rule, parse_rule


@dataclass(frozen=True)
class DeclaredSet:
    """A name, and the segments with their rules; the first rule that holds decides, whoever fits none is "other"."""

    name: str
    parts: tuple[tuple[str, Rule], ...]
    is_ordered = False

    @property
    def segments(self) -> tuple[str, ...]:
        """The names, in the order of the codes."""
        return (*(name for name, _ in self.parts), OTHER_SEGMENT)

    @property
    def rules(self) -> tuple[str, ...]:
        """One sentence a segment: who is in it."""
        return (*(rule.text.strip() for _, rule in self.parts), "who fits none of these")

    @property
    def names(self) -> tuple[str, ...]:
        """The features and scores that the rules read."""
        return tuple(dict.fromkeys(name for _, rule in self.parts for name in rule.names))

    def uses(self, names: Collection[str]) -> bool:
        """Whether any rule reads one of these: given the scores, whether there are no past memberships."""
        return any(rule.uses(names) for _, rule in self.parts)

    def assign(self, columns: Columns) -> np.ndarray:
        """int64 [customers]: the place of each customer's segment in `segments`, from arrays of equal length for
        all `names`; by their own values alone."""
        held = [rule.holds(columns) for _, rule in self.parts]
        return np.argmax([*held, np.ones_like(held[0])], axis=0)


def declared_sets(
    parts: Sequence[SegmentPart], known: Mapping[str, Kind], file: str = FILE_NAME, shown: str = ""
) -> tuple[DeclaredSet, ...]:
    """The sets that the parts declare, in the order of the file. `known` are the features and scores and their kinds.

    `shown` names the set that fills the score `segment`: its own rules cannot read that score. InputError says which
    part of the file has a rule that cannot be used.
    """
    sets: dict[str, list[tuple[str, Rule]]] = {}
    for place, part in enumerate(parts):
        try:
            rule = parse_rule(part.when, known)
            if part.set == shown and "segment" in rule.names:
                raise InputError(
                    "The rule asks for the segment that it is to decide.",
                    found=part.when,
                    expected="a rule without segment, or another segment_set in [scores]",
                )
        except InputError as error:
            what = f"{error.what[:-1]} (segment {part.name} of set {part.set})."
            raise replace(error, what=what, file=file, column=f"segments.{place}.when") from None
        sets.setdefault(part.set, []).append((part.name, rule))
    return tuple(DeclaredSet(name, tuple(rules)) for name, rules in sets.items())
