"""What a project declares by name, checked before anything is made: segments in rules and moves, series of alerts,
playbooks."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from foretell.actions.playbook import declared_playbooks, playbook_of
from foretell.alerts.rules import AlertRule, alert_rule, declared
from foretell.alerts.weekly_series import CHURN_RISK, OF_THE_LOG
from foretell.features import FEATURES
from foretell.project.declaration import FILE_NAME
from foretell.project.errors import InputError
from foretell.project.parts.alerts import AlertPart
from foretell.project.request import Asked, Request
from foretell.segments.conditions import Condition, Constant, Inequality, Joined, Kind, Name, Not
from foretell.segments.movement.cut_points import BUILT_IN, OPTIONAL, SCORE_KINDS, TEXTS, declared_of
from foretell.segments.movement.tables import snake
from foretell.segments.rules import Rule


def refuse_unknown_names(request: Request) -> None:
    """InputError where a rule, a move, an alert or a playbook names a segment, a score or a series that there is not,
    or reads a feature of a table that no source has."""
    segments, tables = _segments(request.asked), {source.table for source in request.sources}
    for one in declared_of(request.asked):
        for name, rule in one.parts:
            where = f"segment {name} of set {one.name}"
            _refuse_segments(rule, segments, where)
            _refuse_absent_tables(rule, tables, where)
    parts, _ = declared(request.place)
    for part in parts:
        watched = _refuse_alert(part, segments)
        if watched and watched.when:
            _refuse_absent_tables(watched.when, tables, f"alert {part.name}")
    _refuse_playbooks(request, segments, tables)


def _refuse_playbooks(request: Request, segments: tuple[str, ...] | None, tables: Collection[str]) -> None:
    playbooks, offers = declared_playbooks(request.place)
    for part in playbooks:
        found = playbook_of(part, offers, {**_kinds(segments), **_found_by_run(segments, f"{part.when} {part.never}")})
        for rule in filter(None, (found.when, found.never)):
            _refuse_segments(rule, segments, f"playbook {part.name}")
            _refuse_absent_tables(rule, tables, f"playbook {part.name}")


def _found_by_run(segments: tuple[str, ...] | None, text: str) -> dict[str, Kind]:
    """The chances of segments that a rule names, where only the run finds which segments there are."""
    named = re.findall(r"\bp_next_\w+", text) if segments is None else []
    return dict.fromkeys(named, "number")


def _kinds(segments: tuple[str, ...] | None) -> dict[str, Kind]:
    """What a rule may name, but for ids, and whether it is a number or a text."""
    moves: dict[str, Kind] = {f"p_next_{snake(name)}": "number" for name in segments or ()}
    return {**dict.fromkeys(FEATURES, "number"), **SCORE_KINDS, **moves, "model_id": "text"}


def _segments(asked: Asked) -> tuple[str, ...] | None:
    """The names of the segments that scores show; None where they are found by the run."""
    built_in = {one.name: tuple(one.segments) for one in (*BUILT_IN, *OPTIONAL)}
    own = {one.name: one.segments for one in declared_of(asked)}
    return (built_in | own).get(asked.segment_set)


def _refuse_alert(part: AlertPart, segments: tuple[str, ...] | None) -> AlertRule | None:
    """The rule of an alert, None where it watches a series."""
    if part.spike:
        known = (*OF_THE_LOG, CHURN_RISK, *(segments or ()))
        if segments is not None and part.spike not in known:
            raise _unknown("The alert watches a series that there is not", part.spike, known, f"alert {part.name}")
        return None
    rule = _understood(part, segments)
    if rule.when:
        _refuse_segments(rule.when, segments, f"alert {part.name}")
    named = (rule.move.origin, rule.move.goal) if rule.move else ()
    for name in named:
        if segments is not None and name not in (*segments, "*"):
            raise _unknown("The move names a segment that there is not", name, segments, f"alert {part.name}")
    return rule


def _refuse_absent_tables(rule: Rule, tables: Collection[str], where: str) -> None:
    for name in rule.names:
        table = FEATURES[name].table if name in FEATURES else ""
        if table and table not in tables:
            raise InputError(
                f"The rule reads a feature of a table that no source has ({where}).",
                file=FILE_NAME,
                found=f"{name}, of {table}",
                expected=f"features of {', '.join(sorted(tables))}",
                hint=f'add [[sources]] with table = "{table}"',
            )


def _understood(part: AlertPart, segments: tuple[str, ...] | None) -> AlertRule:
    """The rule of an alert; ids, which may be texts or numbers, are taken as what it compares them with."""
    kinds = _kinds(segments)
    try:
        return alert_rule(part, kinds | {"customer_id": "text"})
    except InputError:
        return alert_rule(part, kinds | {"customer_id": "number"})


def _refuse_segments(rule: Rule, segments: tuple[str, ...] | None, where: str) -> None:
    for name in _named(rule.condition):
        if segments is not None and name not in segments:
            raise _unknown("The rule names a segment that there is not", name, segments, where)


def _named(condition: Condition) -> Iterator[str]:
    """The texts with which a condition compares a segment."""
    match condition:
        case Inequality(values=values):
            if any(isinstance(value, Name) and value.name in TEXTS for value in values):
                yield from (str(value.value) for value in values if isinstance(value, Constant))
        case Not(part=part):
            yield from _named(part)
        case Joined(parts=parts):
            for one in parts:
                yield from _named(one)


def _unknown(what: str, name: str, known: Collection[str], where: str) -> InputError:
    near = difflib.get_close_matches(name, list(known), n=1)
    error = InputError(f"{what} ({where}).", file=FILE_NAME, found=name, expected=f"one of: {', '.join(known)}")
    return replace(error, hint=f"perhaps {near[0]}") if near else error
