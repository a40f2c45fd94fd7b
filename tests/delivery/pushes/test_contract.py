"""Batches: everybody once, in order, within every limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from foretell.delivery.pushes.contract import DONE as TAKEN
from foretell.delivery.pushes.contract import BatchAnswer, Limits, Person, Value, all_told, in_batches, parts_of


@dataclass(frozen=True)
class Sized:
    """A target that only knows how large somebody is."""

    limits: Limits
    repeats_for: float = 0.0
    takes_all_at_once: bool = False

    def unfit(self, person: Person) -> str:
        return ""

    def size(self, person: Person) -> int:
        return len(person.email)

    def known(self, people: Sequence[Person]) -> Mapping[str, Mapping[str, Value]] | None:
        return None

    def send(self, people: Sequence[Person], batch: str) -> BatchAnswer:
        return BatchAnswer(all_told(people, TAKEN))


@given(st.lists(st.integers(0, 9), max_size=30), st.integers(1, 5), st.integers(1, 20))
def test_batches_keep_everybody_in_order_within_the_limits(sizes: list[int], most: int, largest: int) -> None:
    people = [Person(str(number), {}, "x" * size) for number, size in enumerate(sizes)]
    target = Sized(Limits(most, largest))
    batches = list(in_batches(people, target))
    assert [person for batch in batches for person in batch] == people
    assert all(0 < len(batch) <= most for batch in batches)
    assert all(sum(map(target.size, batch)) <= largest or len(batch) == 1 for batch in batches)
    assert [person for part in parts_of(people, most) for person in part] == people
