"""The target of a declared push: where it is, and who asks. Tokens come from the environment and go nowhere else."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from foretell.delivery.connection import server_of
from foretell.delivery.pushes import hubspot, klaviyo, segment
from foretell.delivery.pushes.contract import NEVER, Target
from foretell.delivery.pushes.csv_file import CsvFile
from foretell.delivery.pushes.customer_match import CustomerMatch
from foretell.delivery.pushes.hubspot import HubSpot
from foretell.delivery.pushes.job_wait import USUAL_WAIT, JobWait
from foretell.delivery.pushes.klaviyo import Klaviyo
from foretell.delivery.pushes.ledger import PushLedger
from foretell.delivery.pushes.mailchimp import THROTTLED_SECONDS, Mailchimp
from foretell.delivery.pushes.pushing import USUAL_PATIENCE, Patience, Push
from foretell.delivery.pushes.salesforce import Salesforce
from foretell.delivery.pushes.segment import Segment
from foretell.delivery.pushes.web_api import WebApi
from foretell.project.errors import InputError
from foretell.project.parts.pushes import PushPart
from foretell.project.place import Place


@dataclass(frozen=True)
class Pace:
    """How long calls and jobs are waited for, in seconds."""

    timeout: float = 60.0
    job: JobWait = USUAL_WAIT
    throttled: float = THROTTLED_SECONDS
    patience: Patience = USUAL_PATIENCE


USUAL = Pace()


def opened(part: PushPart, place: Place, environment: Mapping[str, str], pace: Pace = USUAL) -> Push:
    """A declared push, ready to go; InputError where its token is not in the environment, or it is unusable."""
    target = target_of(part, place, environment, pace)
    repeats_for = NEVER if part.once and not part.is_file else target.repeats_for
    file = str(file_of(part, place).absolute()) if part.is_file else ""
    return Push(part.name, target, PushLedger(place.state), repeats_for, file, pace.patience)


def target_of(part: PushPart, place: Place, environment: Mapping[str, str], pace: Pace = USUAL) -> Target:
    """The tool or file that a push names; InputError as `opened`."""
    if part.is_file:
        return _file(part, place)
    token = _token(part, environment)

    def api(url: str, **headers: str) -> WebApi:
        server = server_of(part.url or url, f"the push {part.name!r}", part.allow_private, pace.timeout)
        return WebApi(server, headers, token)

    def hubspot_target() -> Target:
        return HubSpot(
            api(hubspot.URL, authorization=f"Bearer {token}"), part.of_object, part.key_property, part.create
        )

    def salesforce_target() -> Target:
        asked = api("", authorization=f"Bearer {token}")
        return Salesforce(asked, part.of_object, part.key_property, part.create, pace.job)

    def mailchimp_target() -> Target:
        asked = api(_mailchimp_url(part, token), authorization=_basic("foretell", token))
        return Mailchimp(asked, part.list, part.create, part.consent, pace.throttled)

    def klaviyo_target() -> Target:
        asked = api(klaviyo.URL, authorization=f"Klaviyo-API-Key {token}", revision=klaviyo.REVISION)
        return Klaviyo(asked, part.list, part.create, pace.job)

    def segment_target() -> Target:
        return Segment(api(segment.URL, authorization=_basic(token, "")), part.list)

    made: Mapping[str, Callable[[], Target]] = {
        "hubspot": hubspot_target,
        "salesforce": salesforce_target,
        "mailchimp": mailchimp_target,
        "klaviyo": klaviyo_target,
        "segment": segment_target,
    }
    return made[part.kind]()


def _file(part: PushPart, place: Place) -> Target:
    if part.kind == "csv":
        return CsvFile(file_of(part, place), part.key, list(part.fields), bool(part.email))
    return CustomerMatch(file_of(part, place), "google" if part.kind == "google" else "meta", part.calling_code)


def file_of(part: PushPart, place: Place) -> Path:
    """The file that a push writes: `path` beside foretell.toml, or one of its own among the results."""
    return place.state.parent / part.path if part.path else place.out / "pushes" / f"{part.name}.csv"


def _token(part: PushPart, environment: Mapping[str, str]) -> str:
    token = environment.get(part.secret_env, "").strip()
    if not token or not token.isascii() or not token.isprintable():
        raise InputError(
            f"The token of the push {part.name!r} is not there.",
            found=f"{'no' if not token else 'an unreadable'} environment variable {part.secret_env}",
            hint=f"export {part.secret_env}=...",
        )
    return token


def _mailchimp_url(part: PushPart, key: str) -> str:
    """Mailchimp's keys end with the name of the data centre that answers them."""
    centre = key.rpartition("-")[2]
    if not part.url and (not centre.isalnum() or "-" not in key or len(centre) > 6):
        raise InputError(
            f"The key of the push {part.name!r} does not say where Mailchimp answers.",
            expected="a key that ends with the data centre, such as -us6; or url",
            hint='url = "https://us6.api.mailchimp.com/3.0"',
        )
    return f"https://{centre}.api.mailchimp.com/3.0"


def _basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
