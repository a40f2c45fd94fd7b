"""The leak check on a user's own log and features, at several past cutoffs. It reads, and leaves nothing behind."""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np

from foretell.customer_log.erasure.forgotten import BlockList
from foretell.examples.leakage import DoubtfulTimes, Leak, doubtful_times, leaks
from foretell.examples.plan import EVERYTHING, Plan
from foretell.features.registry import FEATURES, features_of
from foretell.pipeline.intake.columns import settled_columns
from foretell.pipeline.intake.log import brought_up_to_date, source_of
from foretell.pipeline.run import planned
from foretell.project.errors import InputError
from foretell.project.intervals import day_of, from_microseconds, midnight
from foretell.project.place import Place
from foretell.project.progress import Progress
from foretell.project.request import Request
from foretell.timelines.engine import Engine

SHARES_OF_HISTORY = (0.4, 0.6, 0.8)


@dataclass(frozen=True)
class LeakageReport:
    """What was checked and what was found; `cutoffs` are days, `leaks` by feature, then cutoff."""

    features: tuple[str, ...]
    cutoffs: tuple[str, ...]
    customers: int
    leaks: tuple[Leak, ...]
    times: DoubtfulTimes
    timezone: str

    @property
    def is_clean(self) -> bool:
        """Whether no feature leaks."""
        return not self.leaks

    def as_json(self) -> dict[str, object]:
        """The report in plain values; a null stands for NaN."""
        told = [asdict(leak) | {"cutoff": self.day(leak)} for leak in self.leaks]
        for leak in told:
            leak |= {name: None if np.isnan(leak[name]) else leak[name] for name in ("value", "changed_value")}
        return {
            "clean": self.is_clean,
            "features": len(self.features),
            "cutoffs": list(self.cutoffs),
            "customers": self.customers,
            "leaks": told,
            "times": asdict(self.times),
        }

    def day(self, leak: Leak) -> str:
        """The cutoff of a leak as a local day."""
        return day_of(leak.cutoff, self.timezone)


def check_leakage(request: Request, features_file: Path | None, progress: Progress) -> LeakageReport:
    """Compute every feature, those of the user's file too, with and without what was not known yet."""
    with user_features(features_file), tempfile.TemporaryDirectory(prefix="foretell-") as folder:
        files = source_of(request)
        columns, settled = settled_columns(files, request, None)
        BlockList(settled.place.state).lend(Path(folder))
        settled = replace(settled, place=Place(Path(folder), Path(folder)), identity="leak check")
        log = brought_up_to_date(settled, files, columns, progress)
        engine, plan = log.engine, planned(log, progress)[0]
        cutoffs = past_cutoffs(plan)
        found, times = _checked(engine, plan, cutoffs, progress)
        days = tuple(day_of(cutoff, plan.timezone) for cutoff in cutoffs)
        return LeakageReport(
            features_of(engine.tables), days, plan.survey.customers, _added_up(found), times, plan.timezone
        )  # fmt: skip


def past_cutoffs(plan: Plan) -> tuple[int, ...]:
    """Local midnights spread over the history, and the as-of date."""
    span = plan.as_of - plan.survey.log_start
    moments = (plan.survey.log_start + round(share * span) for share in SHARES_OF_HISTORY)
    local = (from_microseconds(moment, plan.timezone).date() + timedelta(days=1) for moment in moments)
    return tuple(sorted({plan.as_of, *(min(midnight(day, plan.timezone), plan.as_of) for day in local)}))


@contextmanager
def user_features(path: Path | None) -> Iterator[None]:
    """The features that a Python file registers, for as long as they are needed."""
    before = dict(FEATURES)
    try:
        if path is not None:
            _run_file(path)
            if len(FEATURES) == len(before):
                raise InputError(
                    "The file registers no feature.",
                    file=str(path),
                    expected="functions under @feature(name, unit)",
                    hint="from foretell.features.registry import feature",
                )
        yield
    finally:
        FEATURES.clear()
        FEATURES.update(before)


def _run_file(path: Path) -> None:
    name = f"user_features.{path.stem}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise InputError("The file of features cannot be read.", file=str(path), expected="a Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(
            "The file of features cannot be run.",
            file=str(path),
            line=_line_of(error, path),
            found=f"{type(error).__name__}: {error}",
        ) from error
    finally:
        del sys.modules[name]


def _line_of(error: Exception, path: Path) -> int | None:
    if isinstance(error, SyntaxError):
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return lines[-1] if lines else None


def _checked(
    engine: Engine, plan: Plan, cutoffs: Sequence[int], progress: Progress
) -> tuple[list[Leak], DoubtfulTimes]:
    progress.step("Looking for leaks", len(engine.buckets) * len(cutoffs))
    found: list[Leak] = []
    times = DoubtfulTimes()
    for bucket in engine.buckets:
        everything = bucket.read(EVERYTHING)
        times += doubtful_times(everything)
        for cutoff in cutoffs:
            known = bucket.read(cutoff)
            if len(known.customer_key):
                found += leaks(everything, known, cutoff, features_of(engine.tables), plan.survey.population(cutoff))
            progress.advance()
    return found, times


def _added_up(found: Sequence[Leak]) -> tuple[Leak, ...]:
    """The leaks of all buckets: those of one feature, cutoff and change as one."""
    whole: dict[tuple[str, int, str], Leak] = {}
    for leak in found:
        key = (leak.feature, leak.cutoff, leak.change)
        so_far = whole.get(key)
        whole[key] = (
            leak
            if so_far is None
            else replace(so_far, customers=so_far.customers + leak.customers, of=so_far.of + leak.of)
        )
    return tuple(whole[key] for key in sorted(whole))
