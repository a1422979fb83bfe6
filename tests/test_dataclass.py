"""The project's `dataclass` makes the classes that the standard library makes."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import MISSING, FrozenInstanceError, field, fields, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov import dataclass as own

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMES = ("a", "b", "c", "d")
_OPTIONS = st.fixed_dictionaries(
    {},
    optional={name: st.booleans() for name in ("frozen", "slots", "eq", "repr", "kw_only")},
)
_FIELDS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "init": st.booleans(),
            "compare": st.booleans(),
            "repr": st.booleans(),
            "hash": st.sampled_from([None, True, False]),
            "kw_only": st.booleans(),
            "default": st.integers(0, 3),
        },
    )
    | st.fixed_dictionaries({"default_factory": st.just(list)}, optional={"init": st.booleans()}),
    max_size=4,
)


def _twins(options: dict[str, bool], of_fields: list[dict[str, Any]], *, post: bool) -> list[Any]:
    """The class that the standard library makes, and the project's; none where the former refuses."""

    def body() -> dict[str, Any]:
        made: dict[str, Any] = {
            "__annotations__": dict.fromkeys(_NAMES[: len(of_fields)], "object"),
            "__qualname__": "Twin",
            "__module__": __name__,
            **{name: field(**each) for name, each in zip(_NAMES, of_fields, strict=False)},
        }
        if post:
            made["__post_init__"] = lambda _self: None
        return made

    try:
        library: Any = dataclasses.dataclass(**options)(type("Twin", (), body()))
    except TypeError:  # a field without a default after one with a default
        return []
    return [library, own.dataclass(**options)(type("Twin", (), body()))]


def _outcome(work: Any) -> Any:
    try:
        return work()
    except Exception as error:  # noqa: BLE001  # which error it is, is what is compared
        return type(error)


def _made(kind: Any, values: list[int]) -> Any:
    known = [each for each in fields(kind) if each.init]
    given = {each.name: value for each, value in zip(known, values, strict=False)}
    return _outcome(lambda: kind(**given))


def _observed(kind: Any, values: list[int]) -> list[Any]:
    """What can be seen of a class, and of two instances of it."""
    one, other = _made(kind, values[:4]), _made(kind, values[4:])
    facts = [
        str(inspect.signature(kind)),
        [(each.name, each.type, each.kw_only) for each in fields(kind)],
        kind.__match_args__,
        kind.__dict__.get("__slots__"),
        kind.__hash__ is None,
        kind.__init__.__qualname__,
        kind.__init__.__annotations__,
    ]
    if isinstance(one, type) or isinstance(other, type):
        return [*facts, one, other] if isinstance(one, type) and isinstance(other, type) else facts
    shown, compared = kind.__repr__ is not object.__repr__, kind.__eq__ is not object.__eq__
    tried: list[Callable[[], Any]] = [
        lambda: repr(one) if shown else None,
        lambda: (one == other, one != other) if compared else None,
        lambda: one == copy.copy(one) if compared else None,
        lambda: one.__eq__(3),
        lambda: hash(one) if kind.__hash__ is not object.__hash__ else None,
        lambda: [getattr(replace(one), name, MISSING) for name in _NAMES],
    ]
    changed: list[Callable[[], Any]] = [
        lambda: setattr(one, "a", 7),
        lambda: setattr(one, "z", 7),
        lambda: delattr(one, "a"),
    ]
    # before Python 3.12, the library's own frozen classes with slots raise a TypeError about `super`
    refused = [isinstance(_outcome(each), type) for each in changed]
    return [*facts, *map(_outcome, tried), *refused]


@given(_OPTIONS, _FIELDS, st.lists(st.integers(0, 2), max_size=8), st.sampled_from([False, True]))
def test_both_make_the_same_class(
    options: dict[str, bool],
    of_fields: list[dict[str, Any]],
    values: list[int],
    post: bool,  # noqa: FBT001  # drawn
) -> None:
    """Signature, fields, instances, how they compare, hash, show and refuse to change."""
    seen = [_observed(kind, values) for kind in _twins(options, of_fields, post=post)]
    assert seen[:1] == seen[1:]


@own.dataclass(frozen=True, slots=True)
class Point:
    """A value with a default, for pickles."""

    x: int
    y: int = 2


@own.dataclass(frozen=True, slots=True)
class Space(Point):
    """A value with one more field."""

    z: int = 3


def test_an_instance_is_copied_and_pickled_as_its_class_is_frozen() -> None:
    """Pickle sets fields that nobody else can."""
    for made in (Point(1), Space(1, z=5)):
        assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == made  # noqa: S301  # its own
    assert repr(Space(1)) == "Space(x=1, y=2, z=3)"
    assert Point(1) != Space(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        Space(1).x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'y'"):
        del Point(1).y


def test_importing_compiles_no_method() -> None:
    """That is what a cold start saves: `__init__` is compiled when it is first looked up, and stays."""

    @own.dataclass(frozen=True)
    class Late:
        x: int

    assert not inspect.isfunction(vars(Late)["__init__"])
    Late(1)
    assert inspect.isfunction(vars(Late)["__init__"])
