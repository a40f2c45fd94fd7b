"""What a user declares about where rows come from: `[[sources]]` of `foretell.toml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from foretell.project.database_address import refuse_password
from foretell.project.errors import InputError
from foretell.project.parts.alerts import DeclaredPart

CUSTOMER_ROLES = ("customer", "customer_2", "customer_3")


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
