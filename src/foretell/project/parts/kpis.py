"""What a user declares about the numbers that a business watches: `[[kpis]]` of `foretell.toml`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from foretell.project.errors import InputError
from foretell.project.intervals import parse_horizon
from foretell.project.parts.alerts import DeclaredPart, Name

Period = Literal["week", "month", "quarter", "year"]
OWN_WINDOWS = {
    "orders": "",
    "revenue": "",
    "new customers": "",
    "active customers": "90d",
    "repeat rate": "365d",
    "revenue per customer": "365d",
    "churned revenue": "180d",
    "campaign profit": "",
}
"""The KPIs that every log has, and the window that each looks back over, unless another is declared. The last is what
campaigns earned, once there are any."""
CAMPAIGN_PROFIT = "campaign profit"
Prospect = Literal["on course", "open", "out of reach", "no target", "not known"]
"""What an interval says of a target that is not due yet."""
SHARE_IN = "share in "
"""Before the name of a segment: the share of customers that is in it."""


@dataclass(frozen=True)
class Target:
    """A number to reach: at least this much, or at most where `is_ceiling`."""

    value: float
    is_ceiling: bool = False

    def is_met(self, value: float) -> bool:
        return value <= self.value if self.is_ceiling else value >= self.value

    def prospect(self, low: float | None, high: float | None) -> Prospect:
        """What an interval of the value to come says; not known without one."""
        if low is None or high is None:
            return "not known"
        ends = [self.is_met(low), self.is_met(high)]
        return "on course" if all(ends) else "open" if any(ends) else "out of reach"


def parse_target(value: object) -> Target:
    """A target from a number or a text such as `31 %`, `>= 31 %`, `at most 5 %`, `12,000`.

    >>> parse_target("31 %"), parse_target("at most 200")
    (Target(value=0.31, is_ceiling=False), Target(value=200.0, is_ceiling=True))
    """
    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    found = re.fullmatch(r"(>=|at least|<=|at most)?\s*(\d[\d,]*(?:\.\d+)?)\s*(%)?", text)
    if not found:
        raise InputError(
            "The target cannot be read.",
            found=repr(value),
            expected="a number or a share, with at most before it where less is better",
            hint='target = "31 %"',
        )
    number = float(found[2].replace(",", ""))
    return Target(number / 100 if found[3] else number, found[1] in ("<=", "at most"))


def _readable_target(value: object) -> object:
    if value is not None:
        parse_target(value)
    return value


def _readable_window(text: str) -> str:
    if text:
        parse_horizon(text)
    return text


class KpiPart(DeclaredPart):
    """`[[kpis]]`: a built-in KPI by its name, or `share in SEGMENT`, with its target and who owns it.

    It is judged at the end of the running week, month, quarter or year (`per`), or on the day `by`. `window` is how far
    back customers are looked at, for those that look back.
    """

    name: Name
    target: Annotated[str | float | None, BeforeValidator(_readable_target)] = None
    per: Period = "month"
    by: date | None = None
    owner: str = ""
    window: Annotated[str, AfterValidator(_readable_window)] = ""

    @property
    def aim(self) -> Target | None:
        """The target, None without one."""
        return None if self.target is None else parse_target(self.target)

    @property
    def segment(self) -> str:
        """The segment whose share it is; empty for the other KPIs."""
        return self.name.removeprefix(SHARE_IN) if self.name.startswith(SHARE_IN) else ""

    @property
    def is_share(self) -> bool:
        """Whether its values are shares, 0 to 1."""
        return bool(self.segment) or self.name == "repeat rate"

    @property
    def window_days(self) -> int:
        """Days that it looks back; 0 for those that do not."""
        text = self.window or OWN_WINDOWS.get(self.name, "")
        return parse_horizon(text) if text else 0

    @model_validator(mode="after")
    def _is_known(self) -> KpiPart:
        if not self.segment and self.name not in OWN_WINDOWS:
            raise InputError(
                "There is no such KPI.",
                found=self.name,
                expected=f"one of: {', '.join(OWN_WINDOWS)}, {SHARE_IN}SEGMENT",
            )
        if self.window and not OWN_WINDOWS.get(self.name):
            raise InputError("This KPI does not look back over a window.", found=f"{self.name}, {self.window}")
        return self


def _told_apart(parts: list[KpiPart]) -> list[KpiPart]:
    if repeated := [name for name, times in Counter(part.name for part in parts).items() if times > 1]:
        raise InputError("A KPI is declared twice.", found=", ".join(repeated), expected="each once")
    return parts


Kpis = Annotated[list[KpiPart], AfterValidator(_told_apart)]


def kpis_of(declared: list[KpiPart]) -> list[KpiPart]:
    """The declared KPIs, and after them the built-in ones that nobody declared."""
    names = {part.name for part in declared}
    return [*declared, *(KpiPart(name=name) for name in OWN_WINDOWS if name not in names)]
