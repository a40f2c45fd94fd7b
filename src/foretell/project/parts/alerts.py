"""What a user declares about early warning: `[[alerts]]` and `[[deliveries]]` of `foretell.toml`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from foretell.project.errors import InputError

About = Literal["churn", "purchase", "high_value", "becomes_high_value", "decline"]
LONGEST_WAIT_DAYS = 1830


class DeclaredPart(BaseModel):
    """A part of the declaration; a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def parse_wait(text: str) -> int:
    """Days in a wait such as `14d` or `2w`; `0d` is none.

    >>> parse_wait("2w"), parse_wait("0d")
    (14, 0)
    """
    match = re.fullmatch(r"\s*(\d{1,4})\s*([dwDW])\s*", text)
    wait = int(match[1]) * (7 if match[2] in "wW" else 1) if match else LONGEST_WAIT_DAYS + 1
    if wait > LONGEST_WAIT_DAYS:
        raise InputError(
            "The wait cannot be read.",
            found=text,
            expected=f"a whole number of days or weeks up to {LONGEST_WAIT_DAYS}d",
            hint='cooldown = "14d"',
        )
    return wait


def _readable_wait(text: str) -> str:
    parse_wait(text)
    return text


def _one_line(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > 100:
        raise InputError("The name cannot be used.", found=repr(text), expected="one line of 1 to 100 characters")
    return text


def _environment_name(text: str) -> str:
    if text and not re.fullmatch(r"[A-Z_][A-Z0-9_]*", text):
        raise InputError(
            "A secret is not written into the declaration.",
            found="something that is no name of an environment variable",
            expected="the name of the environment variable that holds it: capitals, digits and _",
            hint='secret_env = "FORETELL_WEBHOOK_SECRET"',
        )
    return text


Name = Annotated[str, AfterValidator(_one_line)]
EnvironmentName = Annotated[str, AfterValidator(_environment_name)]


class AlertPart(DeclaredPart):
    """`[[alerts]]`: what to warn of. `when`, `change` and `move` must all hold of a customer; `spike` watches one
    weekly series instead (a segment's name, or `orders`, `spend`, `churn risk`).

    `about` names the event that the warning is of, on which it is tested; `min_money` is the expected spend that must
    be at stake; after a warning of a customer the rule is silent about them for `cooldown`; `deliver` names deliveries
    as `kind:name`. A rule that cannot be tested on the past is off unless `untested = true`.
    """

    name: Name
    when: str = ""
    change: str = ""
    move: str = ""
    spike: str = ""
    about: About = "churn"
    min_money: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    cooldown: Annotated[str, AfterValidator(_readable_wait)] = "14d"
    deliver: tuple[str, ...] = ()
    untested: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> AlertPart:
        of_customers = bool(self.when or self.change or self.move)
        if of_customers == bool(self.spike):
            raise InputError(
                "An alert needs something to watch.",
                found="spike beside another condition" if self.spike else f"{self.name!r} without a condition",
                expected="when, change or move (of customers), or spike alone (of a weekly series)",
                hint='when = "p_churn > 60 %"',
            )
        return self


class DeliveryPart(DeclaredPart):
    """`[[deliveries]]`: a way out. `secret_env` names the environment variable that holds the secret: the signing
    secret of a webhook, the password of a mail account.

    `url` is that of a webhook, `allow_private` lets it lie in one's own network. `to`, `sender`, `server`, `port`,
    `security` and `username` are those of e-mail. With `automatic = true` a run sends by itself, otherwise
    `foretell alerts send` does.
    """

    name: Name
    kind: Literal["webhook", "email"]
    url: str = ""
    to: str | tuple[str, ...] = ()
    sender: str = ""
    server: str = ""
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "ssl", "none"] = "starttls"
    username: str = ""
    secret_env: EnvironmentName = ""
    allow_private: bool = False
    automatic: bool = False

    @property
    def channel(self) -> str:
        """The name by which alerts call it."""
        return f"{self.kind}:{self.name}"

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses of an e-mail."""
        return (self.to,) if isinstance(self.to, str) else self.to

    @model_validator(mode="after")
    def _is_whole(self) -> DeliveryPart:
        needed = ("url", "secret_env") if self.kind == "webhook" else ("to", "sender", "server")
        missing = [name for name in needed if not getattr(self, name)]
        if missing:
            raise InputError(
                f"The delivery {self.channel} is not whole.",
                found=f"no {', no '.join(missing)}",
                expected=", ".join(needed),
            )
        return self


def _told_apart(parts: list[AlertPart]) -> list[AlertPart]:
    _refuse_repeated("alerts", [part.name for part in parts])
    return parts


def _channels_told_apart(parts: list[DeliveryPart]) -> list[DeliveryPart]:
    _refuse_repeated("deliveries", [part.channel for part in parts])
    return parts


def _refuse_repeated(what: str, names: Sequence[str]) -> None:
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        raise InputError(f"Two {what} have one name.", found=", ".join(repeated), expected="names that tell them apart")


Alerts = Annotated[list[AlertPart], AfterValidator(_told_apart)]
Deliveries = Annotated[list[DeliveryPart], AfterValidator(_channels_told_apart)]


def deliveries_of(alert: AlertPart, deliveries: Sequence[DeliveryPart]) -> tuple[DeliveryPart, ...]:
    """The deliveries that an alert names; InputError with those that are declared where one is not."""
    known = {delivery.channel: delivery for delivery in deliveries}
    unknown = [channel for channel in alert.deliver if channel not in known]
    if unknown:
        raise InputError(
            f"The alert {alert.name!r} names a delivery that is not declared.",
            found=unknown[0],
            expected=f"one of: {', '.join(known)}" if known else "a [[deliveries]] part",
        )
    return tuple(known[channel] for channel in alert.deliver)
