"""What a user declares about acting: `[[offers]]` and `[[playbooks]]` of `foretell.toml`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from foretell.project.errors import InputError
from foretell.project.intervals import parse_horizon
from foretell.project.parts.alerts import DeclaredPart, Name, parse_wait

Goal = Literal["orders", "spend", "margin", "staying"]
Template = Literal["win back", "second order", "nurture", "rest"]
AUTO = "auto"
"""The holdout follows from what is to be detected."""


def parse_share(value: object) -> float:
    """A share, 0 to 1, from a number or a text such as `10 %`.

    >>> parse_share("10 %"), parse_share(0.25)
    (0.1, 0.25)
    """
    number = re.fullmatch(r"\s*(\d{1,3}(?:\.\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    share = float(number[1]) / 100 if number else value
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise InputError("This is no share.", found=repr(value), expected="0 to 1, or a text such as 10 %")
    return float(share)


def _share_or_money(value: object) -> str | float:
    if isinstance(value, str) and value.strip().endswith("%"):
        parse_share(value)
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise InputError(
            "What the offer takes off cannot be read.",
            found=repr(value),
            expected="a share of the order such as 10 %, or an amount of money",
            hint='takes_off = "10 %"',
        )
    return float(value)


def _share_or_auto(value: object) -> str | float:
    return AUTO if value == AUTO else parse_share(value)


def _readable_wait(text: str) -> str:
    parse_wait(text)
    return text


def _readable_horizon(text: str) -> str:
    parse_horizon(text)
    return text


Share = Annotated[float, BeforeValidator(parse_share)]
Wait = Annotated[str, AfterValidator(_readable_wait)]


class ActionsPart(DeclaredPart):
    """`[actions]`: what holds of all playbooks. `global_holdout` is the share of customers whom none of them contacts
    in a calendar year, so that all contact together can be judged; 0 unless declared, since it costs what contact is
    worth, and only the owner of the shop can say that this is worth knowing."""

    global_holdout: Share = 0.0


class OfferPart(DeclaredPart):
    """`[[offers]]`: what is sent. `cost` is money per contact; `takes_off` what it costs when it is used, a share
    of the order or money; `content` a fixed text, or `next categories` for what each customer is likely to buy next;
    it is valid for `valid_days` from the contact on."""

    name: Name
    channel: Name
    cost: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    takes_off: Annotated[str | float, BeforeValidator(_share_or_money)] = 0.0
    content: str = ""
    valid_days: int = Field(default=14, ge=1, le=730)

    @property
    def share_off(self) -> float:
        """The share of an order that it takes off; 0 where it takes off money or nothing."""
        return parse_share(self.takes_off) if isinstance(self.takes_off, str) else 0.0

    @property
    def money_off(self) -> float:
        """The money that it takes off an order; 0 where it takes off a share or nothing."""
        return 0.0 if isinstance(self.takes_off, str) else self.takes_off


class PlaybookPart(DeclaredPart):
    """`[[playbooks]]`: who gets which offers, within which limits, and with whom they are compared.

    `when` is a rule over features, scores, segments and `p_next_SEGMENT`; without it that of the `template` holds.
    `goal` is judged over `window` from the assignment on. `budget` is money of one campaign, `capacity` contacts per
    `per`. Nobody is contacted by this playbook within `cooldown`, or by any within `cooldown_all`, of the last contact.
    `never` is a rule of whom to leave alone. `effect` is what a contact is believed to add to the chance of an order,
    where no experiment says it yet. With `triggered` people enter when they first become eligible, otherwise all are
    drawn at once. `deliver` names `[[deliveries]]` or `[[pushes]]`; without it a file is written.
    """

    name: Name
    template: Template | None = None
    when: str = ""
    never: str = ""
    offers: tuple[str, ...] = ()
    goal: Goal = "orders"
    window: Annotated[str, AfterValidator(_readable_horizon)] = "60d"
    budget: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    capacity: int | None = Field(default=None, ge=1)
    per: Literal["day", "week"] = "day"
    cooldown: Wait = "30d"
    cooldown_all: Wait = "7d"
    valid_from: date | None = None
    valid_until: date | None = None
    owner: str = ""
    holdout: Annotated[str | float, BeforeValidator(_share_or_auto)] = AUTO
    triggered: bool = False
    effect: Annotated[float | None, BeforeValidator(lambda value: None if value is None else parse_share(value))] = None
    deliver: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_for_whom(self) -> PlaybookPart:
        if not self.when and self.template is None:
            raise InputError(
                "A playbook needs to say for whom it is.",
                found=f"{self.name!r} without when and template",
                expected="a rule, or one of the templates: win back, second order, nurture, rest",
                hint='when = "p_churn > 60 % and expected_spend > 50"',
            )
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise InputError(
                "A playbook ends before it begins.",
                found=f"valid_until = {self.valid_until}",
                expected=f"a day after {self.valid_from}",
            )
        return self


def _told_apart(what: str, names: Sequence[str]) -> None:
    if repeated := [name for name, times in Counter(names).items() if times > 1]:
        raise InputError(f"Two {what} have one name.", found=", ".join(repeated), expected="names that tell them apart")


def _offers_told_apart(parts: list[OfferPart]) -> list[OfferPart]:
    _told_apart("offers", [part.name for part in parts])
    return parts


def _playbooks_told_apart(parts: list[PlaybookPart]) -> list[PlaybookPart]:
    _told_apart("playbooks", [part.name for part in parts])
    return parts


Offers = Annotated[list[OfferPart], AfterValidator(_offers_told_apart)]
Playbooks = Annotated[list[PlaybookPart], AfterValidator(_playbooks_told_apart)]


def offers_of(playbook: PlaybookPart, offers: Sequence[OfferPart]) -> tuple[OfferPart, ...]:
    """The offers that a playbook names; InputError with those that are declared where one is not."""
    known = {offer.name: offer for offer in offers}
    if unknown := [name for name in playbook.offers if name not in known]:
        raise InputError(
            f"The playbook {playbook.name!r} names an offer that is not declared.",
            found=unknown[0],
            expected=f"one of: {', '.join(known)}" if known else "an [[offers]] part",
        )
    return tuple(known[name] for name in playbook.offers)
