"""The shares by which arms were drawn, as they are typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from foretell.flat.arms import one_arm
from foretell.project.errors import InputError


def shares_of(text: str, names: Sequence[str]) -> Mapping[str, float] | None:
    """The share of each arm from `.1,.9` (the control first, then the others by name) or `none=.1,mail=.9`; None where
    nothing was typed. `names` are the arms in that order. InputError where they do not fit."""
    if not text.strip():
        return None
    parts = [part.strip() for part in text.split(",") if part.strip()]
    order = ", ".join(names)
    named = [part.rpartition("=") for part in parts]
    try:
        weights = [float(weight.strip().rstrip("%")) for _, _, weight in named]
        if not all(np.isfinite(weights)) or min(weights) <= 0:
            raise ValueError(text)
    except ValueError:
        raise InputError(
            "The shares cannot be read.",
            found=text,
            expected=f"a positive number for each arm, in the order {order}",
            hint="--shares " + ",".join(["0.1", "0.9"] if len(names) == 2 else ["1"] * len(names)),
        ) from None
    known = {name.casefold(): name for name in names}
    told = [known.get(one_arm(arm).casefold(), arm.strip()) for arm, sign, _ in named if sign]
    if len(weights) != len(names) or (told and sorted(told) != sorted(names)):
        raise InputError(
            "The shares do not fit the arms.",
            found=text,
            expected=f"one for each of {order}, in that order, or NAME=SHARE",
        )
    return dict(zip(told or names, weights, strict=True))
