"""A small campaign to be drawn: people in two strata, one playbook with one offer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from foretell.actions.candidates import REACHABLE, Candidates
from foretell.actions.drawing import ToAct
from foretell.project.parts.actions import OfferPart, PlaybookPart

AT = 1_700_000_000_000_000
MAIL = OfferPart(name="voucher", channel="email", cost=0.5, takes_off="10 %", content="10 % off", valid_days=14)


def people(count: int = 40, objecting: int = 0) -> Candidates:
    """Customers `c0`, `c1` and so on; the first of them object."""
    why_not = np.array(["objects to contact" if at < objecting else REACHABLE for at in range(count)], dtype=object)
    stratum = np.array(["low risk" if at % 3 else "high risk" for at in range(count)], dtype=object)
    ids = pa.array([f"c{at}" for at in range(count)], pa.string())
    return Candidates("win back", AT, ids, why_not, stratum, np.full(count, 0.2), np.full(count, 30.0))


def to_act(candidates: Candidates | None = None, **more: Any) -> ToAct:
    """An act; `playbook` holds what differs from the plain one, anything else is of the act itself."""
    part = {"name": "win back", "template": "win back", "offers": ("voucher",), "holdout": 0.5}
    playbook = PlaybookPart.model_validate({**part, **more.pop("playbook", {})})
    told = {"offers": (MAIL,), "run": "run-1", "seed": 7, "effect": 0.1, "at": AT, **more}
    return ToAct(playbook, candidates=people() if candidates is None else candidates, **told)
