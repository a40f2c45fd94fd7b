"""Who objects to profiling: the last word counts, from when it was known, and the past sees the state of then."""

from __future__ import annotations

from foretell.timelines.as_of import Population
from foretell.timelines.objections import may_be_profiled, object_to_profiling, objecting_before
from foretell.timelines.survey import Survey
from made_orders import DAY, batch_of
from made_views import bought, fact, view_at

EVERYBODY = Population(0, float("nan"), float("nan"), {"consents": 0})
LINES = [bought(1, customer=one) for one in "abcd"]


def said(day: float, customer: str, standing: str, use: str = "profiling", known: float | None = None) -> object:
    return fact("consents", day, customer, known, standing=standing, use=use)


FACTS = [
    said(10, "a", "denied"), said(20, "a", "granted"), said(12, "b", "denied", known=30), said(5, "b", "granted"),
    said(3, "c", "denied", use="marketing"),
]  # fmt: skip


def profiled(day: float) -> set[str]:
    customers, view = view_at(day, LINES, EVERYBODY, FACTS)  # type: ignore[arg-type]
    return {one for one, may in zip(customers, may_be_profiled(view), strict=True) if may}


def test_the_last_word_that_was_known_counts_and_only_about_profiling() -> None:
    assert profiled(9) == set("abcd")
    assert profiled(11) == set("bcd")
    assert profiled(21) == set("abcd")
    assert profiled(31) == set("acd")


def test_of_two_words_of_one_moment_the_denial_counts() -> None:
    both = [said(10, one, standing) for one in "abcd" for standing in ("denied", "granted")]
    _, view = view_at(11, LINES, EVERYBODY, both)  # type: ignore[arg-type]
    assert not may_be_profiled(view).any()


def test_a_batch_tells_the_same_and_the_survey_counts_them() -> None:
    batch = batch_of(LINES, "UTC", told=FACTS)  # type: ignore[arg-type]
    for day in (9, 11, 21, 31):
        own = dict(zip(batch.customer_id.to_pylist(), objecting_before(batch, day * DAY).tolist(), strict=True))
        assert {one for one, objects in own.items() if not objects} == profiled(day)
    assert Survey.of(batch).objecting == 1
    _, view = view_at(31, LINES, EVERYBODY, FACTS)  # type: ignore[arg-type]
    assert object_to_profiling(view.table("consents")).sum() == 1


def test_without_consents_everybody_who_ordered_is_profiled() -> None:
    _, view = view_at(9, LINES)
    assert may_be_profiled(view).all()
    assert not objecting_before(batch_of(LINES, "UTC"), 9 * DAY).any()
