"""The book of grades: what was written, in its order, and what restated it in words."""

from __future__ import annotations

from pathlib import Path

from foretell.outcomes.grading.grade import Figure, Grade
from foretell.outcomes.grading.grade_book import FILE_NAME, GradeBook, Restatement, restatements


def grade(orders: int, auroc: float = 0.81, customers: int = 100) -> Grade:
    figure = Figure("purchase", "all", "auroc", auroc, None, None, customers)
    return Grade(customers, 0, orders, f"{orders} {auroc}", "2022-05-01", (figure,), (), ())


def test_grades_come_back_in_their_order_by_run_and_horizon(tmp_path: Path) -> None:
    book = GradeBook(tmp_path)
    assert book.grades("run", 30) == []
    assert not (tmp_path / FILE_NAME).exists()
    for one in (grade(5), grade(9, 0.8)):
        book.write("run", 30, one)
    book.write("run", 90, grade(7))
    assert book.grades("run", 30) == [grade(5), grade(9, 0.8)]
    assert GradeBook(tmp_path).grades("run", 90) == [grade(7)]
    assert book.grades("another", 30) == []


def test_a_restatement_says_what_changed_and_why() -> None:
    (late,) = restatements([grade(5), grade(17, 0.8)])
    assert late.sentence == "AUROC restated from .810 to .800 because 12 orders became known later."
    assert Restatement(grade(5), grade(4)).why == "1 order was taken back later"
    assert Restatement(grade(5), grade(5)).why == "amounts or dates of orders changed later"
    gone = Restatement(grade(9), grade(5, customers=98))
    assert gone.why == "of 2 customers nothing is kept any more"
    assert restatements([grade(5)]) == []
