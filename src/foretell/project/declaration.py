"""What a user declares in `foretell.toml`: the project, its sources, its objectives, segments of their own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from foretell.project.alert_parts import Alerts, DeclaredPart, Deliveries
from foretell.project.database_address import refuse_password
from foretell.project.errors import InputError
from foretell.project.intervals import parse_horizon, zone

FILE_NAME = "foretell.toml"
CUSTOMER_ROLES = ("customer", "customer_2", "customer_3")
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


class SourcePart(DeclaredPart):
    """`[[sources]]`: where the rows of one table are, files or a database, and which column plays which role."""

    table: str = "orders"
    path: str | list[str] = ""
    url: str = ""
    url_from: str = ""
    rows_from: str = Field(default="", alias="from")
    query: str = ""
    key: str = ""
    incremental: str = ""
    columns: dict[str, str]
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    decimal: Literal[",", "."] | None = None
    states: dict[str, str] = Field(default_factory=dict)
    nobody: list[str] | None = None
    order_by: Literal["number", "number and day"] | None = None
    amount_of: Literal["line", "order"] | None = None
    on_missing: Literal["keep", "withdraw"] = "keep"
    sheet: str = ""
    first_day: date | Literal[""] = ""
    count_visits: bool = False
    also: str | list[str] = Field(default_factory=list)
    most_merged: int = Field(default=5, ge=1)
    entity: str = ""
    sensitive: list[str] = Field(default_factory=list)
    use_sensitive: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _marked_as_sensitive_first(self) -> SourcePart:
        if stray := [name for name in self.use_sensitive if name not in self.sensitive]:
            raise InputError(
                "What is to be used though it is sensitive is not marked so.",
                found=f"use_sensitive = {stray}",
                expected=f"one of {', '.join(self.sensitive)}" if self.sensitive else "names that sensitive lists too",
            )
        return self

    @property
    def left_out(self) -> tuple[str, ...]:
        """The columns, or attributes, that are sensitive and not to be used."""
        return tuple(name for name in self.sensitive if name not in self.use_sensitive)

    @field_validator("columns", mode="before")
    @classmethod
    def _one_after_the_other(cls, value: Any) -> Any:
        """A list of columns for the customer: the first that is filled counts."""
        return with_customers(value) if isinstance(value, dict) else value

    @field_validator("url")
    @classmethod
    def _without_password(cls, value: str) -> str:
        return refuse_password(value)

    @field_validator("url_from")
    @classmethod
    def _is_name(cls, value: str) -> str:
        if value and not value.isidentifier():
            raise InputError(
                "This is no name of an environment variable.",
                expected="the name of the variable that holds the URL, not the URL",
                hint='url_from = "SHOP_DATABASE_URL"',
            )
        return value

    @model_validator(mode="after")
    def _in_one_place(self) -> SourcePart:
        given = [name for name in ("path", "url", "url_from") if getattr(self, name)]
        if len(given) != 1:
            raise InputError(
                "A source is in one place.",
                found=" and ".join(given) or "neither path nor url",
                expected="path, url or url_from",
                hint='path = "orders.csv", or url = "postgresql://localhost/shop" and from = "orders"',
            )
        return self


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


def with_customers(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Role to column, a list of columns for the customer unfolded into roles of their own; InputError for too many."""
    named = columns.get("customer")
    if isinstance(named, str) or not isinstance(named, Sequence):
        return dict(columns)
    if not 1 <= len(named) <= len(CUSTOMER_ROLES):
        raise InputError(
            "The columns of the customer cannot be used.",
            found=f"{len(named)} columns",
            expected=f"one to {len(CUSTOMER_ROLES)}: the first that is filled counts",
        )
    return {**columns, **dict(zip(CUSTOMER_ROLES, named, strict=False))}


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
