"""Moves between segments: forecast ones ("Champions -> At risk, p >= 40 %"), or those since the run before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foretell.project.errors import InputError

ANY = "*"
MOVE = re.compile(
    r"\s*(?P<origin>[^,>]+?)\s*->\s*(?P<goal>[^,>]+?)\s*"
    r"(?:,\s*p\s*>=\s*(?P<chance>\d+(?:\.\d+)?)\s*(?P<percent>%)?\s*)?"
)


@dataclass(frozen=True)
class SegmentMove:
    """From one segment (`*`: any other) to another: with a chance of at least `chance` by the forecast, or, where that
    is None, since the run before."""

    origin: str
    goal: str
    chance: float | None

    def holds(
        self, segment: np.ndarray, before: np.ndarray | None, chances: Mapping[str, np.ndarray] | None
    ) -> np.ndarray:
        """bool [customers]: `segment` is text now, `before` that of the run before (None where unknown), `chances`
        the forecast chance of each segment; what is not there makes nobody move."""
        nobody = np.zeros(len(segment), dtype=bool)
        if self.chance is None:
            if before is None:
                return nobody
            left = (
                (before != self.goal) & np.not_equal(before, np.array(None, dtype=object))
                if self.origin == ANY
                else before == self.origin
            )
            return np.asarray(left & (segment == self.goal), dtype=bool)
        if chances is None or self.goal not in chances:
            return nobody
        stands = segment != self.goal if self.origin == ANY else segment == self.origin
        return np.asarray(stands & (chances[self.goal] >= self.chance), dtype=bool)


def parse_move(text: str) -> SegmentMove:
    """The move that a text tells; InputError where it cannot be read.

    >>> parse_move("Champions -> At risk, p >= 40 %")
    SegmentMove(origin='Champions', goal='At risk', chance=0.4)
    >>> parse_move("* -> Lost")
    SegmentMove(origin='*', goal='Lost', chance=None)
    """
    match = MOVE.fullmatch(text)
    if match is None or match["goal"] == ANY or match["origin"] == match["goal"]:
        raise InputError(
            "The move cannot be read.",
            found=text,
            expected="SEGMENT -> SEGMENT, or * -> SEGMENT, then the least chance of a forecast move or nothing",
            hint='move = "Champions -> At risk, p >= 40 %"',
        )
    chance = None
    if match["chance"] is not None:
        chance = float(match["chance"]) / (100 if match["percent"] else 1)
        if not 0 < chance <= 1:
            raise InputError("The chance of a move is none.", found=text, expected="above 0 %, at most 100 %")
    return SegmentMove(match["origin"], match["goal"], chance)
