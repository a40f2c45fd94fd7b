"""The audit of a flat table: which columns are kept out of learning, which are doubtful, and why."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import rankdata

from foretell.examples.flat.columns import FlatColumn
from foretell.examples.flat.evidence import LeakEvidence, evidence_of
from foretell.examples.flat.table import content_keys

Why = Literal["empty", "constant", "id", "text", "answer", "asked", "doubtful"]
SAME_ANSWER = 0.98
"""The AUROC of one column alone from which on it cannot but know the outcome."""
SAME_FILLED = 0.9
FEWEST_SURE = 30
SURE_SHARE, SURE_SHARE_BY_BEING_THERE = 0.1, 0.03
NEARLY_SAME_ANSWER = 0.9
LEADING, LEADING_AUROC, DOUBTFUL_AUROC = 2.0, 0.65, 0.75
FEWEST_OF_EACH = 3
FREE_SHARE, FEWEST_EXPECTED = 0.05, 20.0
ALMOST_ALL, FEWEST_VALUES = 0.95, 20
FEWEST_NUMBERED, LONG_NUMBER = 100, 6
ID_NAME = re.compile(
    r"(?i)(?:^|[\W_])(?:id|ids|uuid|guid|key|no|nr|number|num|code|index|idx|row)(?:$|[\W_])|(?-i:[a-z](?:ID|Id|Key|No))$"
    r"|^(?:customer|client|account|user|member|kunde|kundennummer|unnamed: 0|customerid|rownumber)$"
)
COUNT_NAME = re.compile(r"(?i)row|index|idx|unnamed|^(?:no|nr|number|num)$")
AFTERWARDS = re.compile(
    r"(?:^|[\W_])(?:duration|reason|(?:call|talk)_(?:seconds|minutes|time|length)|talktime|cancel\w*|churn\w*|terminat\w*|closed?|closing|end_?date|exit_?(?:date|survey)|"
    r"outcome|result|refund\w*|win_?back|retention|resolution|left|lost|convert\w*|conversion)(?:$|[\W_])"
)


@dataclass(frozen=True)
class AuditFinding:
    """A column that is kept out of learning, or (`why` is `doubtful`) kept in but to be looked at; `reason` is a
    sentence with its evidence."""

    column: str
    why: Why
    reason: str


@dataclass(frozen=True)
class Audit:
    """`kept` are the columns to learn from. `left_out` says why the others are not, `doubtful` what to look at."""

    kept: tuple[FlatColumn, ...]
    left_out: tuple[AuditFinding, ...]
    doubtful: tuple[AuditFinding, ...]


def audit(columns: Sequence[FlatColumn], outcome: np.ndarray, outcome_name: str, keep: Collection[str] = ()) -> Audit:
    """What may be learned from; `outcome` is float64 [rows], NaN where the label is empty, `keep` names columns that
    stay whatever is found.

    Kept out are columns without a value or with one only, ids, text that is different in nearly every row, and those
    that give the answer away:
    (a) alone they rank the outcomes with an AUROC of .98 or more;
    (b) whether they are filled does so with .9 or more;
    (c) where they are filled, or empty, or other than their usual number, 99 % have the outcome while under half of
    all rows do, and these are 30 rows and 3 % of the outcomes or more (of one value alone: 10 %);
    (d) alone they gain more log loss than any column that is not their like, their name is one of things known
    afterwards (duration, reason, cancelled, ...), and either the gain is at least twice that of the next, or a
    stretch of 5 % or more of the rows at one end of their values is all but free of the outcome; whatever the name,
    both and an AUROC of .9 will do.
    What is near to (c) or (d) is kept, and named as doubtful. All evidence is from rows with a label.
    """
    known = np.isfinite(outcome)
    found = outcome[known]
    left_out: dict[str, AuditFinding] = {}
    for column in columns:
        if said := _useless(column, known):
            left_out[column.name] = AuditFinding(column.name, said[0], said[1])
    usable = [_at(column, known) for column in columns if column.name not in left_out]
    doubtful: dict[str, AuditFinding] = {}
    if usable:
        half = content_keys(usable, len(found)) % np.uint64(2) == 0
        if all(_tells(found[side]) for side in (half, ~half)):
            by_name = {column.name: column for column in usable}
            evidence = {column.name: evidence_of(column, found, half) for column in usable}
            for name, of in evidence.items():
                if told := _answer(of, found, outcome_name):
                    left_out[name] = AuditFinding(name, "answer", told)
                elif sure := _sure(name, of, found, outcome_name):
                    (left_out if sure.why == "answer" else doubtful)[name] = sure
            rest = {name: of for name, of in evidence.items() if name not in left_out}
            for finding in _leading(rest, by_name, len(found), outcome_name):
                (left_out if finding.why == "answer" else doubtful)[finding.column] = finding
    for name in keep:
        against = left_out.get(name)
        if against and against.why not in ("empty", "constant"):
            doubtful[name] = AuditFinding(name, "doubtful", f"kept as asked, although {against.reason}")
            del left_out[name]
    return Audit(
        tuple(column for column in columns if column.name not in left_out),
        tuple(left_out[name] for name in sorted(left_out)),
        tuple(doubtful[name] for name in sorted(doubtful)),
    )


def _tells(outcome: np.ndarray) -> bool:
    """Whether there are enough rows with and without the outcome for evidence that is not luck."""
    return bool(min(outcome.sum(), len(outcome) - outcome.sum()) >= FEWEST_OF_EACH)


def looks_like_id(column: FlatColumn) -> bool:
    """Whether the values are all different and the name says that they name somebody or something, or they are long
    whole numbers of one length."""
    filled = column.values[np.isfinite(column.values)]
    distinct = len(np.unique(filled))
    if distinct < 2 or distinct < len(filled):
        return False
    return bool(ID_NAME.search(column.name)) or _are_long_numbers(column, filled)


def customer_among(columns: Sequence[FlatColumn]) -> str | None:
    """The column that names the customer: an id by its name, or else by its values; one that counts the rows only where
    its name says that it is the customer's."""
    ids = [column for column in columns if looks_like_id(column)]
    named = [column for column in ids if ID_NAME.search(column.name)]
    ranked = [column for column in (*named, *ids) if not counts_rows(column)]
    ranked += [column for column in named if not COUNT_NAME.search(column.name)]
    return ranked[0].name if ranked else None


def counts_rows(column: FlatColumn) -> bool:
    """Whether a column only counts the rows, upwards from 0 or 1."""
    values = column.values
    return bool(
        column.kind == "number"
        and len(values) > 1
        and np.isfinite(values).all()
        and values[0] in (0, 1)
        and (np.diff(values) == 1).all()
    )


def _are_long_numbers(column: FlatColumn, filled: np.ndarray) -> bool:
    """Whether every row has a whole number of one length, as numbers of customers have and amounts have not."""
    if column.kind != "number" or len(filled) < FEWEST_NUMBERED or len(filled) < len(column.values):
        return False
    digits = np.floor(np.log10(np.maximum(np.abs(filled), 1)))
    whole = bool((filled == np.rint(filled)).all())
    return whole and bool((digits == digits[0]).all()) and digits[0] + 1 >= LONG_NUMBER


def _useless(column: FlatColumn, known: np.ndarray) -> tuple[Why, str] | None:
    filled = column.values[np.isfinite(column.values)]
    distinct = len(np.unique(filled))
    if not len(filled):
        return "empty", "no row has a value"
    labelled = column.values[known]
    if len(np.unique(labelled)) <= 1:
        return "constant", "it is the same in all rows with a label"
    if column.kind == "date" or distinct < ALMOST_ALL * len(filled) or distinct <= FEWEST_VALUES:
        return None
    if column.kind == "category":
        return "text" if len(filled) > distinct else "id", f"{distinct:,} different texts in {len(filled):,} rows"
    whole = bool((filled == np.rint(filled)).all())
    counting = distinct == len(filled) and float(np.ptp(filled)) < 1.5 * len(filled)
    if whole and distinct == len(filled) and (counting or looks_like_id(column)):
        return "id", f"{distinct:,} whole numbers, each in one row"
    return None


def _answer(of: LeakEvidence, outcome: np.ndarray, outcome_name: str) -> str | None:
    if of.auroc >= SAME_ANSWER:
        return f"alone it tells who has {outcome_name}: AUROC {of.auroc:.3f}"
    if of.filled_auroc >= SAME_FILLED:
        return f"whether it is filled tells who has {outcome_name}: AUROC {of.filled_auroc:.3f}"
    return None


def _sure(name: str, of: LeakEvidence, outcome: np.ndarray, outcome_name: str) -> AuditFinding | None:
    """A column of which some values leave no doubt: kept out where these are many of the outcomes."""
    if of.sure_rows < FEWEST_SURE or outcome.mean() >= 0.5:
        return None
    share = of.sure_rows / outcome.sum()
    told = f"all but always {outcome_name} where it is {of.sure_value}, in {of.sure_rows:,} rows"
    if share >= (SURE_SHARE_BY_BEING_THERE if of.sure_by_being_there else SURE_SHARE):
        return AuditFinding(name, "answer", told)
    return AuditFinding(name, "doubtful", f"{told}; was it known before the outcome?")


def _leading(
    evidence: Mapping[str, LeakEvidence], columns: Mapping[str, FlatColumn], rows: int, outcome_name: str
) -> list[AuditFinding]:
    """Columns that alone gain much more than all that are not their like."""
    order = sorted(evidence, key=lambda name: (-evidence[name].gain, name))
    if not order or evidence[order[0]].auroc < LEADING_AUROC:
        return []
    like = [name for name in order if name == order[0] or _alike(columns[order[0]], columns[name])]
    others = [name for name in order if name not in like]
    if not others:
        return []
    second = max(evidence[others[0]].gain, 0.0)
    findings = []
    for name in like:
        of = evidence[name]
        if of.gain < second or of.auroc < LEADING_AUROC:
            continue
        times = of.gain / second if second > 0 else np.inf
        is_free = of.free_rows >= FREE_SHARE * rows and of.free_expected >= FEWEST_EXPECTED
        is_named = bool(AFTERWARDS.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))
        told = [f"alone it gains {_times(times)} the next column, {others[0]} (AUROC {of.auroc:.2f})"]
        if is_free:
            side = f"under {of.free_below:,.6g}" if of.free_below is not None else "with its highest values"
            told.append(
                f"of {of.free_rows:,} rows {side} only {of.free_positives:,} have {outcome_name} where "
                f"{of.free_expected:,.0f} would be usual"
            )
        if is_named:
            told.append("its name is one of things known afterwards")
        leads = times >= LEADING
        if (is_named and (leads or is_free)) or (leads and is_free and of.auroc >= NEARLY_SAME_ANSWER):
            findings.append(AuditFinding(name, "answer", "; ".join(told)))
        elif is_named or (leads and of.auroc >= DOUBTFUL_AUROC):
            findings.append(AuditFinding(name, "doubtful", f"{'; '.join(told)}; was it known before the outcome?"))
    return findings


def _times(times: float) -> str:
    return f"{times:.1f} times as much as" if times < 100 else "incomparably more than"


def _alike(first: FlatColumn, second: FlatColumn) -> bool:
    if "category" in (first.kind, second.kind):
        return False
    both = np.isfinite(first.values) & np.isfinite(second.values)
    if both.sum() < 3:
        return False
    a, b = rankdata(first.values[both]), rankdata(second.values[both])
    if a.std() == 0 or b.std() == 0:
        return False
    return bool(abs(np.corrcoef(a, b)[0, 1]) > 0.9)


def _at(column: FlatColumn, rows: np.ndarray) -> FlatColumn:
    return FlatColumn(column.name, column.kind, column.values[rows], column.levels, column.unread)
