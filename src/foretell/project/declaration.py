"""What a user declares in `foretell.toml`: the project, its sources, its objectives."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from foretell.project.errors import InputError
from foretell.project.intervals import parse_horizon, zone

FILE_NAME = "foretell.toml"


class Declared(BaseModel):
    """A part of the declaration; a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProjectPart(Declared):
    """`[project]`: the name, the local calendar, the money and what it is worth."""

    name: str = "project"
    timezone: str = "UTC"
    currency: str = ""
    margin: float = Field(default=1.0, ge=0, le=1)
    discount_rate: float = Field(default=0.1, ge=0, le=10)
    value: Literal["net", "gross"] = "net"
    out: str = "foretell-results"
    seed: int = 0

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        zone(value)
        return value


class SourcePart(Declared):
    """`[[sources]]`: where the rows of one table are, and which column plays which role."""

    table: Literal["orders"] = "orders"
    path: str | list[str]
    columns: dict[str, str]
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    decimal: Literal[",", "."] | None = None


class ObjectivePart(Declared):
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


class Declaration(Declared):
    """All of `foretell.toml`."""

    project: ProjectPart = Field(default_factory=ProjectPart)
    sources: list[SourcePart] = Field(min_length=1)
    objectives: list[ObjectivePart] = Field(default_factory=list)


def read_declaration(path: Path) -> Declaration:
    """The declaration in a file; InputError with the key and what was found where it cannot be used."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("The declaration cannot be read.", file=str(path), found=str(error)) from None
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
        return InputError(
            cause.what, file=str(path), column=key, found=cause.found, expected=cause.expected, hint=cause.hint
        )
    return InputError(
        "The declaration cannot be used.",
        file=str(path),
        column=key,
        found=repr(first.get("input")),
        expected=first["msg"],
    )
