"""What a user declares in `foretell.toml`: the project, its sources, its objectives, segments of their own."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from foretell.project.errors import InputError
from foretell.project.intervals import parse_horizon, zone
from foretell.project.parts.actions import ActionsPart, Offers, Playbooks, offers_of
from foretell.project.parts.alerts import Alerts, DeclaredPart, Deliveries
from foretell.project.parts.kpis import Kpis
from foretell.project.parts.monitoring import MonitoringPart
from foretell.project.parts.pushes import Pushes
from foretell.project.parts.sources import SourcePart

FILE_NAME = "foretell.toml"
LARGEST_SEED = 2**32 - 1
"""What generators of random numbers take at most."""
OTHER_SEGMENT = "other"
"""The segment of whoever fits none of the rules of a declared set."""


class ProjectPart(DeclaredPart):
    """`[project]`: the name, the local calendar, the money and what it is worth."""

    name: str = "project"
    timezone: str = "UTC"
    currency: str = ""
    margin: float = Field(default=1.0, ge=0, le=1)
    discount_rate: float = Field(default=0.1, ge=0, le=10)
    value: Literal["net", "gross"] = "net"
    out: str = "foretell-results"
    seed: int = Field(default=0, ge=0, le=LARGEST_SEED)
    proof: Literal["quick", "full"] = "quick"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        zone(value)
        return value


class ObjectivePart(DeclaredPart):
    """`[[objectives]]`: a question, and why it is asked."""

    name: Literal["purchase", "churn", "orders", "spend", "value", "high_value", "becomes_high_value", "decline"]
    horizon: str = "90d"
    decision: str = ""
    owner: str = ""
    target: str = ""

    @field_validator("horizon")
    @classmethod
    def _readable(cls, value: str) -> str:
        parse_horizon(value)
        return value


class SegmentPart(DeclaredPart):
    """`[[segments]]`: one segment of a set, and the rule that says who is in it (`segments.rules` reads it). Of the
    parts of one set the first whose rule holds counts, in the order of the file."""

    set: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=60)
    when: str

    @field_validator("set", "name")
    @classmethod
    def _written_plainly(cls, value: str) -> str:
        if value != value.strip() or not value.isprintable():
            raise InputError("A name begins or ends with a space, or holds what cannot be shown.", found=repr(value))
        return value

    @field_validator("name")
    @classmethod
    def _not_the_rest(cls, value: str) -> str:
        if value.lower() == OTHER_SEGMENT:
            raise InputError(
                "The name of this segment is taken: it is that of whoever fits no rule of the set.",
                found=value,
                expected=f"any name but {OTHER_SEGMENT}",
            )
        return value


class ScoresPart(DeclaredPart):
    """`[scores]`: which segment set the column `segment` of the scores shows."""

    segment_set: str = "rfm"


class Declaration(DeclaredPart):
    """All of `foretell.toml`."""

    project: ProjectPart = Field(default_factory=ProjectPart)
    sources: list[SourcePart] = Field(min_length=1)
    objectives: list[ObjectivePart] = Field(default_factory=list)
    segments: list[SegmentPart] = Field(default_factory=list)
    scores: ScoresPart = Field(default_factory=ScoresPart)
    alerts: Alerts = Field(default_factory=list)
    deliveries: Deliveries = Field(default_factory=list)
    actions: ActionsPart = Field(default_factory=ActionsPart)
    offers: Offers = Field(default_factory=list)
    playbooks: Playbooks = Field(default_factory=list)
    kpis: Kpis = Field(default_factory=list)
    monitoring: MonitoringPart = Field(default_factory=MonitoringPart)
    pushes: Pushes = Field(default_factory=list)

    @model_validator(mode="after")
    def _offers_are_declared(self) -> Declaration:
        for playbook in self.playbooks:
            offers_of(playbook, self.offers)
        return self

    @field_validator("segments")
    @classmethod
    def _named_once(cls, value: list[SegmentPart]) -> list[SegmentPart]:
        seen: set[tuple[str, str]] = set()
        for part in value:
            if (part.set, part.name) in seen:
                raise InputError(
                    "Two segments of one set have the same name.",
                    found=f"{part.set}: {part.name}",
                    expected="a name of its own for each",
                    hint="join their rules with or, or rename one",
                )
            seen.add((part.set, part.name))
        return value


def read_declaration(path: Path) -> Declaration:
    """The declaration in a file; InputError with the key and what was found where it cannot be used."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("The declaration cannot be read.", file=str(path), found=str(error)) from None
    except RecursionError:
        raise InputError(
            "The declaration is nested too deeply.", file=str(path), expected="tables and lists of a few levels"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError("The declaration is not valid TOML.", file=str(path), found=str(error)) from None
    try:
        return Declaration.model_validate(content)
    except ValidationError as error:
        raise _as_input_error(path, error) from None


def _as_input_error(path: Path, error: ValidationError) -> InputError:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    context: dict[str, Any] = first.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, InputError):
        return replace(cause, file=str(path), column=key or cause.column)
    return InputError(
        "The declaration cannot be used.",
        file=str(path),
        column=key,
        found=repr(first.get("input")),
        expected=first["msg"],
    )
