"""The report of real small runs: whatever the log holds, the page is whole, right, and nobody else's markup."""

from __future__ import annotations

import itertools
import re
import shlex
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from foretell.answers.headline import figures
from foretell.answers.published import PublishedRun
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.run import run
from foretell.project.progress import Silent
from foretell.report.page import report_html
from typed import typed

COLUMNS = {"customer": "customer", "time": "sold_at", "amount": "amount", "order": "order_no", "product": "sku"}
HOSTILE = {
    "C0000": "<script>alert('id')</script>",
    "C0001": '"><img src=x onerror=alert(1)>',
    "C0002": "{{ 7 * 7 }}{% raw %}",
    "C0003": "a\u202eb\u200bc",
    "C0004": "W" * 500,
    "C0005": "</style></title><b>bold",
}
VOID = {"meta", "link", "br", "hr", "img", "input", "rect", "line", "polyline", "polygon", "circle"}
Row = tuple[str, str, str, str, str]


@dataclass
class Page(HTMLParser):
    """A page read strictly: every tag is closed in order; elements, texts, headings and ids in the order they come."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.stack:
            return
        if data.strip():
            self.texts.append(" ".join(data.split()))
            if self.stack[-1:] == ["bdi"] and self.elements[-1] == ("bdi", {"class": "id"}):
                self.ids.append(data)
            if self.stack and re.fullmatch(r"h[1-6]", self.stack[-1]):
                self.headings.append((int(self.stack[-1][1]), data))

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def parsed(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert page.stack == []
    return page


def run_of(rows: list[Row], folder: Path, **options: object) -> PublishedRun:
    """A real run over rows of customer, time, order, product and amount."""
    lines = ["customer,sold_at,order_no,sku,amount"]
    lines += [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path = folder / "orders.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    request = request_for_files([path], folder / "out", columns=COLUMNS, workers=1, **options)
    return run(request, Silent()).run


@pytest.fixture(scope="module")
def hostile_run(shop: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> PublishedRun:
    """The made shop with hostile customer ids, some rows that cannot be used, and enough history to prove."""
    rows = [
        (HOSTILE.get(r["customer"], r["customer"]), r["sold_at"], r["order_no"], r["sku"], r["amount"]) for r in shop
    ]
    rows += [("C0009", "2024-02-01 10:00:00", "X1", "P1", "<b>much</b>"), ("", "2024-02-01 10:00:00", "X2", "P1", "5")]
    rows += [("returner", "2024-02-03 10:00:00", "X3", "P1", "-5.00")]
    folder = tmp_path_factory.mktemp("shop")
    return run_of(rows, folder, horizons=(30,), as_of="2024-03-25", currency="GBP", name="<i>Shop</i>")


@pytest.fixture(scope="module")
def shop_html(hostile_run: PublishedRun) -> str:
    return (hostile_run.request.place.out / "report.html").read_text(encoding="utf-8")


def small_log(kind: str) -> list[Row]:
    """Logs from which little or nothing can be learned."""
    days = [f"2024-01-{day:02d} 10:00:00" for day in range(1, 29)]
    return {
        "one customer, one order": [("a", days[0], "1", "p", "10.00")],
        "one customer, several orders": [("a", day, f"{n}", "p", "10.00") for n, day in enumerate(days[::7])],
        "nobody repeats": [(f"c{n}", day, f"{n}", "p", "12.50") for n, day in enumerate(days)],
        "everything is free": [(f"c{n % 5}", day, f"{n}", "p", "0") for n, day in enumerate(days)],
        "everything on one day": [(f"c{n % 5}", days[0], f"{n}", "p", "3") for n in range(20)],
        "everything is returned": [
            (f"c{n % 5}", day, f"{n}-{sign}", "p", f"{sign}9.00") for n, day in enumerate(days) for sign in ("", "-")
        ],
        "short history": [(f"c{n % 9}", day, f"{n}", "p", f"{1 + n % 7}.00") for n, day in enumerate(days)],
    }[kind]


SMALL = (
    "one customer, one order",
    "one customer, several orders",
    "nobody repeats",
    "everything is free",
    "everything on one day",
    "everything is returned",
    "short history",
)


@pytest.mark.parametrize("kind", SMALL)
def test_the_report_of_a_log_that_teaches_little_is_whole_and_says_so(kind: str, tmp_path: Path) -> None:
    found = run_of(small_log(kind), tmp_path, horizons=(60,), as_of="2024-01-29")
    page = parsed(report_html(found))
    assert "Read this first" in page.text
    assert "not known" in page.text or "Short history" in page.text
    assert not re.search(r"\b(nan|inf|None|null)\b", page.text)
    customers = len(found.main.scores)
    assert f"{customers:,}\n{'customer' if customers == 1 else 'customers'}\n" in page.text
    assert sum(int(text) for text in segment_sizes(page)) == customers


def segment_sizes(page: Page) -> list[str]:
    """The number of customers in each row of the table of segments."""
    begin = page.texts.index("Segments today")
    after = ("Where customers move", "What customers are worth", "How good the forecasts are, and against what")
    end = min(page.texts.index(title) for title in after if title in page.texts)
    own = page.texts[begin:end]
    return [text for text, share in itertools.pairwise(own) if text.replace(",", "").isdigit() and share.endswith("%")]


def test_the_small_logs_differ_in_what_they_teach(tmp_path: Path) -> None:
    alone = run_of(small_log("one customer, one order"), tmp_path, horizons=(60,), as_of="2024-01-29")
    assert alone.main.proof.unproved
    assert "Nothing here is proved" in report_html(alone)


def test_the_page_is_whole(shop_html: str) -> None:
    page = parsed(shop_html)
    assert page.all("html")[0]["lang"] == "en"
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))
    assert all(cell.get("scope") in ("col", "row") for cell in page.all("th"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for name in ("aria-labelledby", "href"):
            if name in attributes:
                assert str(attributes[name]).lstrip("#") in ids
    drawings = [a for a in page.all("svg") if a.get("aria-hidden") != "true"]
    assert len(drawings) >= 8
    assert all(drawing["role"] == "img" and drawing["aria-label"] for drawing in drawings)
    assert len(page.all("desc")) == len(drawings)
    titles = len(page.all("title"))
    assert titles == 1 + len(drawings) + len([a for a in page.all("path") if str(a["class"]).startswith("flow")])


def test_the_page_needs_nothing_from_outside(shop_html: str) -> None:
    page = parsed(shop_html)
    assert {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in page.elements} == set()
    assert not re.search(r"https?:|@import|url\(", shop_html)
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")


def test_what_came_from_outside_is_text(hostile_run: PublishedRun, shop_html: str) -> None:
    page = parsed(shop_html)
    assert not {"b", "i", "img", "script"} & {tag for tag, _ in page.elements}
    assert "<b>much</b>" in page.text
    assert "<i>Shop</i>" in page.text
    everybody = {str(name) for name in hostile_run.main.scores["customer_id"].to_pylist()}
    assert len(set(HOSTILE.values()) & everybody) >= 4
    assert "\u202e" not in shop_html
    assert "W" * 100 not in shop_html


def test_hostile_ids_at_the_top_of_the_list_are_shown_as_text(tmp_path: Path) -> None:
    hostile = list(HOSTILE.values())
    rows = [(name, "2024-01-27 10:00:00", f"9{number}", "p", "5000.00") for number, name in enumerate(hostile)]
    found = run_of([*small_log("short history"), *rows], tmp_path, horizons=(14,), as_of="2024-01-29")
    page = parsed(report_html(found))
    shown = page.ids[: len(hostile)]
    assert page.texts[page.texts.index("Why") + 1] == shown[0]
    as_they_are = {name for name in hostile if len(name) < 80 and name.isprintable()}
    assert as_they_are < set(shown)
    assert len(set(shown)) == len(hostile)
    for name in shown:
        assert len(name) <= 80
        assert name.isprintable()


def test_headline_numbers_are_those_of_the_scores(hostile_run: PublishedRun, shop_html: str) -> None:
    text = parsed(shop_html).text.replace("\xa0", " ")
    scores, customers = hostile_run.main.scores, hostile_run.main.customers
    assert f"{len(scores):,}\ncustomers" in text
    assert f"{scores['expected_orders'].to_numpy().sum():,.0f}\norders expected" in text
    assert f"{scores['expected_spend'].to_numpy().sum():,.0f}\nGBP\nspend expected" in text
    then = figures(hostile_run.main)["known_then_orders"]
    assert f"after {then:,.0f} in the last 30 days by those known before" in text
    stake = np.nan_to_num(scores["p_churn"].to_numpy()) * customers["trailing_spend"].to_numpy()
    assert f"{stake.sum():,.0f}\nGBP\nat risk" in text


def test_the_list_of_the_leaving_is_by_money_at_stake(hostile_run: PublishedRun, shop_html: str) -> None:
    page = parsed(shop_html)
    scores, customers = hostile_run.main.scores, hostile_run.main.customers
    stake = np.nan_to_num(scores["p_churn"].to_numpy()) * customers["trailing_spend"].to_numpy()
    first = scores["customer_id"][int(np.argsort(-stake, kind="stable")[0])].as_py()
    assert page.texts[page.texts.index("Why") + 1] == (first if len(first) < 80 else f"{first[:40]}…{first[-39:]}")
    assert page.text.count("they are not causes") == 1


def test_the_proof_is_told(hostile_run: PublishedRun, shop_html: str) -> None:
    page = parsed(shop_html)
    text = page.text.replace("\xa0", " ")
    assert hostile_run.main.proof.grades["purchase"].advice in text
    cutoffs = sorted({m.cutoff for m in hostile_run.main.proof.measured})
    assert f"past cutoff{'s' if len(cutoffs) > 1 else ''}: {', '.join(cutoffs)}" in text
    for name in ("base rate", "recency", "status quo", "RFM cells", "BG/NBD", "logistic regression"):
        assert name in page.texts
    for metric in ("AUROC", "average precision", "log loss", "Brier", "lift at 10 %", "F1", "MAE, GBP", "decile error"):
        assert metric in text
    assert "serves" in page.texts
    assert "Do the chances come true?" in text


def test_refused_rows_are_told_with_examples(shop_html: str) -> None:
    text = parsed(shop_html).text
    assert "Rows that could not be used" in text
    assert "orders.csv, line" in text
    assert "amount is “<b>much</b>”" in text
    assert "1, not scored" in text


def test_the_command_repeats_the_scores(hostile_run: PublishedRun, shop_html: str, tmp_path: Path) -> None:
    command = re.search(r"<code>(.*?)</code>", shop_html, re.DOTALL)
    assert command is not None
    words = shlex.split(command[1].replace("&#39;", "'"))
    before = (hostile_run.request.place.out / "scores.parquet").read_bytes()
    assert words[:2] == ["foretell", "run"]
    ran = typed(*words[1:], folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert (hostile_run.request.place.out / "scores.parquet").read_bytes() == before
    assert pq.read_table(hostile_run.request.place.out / "scores.parquet").equals(hostile_run.main.scores)


def test_the_same_run_gives_the_same_page(hostile_run: PublishedRun, shop_html: str) -> None:
    assert report_html(hostile_run) == shop_html


def luminance(colour: str) -> float:
    """The relative luminance of #rrggbb (WCAG 2.1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1, 2], ids=["light", "dark", "print"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [(ink, "paper") for ink in ("ink", "quiet", "accent", "ours", "other", "ideal")]
    + [("ink", "raised"), ("warn", "warn-paper"), ("ink", "warn-paper")],
)
def test_text_stands_out_from_its_ground(theme: int, ink: str, paper: str, shop_html: str) -> None:
    rule = re.findall(r":root \{(.*?)\}", shop_html, re.DOTALL)[theme]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", rule))
    full = {
        name: value if len(value) == 7 else "#" + "".join(2 * part for part in value[1:])
        for name, value in colours.items()
    }
    light, dark = sorted((luminance(full[ink]), luminance(full[paper])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
