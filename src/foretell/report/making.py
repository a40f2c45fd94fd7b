"""The part of the report on how it was made: who serves, with which seed, and the command that repeats it."""

from __future__ import annotations

import shlex
from pathlib import Path

from foretell.answers.model import reason_in_words
from foretell.answers.published import RunOverHorizon
from foretell.project.version import __version__
from foretell.words.wording import decimal, model_name, shown


def facts(run: RunOverHorizon) -> list[tuple[str, str]]:
    """Model id, seed, version and settings."""
    settings, plan = run.request.settings, run.plan
    return [
        ("Run", run.run.record.run),
        ("Model id", run.models.model_id),
        ("Policy", run.models.under.said),
        ("Foretell", f"version {__version__}, seed {settings.seed}"),
        ("Spend counts", "orders minus refunds" if settings.value == "net" else "orders, refunds not taken off"),
        ("Calendar", plan.timezone),
        ("Currency", settings.currency or "not told"),
        ("Columns", ", ".join(f"{role} = {shown(column)}" for role, column in run.intake.columns.items())),
    ]


def serving(run: RunOverHorizon) -> list[tuple[str, str, str]]:
    """Each question, the model that serves it, and why that one."""
    told = []
    for target in (objective.target for objective in run.plan.objectives):
        name = run.models.names.get(target.model_of)
        choice = run.proof.choices.get(target.name)
        if name is None:
            told.append(
                (
                    target.meaning[:1].upper() + target.meaning[1:],
                    "the overall chance of the past",
                    "nothing could be learned",
                )
            )
            continue
        threshold = run.models.thresholds.get(target.name)
        reason = reason_in_words(choice.reason) if choice else "not proved, so the simplest that could be taught"
        beside = f" Customers count as selected from {decimal(threshold, 2)} on." if threshold is not None else ""
        told.append((target.meaning[:1].upper() + target.meaning[1:], model_name(name), reason + beside))
    return told


def command(run: RunOverHorizon) -> str:
    """The command that repeats the run: as of the same day, over the same horizon, with the same columns, and with
    dates and numbers read in the same way."""
    request, plan, intake = run.request, run.plan, run.intake
    settings = request.settings
    words = ["foretell", "run", *([] if request.is_declared else [_from_here(file) for file in request.orders.files])]
    words += ["--as-of", plan.as_of_day(), "--horizon", f"{plan.horizon_days}d"]
    words += ["--columns", ",".join(f"{role}={column}" for role, column in intake.columns.items())]
    words += ["--value", settings.value, "--seed", str(settings.seed), "--timezone", plan.timezone]
    words += ["--currency", settings.currency] if settings.currency else []
    words += ["--margin", f"{settings.margin:g}"] if settings.margin != 1 else []
    words += ["--discount-rate", f"{settings.discount_rate:g}"] if settings.discount_rate != 0.1 else []
    words += ["--date-order", intake.date_order] if intake.date_order else []
    words += ["--decimal", intake.decimal] if intake.decimal != "." or request.orders.decimal else []
    return shlex.join([*words, "--out", str(request.place.out)])


def _from_here(file: Path) -> str:
    """The path of a file, from the working folder where it lies below that."""
    here = Path.cwd().resolve()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
