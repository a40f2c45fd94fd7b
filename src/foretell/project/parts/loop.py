"""What a user declares about the loop: `[loop]` of `foretell.toml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from foretell.project.intervals import parse_horizon
from foretell.project.parts.alerts import DeclaredPart

NEVER = "never"


def _rhythm(text: str) -> str:
    if text != NEVER:
        parse_horizon(text)
    return text


class LoopPart(DeclaredPart):
    """`[loop]`: what `foretell tick` may do by itself. `retrain` is how old the models that serve become before others
    are taught on newer data, or `never`. With `act = false` no playbook is acted on, whoever approved it as standing;
    with `act = true` those alone that somebody approved so.
    """

    retrain: Annotated[str, AfterValidator(_rhythm)] = "28d"
    act: bool = True

    @property
    def retrain_days(self) -> int | None:
        """The age in days at which models are taught anew; None for never."""
        return None if self.retrain == NEVER else parse_horizon(self.retrain)
