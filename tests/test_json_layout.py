"""JSON laid out by coopgov is that of the standard library."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.json_layout import laid_out
from coopgov.locales import Phrase, phrase

_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())
_DATA = st.recursive(
    _SCALARS,
    lambda inside: st.one_of(
        st.lists(inside), st.tuples(inside, inside), st.dictionaries(st.text(), inside, max_size=5)
    ),
    max_leaves=30,
)


@given(data=_DATA, indent=st.integers(1, 4))
def test_json_has_the_bytes_of_the_standard_library(data: Any, indent: int) -> None:
    """Whatever the data are, the text is equal: scalars, empty containers, keys with percent signs, NaN."""
    assert laid_out(data, indent) == json.dumps(data, ensure_ascii=False, indent=indent)


def test_values_of_other_types_are_replaced() -> None:
    """A phrase becomes the text that the caller chooses."""

    def plain(value: object) -> object:
        return value.in_language("zh-Hans") if isinstance(value, Phrase) else value

    data = {"found": [phrase("common.nothing")]}
    assert json.loads(laid_out(data, plain=plain)) == {"found": ["空"]}


@given(data=_DATA, indent=st.integers(1, 4))
def test_results_are_replaced_in_their_turn(data: Any, indent: int) -> None:
    """A value of another type that becomes a mapping is laid out like one, at any depth, also an empty one."""

    class Result:
        def __init__(self, shape: dict[str, Any]) -> None:
            self.shape = shape

    def wrapped(value: Any) -> Any:
        if isinstance(value, dict):
            return Result({key: wrapped(each) for key, each in value.items()})
        return type(value)(map(wrapped, value)) if isinstance(value, (list, tuple)) else value

    laid = laid_out(wrapped(data), indent, lambda result: result.shape)
    assert laid == json.dumps(data, ensure_ascii=False, indent=indent)


def test_values_that_json_lacks_are_refused() -> None:
    """A set is no JSON."""
    with pytest.raises(TypeError, match="set is not JSON serializable"):
        laid_out([{1}])
