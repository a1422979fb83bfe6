"""Strategies for the values of an agreement's fields: days, names, texts, numbers, money, shares, cadences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = [
    "cadences",
    "custom_values",
    "dated",
    "days",
    "identifiers",
    "money",
    "named",
    "numbers",
    "optional",
    "plain_texts",
    "shares",
    "texts",
    "windows",
]

_TRICKY = (
    "~",
    "null",
    "true",
    "no",
    "",
    "Late, by 5 days",
    "a: b",
    "- x",
    "> y",
    "!z",
    "50 %",
    "010",
    "a\nb",
    "港口",
    "#",
    "'",
    "[x]",
)
"""Texts that YAML reads as another type unless they are quoted."""

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
identifiers = st.text(st.sampled_from("abcxyz019-_.港务é"), min_size=1, max_size=6).filter(
    lambda text: text[0].isalnum()
)
plain_texts = (
    st.sampled_from([text for text in _TRICKY if text])
    | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
).filter(lambda text: bool(text.strip()))
texts = plain_texts | st.dictionaries(
    st.sampled_from(["en", "zh-Hans", "zh-Hant", "de", "pt-BR"]), plain_texts, min_size=1, max_size=3
)
numbers = (
    st.integers(-(10**9), 10**9)
    | st.decimals(-(10**6), 10**6, places=3)
    | st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-9)
)
shares = st.integers(0, 100).map(lambda percent: f"{percent} %") | st.decimals(0, 1, places=4)
cadences = st.builds(
    lambda count, unit: f"{count} {unit}",
    st.integers(1, 40),
    st.sampled_from(["day", "days", "weeks", "working days", "month", "months"]),
)
custom_values = st.dictionaries(identifiers, plain_texts | numbers | days | st.booleans(), max_size=2)


def money(digits: int) -> SearchStrategy[Any]:
    """Amounts with as many decimals as a currency has, at most two."""
    return st.decimals(0, 10**9, places=min(2, digits))


def windows(start: SearchStrategy[date]) -> SearchStrategy[dict[str, date]]:
    """Windows of up to three years that start on such days."""
    return st.builds(
        lambda day, length: {"start": day, "end": day + min(timedelta(length), date.max - day)},
        start,
        st.integers(0, 1000),
    )


def dated(key: str, values: SearchStrategy[Any], on: SearchStrategy[date]) -> SearchStrategy[Any]:
    """A bare value, a dated entry, or a list of entries with different dates."""
    entries = st.lists(
        st.fixed_dictionaries({key: values}, optional={"on": on}),
        max_size=3,
        unique_by=lambda entry: entry.get("on"),
    )
    return values | st.fixed_dictionaries({key: values, "on": on}) | entries


def optional(**fields: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """A mapping that has some of the fields; None counts as not written."""
    return st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in fields.items()})


@st.composite
def named(draw: DrawFn, parts: SearchStrategy[dict[str, Any]], most: int = 3) -> list[dict[str, Any]]:
    """A list of parts with different ids."""
    ids = draw(st.lists(identifiers, unique=True, max_size=most))
    return [{"id": name, **draw(parts)} for name in ids]
