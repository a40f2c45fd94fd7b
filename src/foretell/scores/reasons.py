"""Why a forecast is what it is: what moved it most, by theme, told by the facts that differ visibly.

Contributions are merged into themes; a theme is told by facts that lie outside the middle half of customers, or beside
the customer's own past, on the side that goes with the way it moved the forecast. A theme without such a fact is no
reason. Reasons describe what the model saw; they are not causes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from foretell.examples.examples import Examples
from foretell.features import FEATURES
from foretell.features.registry import stem, told_in, unit_of, words_of
from foretell.features.scale import logged
from foretell.features.themes import ORDER_HISTORY
from foretell.models.contract import Contributions
from foretell.models.themes import by_theme
from foretell.models.typical import Typical
from foretell.words.reasons import Fact, Reason
from foretell.words.wording import TIGHT

MOST_REASONS, MOST_FACTS = 3, 2
LEAST_SHARE = 0.1
LEAD = 2.0
"""Another theme is told before the order history only where it moved the forecast this many times as much: a narrow
lead is noise, and turns with the customers that the models happened to learn from."""
OWN_FIRST = 10.0
"""What stands beside the customer's own past is told before what stands beside others."""
OWN_TIMES = 1.5
"""How many times its own usual a value must be, or the other way round, to be told."""
FACT = pa.struct(
    [
        ("feature", pa.string()),
        ("value", pa.float64()),
        ("typical", pa.float64()),
        ("word", pa.string()),
        ("beside", pa.list_(pa.float64())),
    ]
)
REASON = pa.struct([("way", pa.int8()), ("theme", pa.string()), ("facts", pa.list_(FACT))])
REASONS = pa.list_(REASON)
UNTOLD = Reason(0, "", ())
"""Where nothing could be learned."""


@dataclass(frozen=True)
class _Candidate:
    """A feature by which a theme may be told: how strongly it tells each row, 0 where it explains nothing."""

    feature: str
    values: np.ndarray
    typical: float
    strength: np.ndarray


def reasons(contributions: Contributions, examples: Examples, typical: Typical) -> list[list[Reason]]:
    """At most three reasons a row, strongest first; a theme with under a tenth of the whole movement is left out.

    `examples` are the rows with all their features, also those from which the model did not learn.
    """
    themes, moved = by_theme(contributions)
    strength = np.abs(moved)
    least = np.maximum(LEAST_SHARE * strength.sum(axis=1), 1e-12)
    facts = {theme: _facts(theme, np.sign(moved[:, place]), examples, typical) for place, theme in enumerate(themes)}
    found: list[list[Reason]] = []
    for row, order in enumerate(ranked(themes, moved).tolist()):
        own: list[Reason] = []
        for place in order:
            told = facts[themes[place]][row] if strength[row, place] >= least[row] else ()
            if told and len(own) < MOST_REASONS:
                own.append(Reason(1 if moved[row, place] > 0 else -1, themes[place], told))
        found.append(own)
    return found


def ranked(themes: tuple[str, ...], moved: np.ndarray) -> np.ndarray:
    """int64 [rows, themes]: positions of the themes, strongest first, the order history by `LEAD` before others."""
    weight = np.array([LEAD if theme == ORDER_HISTORY else 1.0 for theme in themes])
    return np.argsort(-np.abs(moved) * weight, axis=1, kind="stable")


def as_column(found: Sequence[Sequence[Reason]]) -> pa.Array:
    """Reasons as an Arrow column of lists of structs."""
    return pa.array([[_plain(reason) for reason in own] for own in found], REASONS)


def of_column(column: pa.ChunkedArray) -> list[list[Reason]]:
    """The reasons of such a column; none for null."""
    return [[_reason(one) for one in own or ()] for own in column.to_pylist()]


def in_words(column: pa.ChunkedArray, currency: str) -> pa.Array:
    """The reasons as sentences, one list a row."""
    told = told_in(currency)
    texts = [[told.reason(one).replace(TIGHT, " ") for one in own] for own in of_column(column)]
    return pa.array(texts, pa.list_(pa.field("element", pa.string())))


def told_features() -> tuple[str, ...]:
    """The features by which a customer is told."""
    return tuple(name for name, feature in FEATURES.items() if feature.words.says)


def _facts(theme: str, way: np.ndarray, examples: Examples, typical: Typical) -> list[tuple[Fact, ...]]:
    """The facts that tell a theme of each row, the most visible first; none where nothing differs."""
    candidates = [
        found
        for name in examples.feature_names
        if words_of(name).says and words_of(name).theme == theme
        if (found := _candidate(name, way, examples, typical)) is not None
    ]
    if not candidates:
        return [()] * len(examples)
    strength = np.column_stack([one.strength for one in candidates])
    apart = np.array([[not overlaps(one.feature, other.feature) for other in candidates] for one in candidates])
    first = strength.argmax(axis=1)
    rows = np.arange(len(examples))
    visible = strength[rows, first] > 0
    rest = np.where(apart[first], strength, 0.0)
    second = rest.argmax(axis=1)
    has_second = rest[rows, second] > 0
    beside = {name: examples.feature(name) for one in candidates for name in words_of(one.feature).told}
    words = examples.words
    return [
        ()
        if not visible[row]
        else tuple(
            _fact(candidates[place], row, beside, words)
            for place in ([first[row], second[row]] if has_second[row] else [first[row]])
        )
        for row in rows.tolist()
    ]


def _candidate(name: str, way: np.ndarray, examples: Examples, typical: Typical) -> _Candidate | None:
    values, words = examples.feature(name), words_of(name)
    if any(other not in examples.feature_names for other in words.told):
        return None
    if unit_of(name) == "code":
        known = np.array([np.isfinite(code) and int(code) in examples.words for code in values], dtype=np.float64)
        return _Candidate(name, values, np.nan, known)
    if name not in typical.features:
        return None
    place = typical.features.index(name)
    low, middle, high = typical.quartiles[place]
    if words.is_own:
        strength, towards = _beside_own_past(values, unit_of(name), middle)
        explains = towards * typical.direction[place] == way
        return _Candidate(name, values, np.nan, np.where(explains & (strength > 0), OWN_FIRST + strength, 0.0))
    spread = typical.spread[place]
    if not spread > 0:
        return None
    apart = (logged(values, name) - logged(np.array([middle]), name)[0]) / spread
    outside = (
        (values < low) | (values > high) | ((values == low) & (low < middle)) | ((values == high) & (high > middle))
    )
    explains = np.sign(values - middle) * typical.direction[place] == way
    strength = np.where(outside & explains, np.nan_to_num(np.abs(apart)), 0.0)
    told = told_in("")
    for row in np.flatnonzero(strength).tolist():
        if told.figure(name, values[row]) == told.figure(name, middle):
            strength[row] = 0.0
    return _Candidate(name, values, np.nan if words.is_rare else float(middle), strength)


def _beside_own_past(values: np.ndarray, unit: str, usual: float) -> tuple[np.ndarray, np.ndarray]:
    """How far values lie from what is the customer's own usual, 0 where not visibly, and to which side; a flag lies
    apart where it is not as with most."""
    if unit not in ("gaps", "log ratio"):
        apart = values - usual
        return np.nan_to_num(np.abs(apart)), np.sign(apart)
    times = (values if unit == "log ratio" else np.log(np.maximum(values, 1e-9))) / np.log(OWN_TIMES)
    return np.nan_to_num(np.where(np.abs(times) >= 1, np.abs(times), 0.0)), np.sign(times)


def overlaps(one: str, other: str) -> bool:
    """Whether two features say nearly the same, so that one of them is enough."""
    return stem(one) == stem(other) or other in words_of(one).told or one in words_of(other).told


def _fact(one: _Candidate, row: int, beside: Mapping[str, np.ndarray], words: Mapping[int, str]) -> Fact:
    value = float(one.values[row])
    word = words.get(int(value), "") if unit_of(one.feature) == "code" else ""
    own = {name: float(beside[name][row]) for name in words_of(one.feature).told}
    return Fact(one.feature, value, own, one.typical, word)


def _plain(reason: Reason) -> dict[str, object]:
    facts = [
        {
            "feature": fact.feature,
            "value": fact.value,
            "typical": fact.typical,
            "word": fact.word,
            "beside": list(fact.beside.values()),
        }
        for fact in reason.facts
    ]
    return {"way": reason.way, "theme": reason.theme, "facts": facts}


def _reason(kept: Mapping[str, object]) -> Reason:
    facts = tuple(
        Fact(
            one["feature"],
            one["value"],
            dict(zip(words_of(one["feature"]).told, one["beside"], strict=True)),
            one["typical"],
            one["word"],
        )
        for one in kept["facts"]  # type: ignore[attr-defined]
    )
    return Reason(int(str(kept["way"])), str(kept["theme"]), facts)
