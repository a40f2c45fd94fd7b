"""How far a generated shop has been written, what its files hold, and what was asked when it was first drawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from foretell.generated.parameters import Parameters, described
from foretell.generated.request import ShopRequest
from foretell.project.errors import InputError

STATE, ASKED = Path("truth") / "state.json", Path("truth") / "parameters.json"


@dataclass(frozen=True)
class State:
    """What was asked of the shop, and how many of its days are written."""

    request: ShopRequest
    days: int


def write_state(holding: Path, folder: Path, days: int, tables: tuple[str, ...]) -> None:
    """Write into `folder` that the tables that `holding` has tell `days` days."""
    told = {"days": days, "files": {f"{name}.csv": _digest(holding / f"{name}.csv") for name in tables}}
    path = folder / STATE
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def read_state(folder: Path) -> State:
    """The state of a shop. InputError where the folder is no generated shop, was not drawn ahead, was made from other
    parameters, or one of its tables is not as it was written."""
    asked = _read(folder, ASKED, "is it the folder that `foretell generate shop` wrote?")
    told = _read(folder, STATE, "generate the shop with --ahead DAYS: only such a shop can go on")
    try:
        numbers = asked["asked"]
        request = ShopRequest(
            numbers["customers"], numbers["days"], numbers["seed"], numbers["drift_day"], ahead=numbers["ahead"]
        )
        days, files = int(told["days"]), dict(told["files"])
        parameters = asked["parameters"]
    except (KeyError, TypeError, ValueError) as error:
        raise _changed(folder / STATE, f"an entry that cannot be used: {error}") from error
    if parameters != json.loads(json.dumps(described(Parameters()))):
        raise InputError(
            "The shop was drawn from other parameters than this version has.",
            file=str(folder / ASKED),
            hint="generate it anew",
        )
    for name, digest in files.items():
        if not (folder / name).is_file():
            raise _changed(folder / name, "no such file")
        if _digest(folder / name) != digest:
            raise _changed(folder / name, "other content than was written")
    return State(request, days)


def _read(folder: Path, name: Path, hint: str) -> Any:
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("The shop cannot go on.", file=str(folder / name), found="no such file", hint=hint) from error
    except ValueError as error:
        raise _changed(folder / name, "no JSON") from error


def _changed(path: Path, found: str) -> InputError:
    return InputError(
        "The shop cannot go on: it is not as it was written.", file=str(path), found=found, hint="generate it anew"
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
