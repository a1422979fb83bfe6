"""Mappings with one part broken at random, to compare a schema with a loader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn

__all__ = ["broken"]

_Path = tuple[str | int, ...]
_ODD: tuple[Any, ...] = (
    "",
    " ",
    "x y",
    "yes",
    "true",
    "-5",
    "0",
    "1e3",
    "010",
    "1_000",
    "5 %",
    "0.5",
    "101 %",
    "2026-13-01",
    "2026-1-5",
    "5 days",
    "0 days",
    "2 hours",
    "CNY",
    "1.005 CNY",
    "sunday",
    "en",
    "{",
    "above 5",
    None,
    [],
    ["x"],
    [[]],
    [None],
    {},
    {"en": "x"},
    {"on": "2026-01-05"},
)


@st.composite
def broken(draw: DrawFn, data: Any) -> Any:
    """The data with a value replaced, a key or item left out, put in, doubled or misspelt."""
    path = draw(st.sampled_from(sorted(_paths(data), key=lambda path: (len(path), str(path)))))
    parent, last = _at(data, path[:-1]), path[-1]
    how = draw(st.sampled_from(["replace", "replace", "drop", "add", "rename", "wrap", "borrow"]))
    if how == "replace":
        return _with(data, path, draw(st.sampled_from(_ODD)))
    if how == "wrap":
        return _with(data, path, [parent[last]])
    if how == "borrow":
        other = draw(st.sampled_from(sorted(_paths(data), key=str)))
        return _with(data, path, _at(data, other))
    if isinstance(last, int):
        kept = [item for at, item in enumerate(parent) if at != last]
        changed: Any = kept if how == "drop" else [*parent, parent[last]]
        return _with(data, path[:-1], changed)
    if how == "rename":
        renamed = {f"{key}s" if key == last else key: value for key, value in parent.items()}
        return _with(data, path[:-1], renamed)
    left = {key: value for key, value in parent.items() if how != "drop" or key != last}
    return _with(data, path[:-1], left if how == "drop" else {**left, "colour": "red"})


def _paths(data: Any, path: _Path = ()) -> Iterator[_Path]:
    if path:
        yield path
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield from _paths(value, (*path, key))


def _at(data: Any, path: _Path) -> Any:
    return _at(data[path[0]], path[1:]) if path else data


def _with(data: Any, path: _Path, value: Any) -> Any:
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(data, list):
        return [_with(item, rest, value) if at == key else item for at, item in enumerate(data)]
    return {**data, key: _with(data[key], rest, value)}
