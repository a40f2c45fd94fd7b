"""Columns as a user names them: `customer=household_id,time=sold_at`."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import fields

from foretell.customer_log.schema import Columns
from foretell.project.errors import InputError

HINT = "--columns customer=household_id,time=sold_at,amount=sales_value"
ROLES = tuple(field.name for field in fields(Columns))


def columns_of(chosen: Mapping[str, str]) -> Columns:
    """`Columns` of role to column; InputError for an unknown role, or a role that must be there and is not."""
    for role in chosen:
        _check_role(role)
    missing = [role for role in ("customer", "time") if role not in chosen]
    if not missing and "amount" not in chosen and "unit_price" not in chosen:
        missing = ["amount (or quantity and unit_price)"]
    if missing:
        raise InputError(
            f"No column is named for {' and '.join(missing)}.",
            found=", ".join(f"{role}={column}" for role, column in chosen.items()) or "none",
            expected="columns for customer, time, and amount or quantity and unit_price",
            hint=HINT,
        )
    alone = ("customer", "time", "amount", "unit_price", "quantity", "discount")
    for place, role in enumerate(alone):
        for other in (*alone[place + 1 :], *(("order",) if role == "amount" else ())):
            if role in chosen and chosen[role] == chosen.get(other):
                raise InputError(
                    f"One column cannot be both the {role} and the {other}.",
                    column=chosen[role],
                    found=f"{role}={chosen[role]}, {other}={chosen[role]}",
                    expected="a column of its own for each",
                    hint="--columns customer=household_id,time=sold_at,amount=sales_value",
                )
    return Columns(**chosen)


def parts_of(text: str) -> list[str]:
    """The parts of an option between its commas; a part in double quotes may hold some.

    >>> parts_of('customer=a, "amount=Total, net"')
    ['customer=a', 'amount=Total, net']
    """
    rows = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    return [part for row in rows for part in row if part.strip()]


def option_of(parts: Iterable[str]) -> str:
    """The parts as one option, as `parts_of` reads it and a shell takes it."""
    written = io.StringIO(newline="")
    csv.writer(written).writerow(parts)
    return shlex.quote(written.getvalue().removesuffix("\r\n"))


def parse_columns(text: str) -> dict[str, str]:
    """Role to column from `customer=household_id,time=sold_at`.

    >>> parse_columns("customer=household_id, time=sold_at")
    {'customer': 'household_id', 'time': 'sold_at'}
    """
    chosen: dict[str, str] = {}
    for part in parts_of(text):
        role, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column:
            raise InputError(
                "The columns cannot be read.", found=part, expected="role=column, separated by commas", hint=HINT
            )
        _check_role(role)
        if role in chosen:
            raise InputError(
                "A role is given twice.", found=f"{role}={chosen[role]}, {role}={column}", expected="one column"
            )
        chosen[role] = column
    return chosen


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise InputError(
            "The role of a column is not known.", found=role, expected=f"one of: {', '.join(ROLES)}", hint=HINT
        )
