"""Rules: conditions on features and scores, written as people say them; nothing in them is ever executed.

    rule       = all {"or" all}             all = condition {"and" condition}
    condition  = "not" condition | "(" rule ")" | name "is" ["not"] "null" | value {comparison value}
    comparison = "<" | "<=" | ">" | ">=" | "=" | "==" | "!="
    value      = name | ["-"] number ["%"] | text in single or double quotes

A comparison with null is false, whichever it is, and `not` turns it over: with `x` null, `x > 1` and `x != 1` are
false and `not x > 1` is true. So every rule is true or false of every customer; who wants only the known writes
`x is not null and not x > 1`. A chain holds where each of its comparisons does.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn

import numpy as np

from foretell.project.errors import InputError
from foretell.segments.conditions import (
    COMPARISONS,
    Columns,
    Condition,
    Constant,
    Inequality,
    Joined,
    Kind,
    Name,
    Not,
    NullTest,
)

LONGEST = 1_000
DEEPEST = 25
KEYWORDS = frozenset({"and", "or", "not", "is", "null"})
EXAMPLE = "days_since_last_order > 60 and spend_365d >= 500 and p_purchase < 30 %"
UNSEPARATED = "thousands are written without a separator: 1000"
ALL_NAMES = 'all features: python -c "import foretell.features as f; print(*f.FEATURES)"'
TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<name>[^\W\d]\w*)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<sign><=|>=|==|!=|[<>=()%-])
    | (?P<end>$))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Rule:
    """A condition on one customer, as it was written and as it was understood."""

    text: str
    condition: Condition

    @property
    def names(self) -> tuple[str, ...]:
        """The features and scores that it reads, in the order in which it names them."""
        return tuple(dict.fromkeys(self.condition.names()))

    def uses(self, names: Collection[str]) -> bool:
        """Whether it reads any of these: given the scores, whether it can only be told from today on.

        >>> parse_rule("spend_365d > 500", {"spend_365d": "number"}).uses({"p_purchase"})
        False
        """
        return any(name in names for name in self.names)

    def holds(self, columns: Columns) -> np.ndarray:
        """bool [customers]: of whom it is true. `columns` holds arrays of equal length for all `names`; null, None
        and NaN are null. Each customer is told by their own values alone.

        >>> rule = parse_rule("not 30 < days <= 90", {"days": "number"})
        >>> rule.holds({"days": np.array([30, 60, np.nan])}).tolist()
        [True, False, True]
        """
        return np.array(self.condition.holds(columns))

    def __str__(self) -> str:
        return str(self.condition)


def parse_rule(text: str, known: Mapping[str, Kind]) -> Rule:
    """The rule that a text says about columns of these names and kinds; InputError where it says none.

    >>> str(parse_rule("not(orders_90d==0 OR p_purchase<30%)", {"orders_90d": "number", "p_purchase": "number"}))
    'not (orders_90d = 0 or p_purchase < 30 %)'
    """
    if len(text) > LONGEST:
        raise InputError(
            "The rule is too long.",
            found=f"{len(text):,} characters",
            expected=f"at most {LONGEST:,}",
            hint="make two segments of it",
        )
    return Rule(text, _Reader(text, known).whole())


class _Reader:
    """Reads a rule from left to right, one word ahead."""

    def __init__(self, text: str, known: Mapping[str, Kind]) -> None:
        self.text, self.known, self.depth = text, known, 0
        self.next()
        if self.kind == "end":
            raise InputError("The rule is empty.", found=repr(text), expected="a condition", hint=EXAMPLE)

    def next(self, start: int = 0) -> None:
        match = TOKEN.match(self.text, start)
        if match is None:
            self.start = start + len(self.text[start:]) - len(self.text[start:].lstrip())
            self.word = self.text[self.start]
            hint = UNSEPARATED if self.word == "," else EXAMPLE
            self.refuse("names, numbers, texts in quotes, comparisons, and, or, not, is null, brackets", hint)
        self.kind = str(match.lastgroup)
        self.word, self.start, self.end = match[self.kind], match.start(self.kind), match.end()
        if self.kind == "name" and self.word.lower() in KEYWORDS:
            self.kind = self.word = self.word.lower()
        elif self.kind == "sign":
            self.kind = self.word = "=" if self.word == "==" else self.word

    def took(self, kind: str) -> bool:
        """Whether the next word is this one, which is then behind us."""
        is_next = self.kind == kind
        if is_next:
            self.next(self.end)
        return is_next

    def refuse(self, expected: str, hint: str = EXAMPLE) -> NoReturn:
        found = f"{self.word} at character {self.start + 1}" if self.word else "the end of the rule"
        raise InputError("The rule cannot be read.", found=f"{found} of: {self.text}", expected=expected, hint=hint)

    def whole(self) -> Condition:
        condition = self.any_of()
        if self.kind != "end":
            self.refuse("and, or, or the end of the rule")
        return condition

    def any_of(self) -> Condition:
        return self.joined("or", lambda: self.joined("and", self.condition))

    def joined(self, word: Literal["and", "or"], part: Callable[[], Condition]) -> Condition:
        parts = [part()]
        while self.took(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def condition(self) -> Condition:
        if self.kind not in ("not", "("):
            return self.comparison()
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"at most {DEEPEST} brackets and nots inside each other")
        found: Condition
        if self.took("not"):
            found = Not(self.condition())
        else:
            self.took("(")
            found = self.any_of()
            if not self.took(")"):
                self.refuse("a closing bracket")
        self.depth -= 1
        return found

    def comparison(self) -> Condition:
        values, signs = [self.value()], list[str]()
        if isinstance(values[0], Name) and self.took("is"):
            is_null = not self.took("not")
            if not self.took("null"):
                self.refuse("null", f"{values[0]} is not null")
            return NullTest(values[0], is_null)
        while self.kind in COMPARISONS:
            signs.append(self.kind)
            self.next(self.end)
            if self.kind == "null":
                self.refuse("a value; null is asked for with is", f"{values[-1]} is null")
            values.append(self.value())
            self.check(values[-2], signs[-1], values[-1])
        if not signs:
            self.refuse("a comparison: < <= > >= = !=, is null or is not null")
        return Inequality(tuple(values), tuple(signs))

    def value(self) -> Name | Constant:
        word = self.word
        if self.took("name"):
            return Name(word, self.known[word]) if word in self.known else self.unknown(word)
        if self.took("text"):
            return Constant(word[1:-1], word)
        sign = "-" if self.took("-") else ""
        word, start = self.word, self.start
        if not self.took("number"):
            self.refuse("the name of a feature or score, a number, or a text in quotes")
        number, is_share = float(sign + word), self.took("%")
        if not math.isfinite(number):
            self.word, self.start = word, start
            self.refuse("a finite number")
        return Constant(number / 100, f"{sign}{word} %") if is_share else Constant(number, f"{sign}{word}")

    def unknown(self, name: str) -> NoReturn:
        near = difflib.get_close_matches(name, self.known, n=3, cutoff=0.5)
        raise InputError(
            "The rule names what is neither a feature nor a score.",
            found=name,
            expected=f"one of {len(self.known):,} names{', such as ' + ', '.join(near) if near else ''}",
            hint=ALL_NAMES,
        )

    def check(self, left: Name | Constant, sign: str, right: Name | Constant) -> None:
        """Whether the two can be compared like this."""
        told = f"{left} {sign} {right}"
        if left.kind != right.kind:
            text, number = (left, right) if left.kind == "text" else (right, left)
            raise InputError(
                "The rule compares a text with a number.",
                found=told,
                expected=f"{text} is text, {number} is a number",
                hint=f'{text} = "..."' if isinstance(text, Name) else f"{number} > 0",
            )
        if left.kind == "text" and sign not in ("=", "!="):
            raise InputError("Texts have no order.", found=told, expected="= or != between texts")
        if isinstance(left, Constant) and isinstance(right, Constant):
            raise InputError(
                "The rule compares two constants.", found=told, expected="a name on one side", hint=EXAMPLE
            )
