"""The report in a real browser, from disk, without a network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import run
from foretell.project.progress import Silent

pytestmark = pytest.mark.outside("chromium")

HOSTILE = "<img src=https://example.org/x.png onerror=document.body.remove()>"
LONG = "a-very-long-customer-id-" * 12
SECTIONS = [
    "Who is leaving",
    "Who is rising",
    "Segments today",
    "Where customers move",
    "What customers are worth",
    "How good the forecasts are, and against what",
    "The data",
    "How this was made",
]


def _moment(day: float) -> str:
    return f"{datetime(2024, 1, 1) + timedelta(days=day):%Y-%m-%d %H:%M:%S}"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run over a small shop, whose two best customers have ids that do not behave."""
    folder = tmp_path_factory.mktemp("shop")
    random = np.random.default_rng(3)
    lines = ["customer,sold_at,amount"]
    for number in range(60):
        day = float(random.uniform(0, 60))
        for _ in range(int(random.geometric(0.2))):
            lines.append(f"C{number:03d},{_moment(day)},{random.gamma(2, 15):.2f}")
            day += float(random.exponential(15)) + 0.5
    lines += [f"{name},{_moment(day)},{900 + day:.2f}" for name in (HOSTILE, LONG) for day in range(5, 105, 11)]
    path = folder / "orders.csv"
    path.write_text("\n".join(lines) + "\n")
    columns = {"customer": "customer", "time": "sold_at", "amount": "amount"}
    request = request_for_files(
        [path], folder / "out", columns=columns, horizons=(30,), as_of="2024-04-15", currency="EUR", workers=1
    )
    return run(request, Silent()).files["report.html"]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


class Opened:
    """The report in a window; what it asked for and complained about on the way."""

    def __init__(self, browser: Browser, report: Path, width: int = 1440, dark: bool = False) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        self.page.set_default_timeout(5_000)
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.route("**/*", self._only_the_file)
        self.page.goto(report.as_uri())

    def _only_the_file(self, route: Route) -> None:
        self.requests.append(route.request.url)
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    def background(self) -> str:
        return str(self.page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("width", [390, 768, 1440])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_opens_from_disk_and_fits(browser: Browser, report: Path, width: int, dark: bool) -> None:
    opened = Opened(browser, report, width, dark)
    assert opened.complaints == []
    assert opened.requests == [report.as_uri()]
    for summary in reversed(opened.page.locator("details:not([open]) > summary").all()):
        summary.click()
    assert opened.page.locator("details:not([open])").count() == 0
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.page.locator("h1").count() == 1
    assert opened.page.locator("h2").all_inner_texts()[-len(SECTIONS) :] == SECTIONS
    opened.page.close()


def test_dark_is_dark_and_light_is_light(browser: Browser, report: Path) -> None:
    light, dark = Opened(browser, report).background(), Opened(browser, report, dark=True).background()
    levels = [sum(int(part) for part in colour.strip("rgb()").split(",")) for colour in (light, dark)]
    assert levels[0] > 600
    assert levels[1] < 150


def test_ids_are_text(browser: Browser, report: Path) -> None:
    opened = Opened(browser, report)
    shown = opened.page.locator("section[aria-labelledby=leaving-title] bdi.id").all_inner_texts()
    assert HOSTILE in shown
    assert any(text.startswith("a-very-long") and len(text) <= 80 for text in shown)
    assert opened.page.locator("img, script").count() == 0


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_readable_is_cut_off(browser: Browser, report: Path, width: int) -> None:
    opened = Opened(browser, report, width)
    outside = opened.page.evaluate(
        """() => [...document.querySelectorAll('main *:not(svg *)')]
            .filter(e => !e.closest('.scroll') && !e.closest('thead') && e.getClientRects().length)
            .filter(e => { const box = e.getBoundingClientRect();
                           return box.right > innerWidth + 1 || box.left < -1 })
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert outside == []


def test_drawings_say_what_they_show(browser: Browser, report: Path) -> None:
    page = Opened(browser, report).page
    names = page.get_by_role("img").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    assert "Calibration: forecast against outcome" in names
    assert all(names)


def test_the_printed_page_leaves_nothing_folded(browser: Browser, report: Path) -> None:
    page = Opened(browser, report, width=718).page
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    tables = page.locator("table.metrics")
    assert tables.count() > 3
    assert all(table.bounding_box() for table in tables.all())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def _flows(report: Path, kind: str) -> dict[tuple[str, str], str]:
    """The flows of the table beside the report, by names as the page shows them, of those it shows."""
    rows = pq.read_table(report.parent / "migration.parquet").to_pylist()
    return {
        (row["from_segment"].replace("(new)", "Newcomers"), row["to_segment"]): f"{row['customers']:,.0f}"
        for row in rows
        if row["segment_set"] == "rfm" and row["kind"] == kind and row["customers"] >= 0.5
    }


def test_moves_are_drawn_and_listed_as_the_table_says(browser: Browser, report: Path) -> None:
    page = Opened(browser, report).page
    views = page.locator("section[aria-labelledby=migration-title] > .views")
    for tab, kind, other in (("Last 30 days", "actual", "ahead"), ("Next 30 days", "forecast", "past")):
        views.get_by_text(tab, exact=True).click()
        assert not views.locator(f".view.{other}").is_visible()
        assert views.get_by_role("img", name="Moves between segments").count() == 1
        cells = page.evaluate(
            """() => {
                const table = [...document.querySelectorAll('table.moves')].find(e => e.getClientRects().length);
                const columns = [...table.querySelectorAll('thead th')].map(e => e.innerText).slice(0, -1);
                return [...table.querySelectorAll('tbody tr:not(.all)')].flatMap(row => columns.map((name, place) =>
                    [row.querySelector('th').innerText, name, row.querySelectorAll('td')[place].innerText]));
            }"""
        )
        assert {(begin, end): told for begin, end, told in cells if told} == _flows(report, kind)


def test_both_views_of_moves_are_printed(browser: Browser, report: Path) -> None:
    page = Opened(browser, report, width=718).page
    page.emulate_media(media="print")
    views = page.locator("section[aria-labelledby=migration-title] > .views > .view")
    assert [view.is_visible() for view in views.all()] == [True, True]
    assert not page.locator(".views > label").first.is_visible()
