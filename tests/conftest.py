"""What every test shares: how much Hypothesis tries, and the parts that no Python package brings.

A test that needs such a part says `@pytest.mark.outside("chromium")`. Where the part is missing the test is
skipped and the last line of the run says so, with the command that installs it; with `CI=true` it fails.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["cdnow_fixtures", "shop_fixtures", "example_fixtures", "judged_fixtures", "database_fixtures"]

SLOW_IS_FINE = [HealthCheck.too_slow]
settings.register_profile(
    "steady", deadline=None, suppress_health_check=SLOW_IS_FINE, derandomize=True, max_examples=60
)
settings.register_profile("thorough", deadline=None, suppress_health_check=SLOW_IS_FINE, max_examples=300)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@dataclass(frozen=True)
class OutsidePart:
    """A program that some tests need: the names under which it may be installed, the command that installs it, and
    where it may lie (a pattern) beside the folders of PATH."""

    commands: tuple[str, ...]
    install: str
    beside: str = ""

    def path(self) -> str | None:
        """Where the program is, None if it is not there."""
        found = next(filter(None, map(shutil.which, self.commands)), None)
        return found or max(glob(self.beside), default=None)


OUTSIDE = {
    "chromium": OutsidePart(
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"), "sudo apt-get install chromium"
    ),
    "postgresql": OutsidePart(("pg_ctl",), "sudo apt-get install postgresql", "/usr/lib/postgresql/*/bin/pg_ctl"),
}

WHOLE_PROGRAM = ("laws", "doors")
IN_MEMORY, ROOM_NEEDED = Path("/dev/shm"), 6 * 2**30
"""Where Linux keeps files in memory: what tests write is gone in the end, and need not wait for a disk."""
if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM_NEEDED:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", f"outside(part): needs what no Python package brings: {', '.join(OUTSIDE)}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An unknown part is a mistake in the test, whether or not the test would run. Laws and doors, which run the whole
    program, come first: on two workers no long file is left for the end."""
    items.sort(key=lambda item: item.path.parent.name not in WHOLE_PROGRAM)
    for item in items:
        for part in _parts(item):
            if part not in OUTSIDE:
                raise pytest.UsageError(f"{item.nodeid}: outside({part!r}); known are: {', '.join(OUTSIDE)}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or with CI=true fail, a test whose outside part is missing."""
    for part in _parts(item):
        if OUTSIDE[part].path() is None:
            item.user_properties.append(("left out", part))
            missing = f"{part} is not installed: {OUTSIDE[part].install}"
            if os.environ.get("CI") == "true":
                pytest.fail(missing, pytrace=False)
            pytest.skip(missing)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """After pytest's own closing line: what was left out."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    skipped = [dict(report.user_properties).get("left out") for report in reporter.stats.get("skipped", [])]
    parts = sorted({part for part in skipped if part})
    if parts:
        count = sum(part is not None for part in skipped)
        tests, them = ("1 test, which needs", "it") if count == 1 else (f"{count} tests, which need", "them")
        commands = " && ".join(OUTSIDE[part].install for part in parts)
        reporter.write_line(f"Left out: {tests} {', '.join(parts)}. To run {them}: {commands}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser, for tests marked `outside("chromium")`."""
    path = OUTSIDE["chromium"].path()
    assert path is not None, 'mark the test with @pytest.mark.outside("chromium")'
    return path


@pytest.fixture(scope="session")
def postgresql_programs() -> Path:
    """The folder of the programs of the server, for tests marked `outside("postgresql")`."""
    path = OUTSIDE["postgresql"].path()
    assert path is not None, 'mark the test with @pytest.mark.outside("postgresql")'
    return Path(path).parent


def _parts(item: pytest.Item) -> list[str]:
    return [str(part) for mark in item.iter_markers("outside") for part in mark.args]
