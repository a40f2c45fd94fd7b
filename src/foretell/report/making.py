"""The part of the report on how it was made: who serves, with which seed, and the command that repeats it."""

from __future__ import annotations

import shlex

from foretell import __version__
from foretell.models.registry import MODELS
from foretell.pipeline.run import Outcome
from foretell.project.declaration import FILE_NAME
from foretell.words.wording import decimal, model_name, shown


def facts(outcome: Outcome) -> list[tuple[str, str]]:
    """Model id, seed, version and settings."""
    request, plan = outcome.request, outcome.plan
    return [
        ("Model id", outcome.serving.model_id),
        ("Foretell", f"version {__version__}, seed {request.seed}"),
        ("Spend counts", "orders minus refunds" if request.value == "net" else "orders, refunds not taken off"),
        ("Calendar", plan.timezone),
        ("Currency", request.currency or "not told"),
        ("Columns", ", ".join(f"{role} = {shown(column)}" for role, column in outcome.columns.used().items())),
    ]


def serving(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Each question, the model that serves it, and why that one."""
    told = []
    for target in (objective.target for objective in outcome.plan.objectives):
        name = outcome.serving.names.get(target.model_of)
        choice = outcome.proof.choices.get(target.name)
        if name is None:
            told.append(
                (
                    target.meaning[:1].upper() + target.meaning[1:],
                    "the overall chance of the past",
                    "nothing could be learned",
                )
            )
            continue
        threshold = outcome.serving.thresholds.get(target.name)
        reason = reason_in_words(choice.reason) if choice else "not proved, so the simplest that could be taught"
        beside = f" Customers count as selected from {decimal(threshold, 2)} on." if threshold is not None else ""
        told.append((target.meaning[:1].upper() + target.meaning[1:], model_name(name), reason + beside))
    return told


def command(outcome: Outcome) -> str:
    """The command that repeats the run: as of the same day, over the same horizon, with the same columns, and with
    dates and numbers read in the same way."""
    request, plan, agreed = outcome.request, outcome.plan, outcome.ingested.agreed
    declared = request.identity.startswith(FILE_NAME)
    words = ["foretell", "run", *([] if declared else [str(file) for file in request.files])]
    words += ["--as-of", plan.as_of_day(), "--horizon", f"{plan.horizon_days}d"]
    words += ["--columns", ",".join(f"{role}={column}" for role, column in outcome.columns.used().items())]
    words += ["--value", request.value, "--seed", str(request.seed), "--timezone", plan.timezone]
    words += ["--currency", request.currency] if request.currency else []
    words += ["--margin", f"{request.margin:g}"] if request.margin != 1 else []
    words += ["--discount-rate", f"{request.discount_rate:g}"] if request.discount_rate != 0.1 else []
    words += ["--date-order", agreed.date_order] if agreed.date_order else []
    words += ["--decimal", agreed.decimal] if agreed.decimal != "." or request.decimal else []
    return shlex.join([*words, "--out", str(request.out)])


def reason_in_words(reason: str) -> str:
    """A sentence with models as people say them.

    >>> reason_in_words("rfm_cells serves: it ties with bg_nbd.")
    'RFM cells serves: it ties with BG/NBD.'
    """
    for name in sorted(MODELS, key=len, reverse=True):
        if "_" in name:
            reason = reason.replace(name, model_name(name))
    return reason[:1].upper() + reason[1:]
