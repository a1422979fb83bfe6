"""Dataclasses that cost a cold start little.

`dataclasses` writes and compiles up to six methods for each class when it is imported: a fifth of a cold start of the
command line, which has some two hundred such classes and calls few of their methods. The `dataclass` here makes the
same class. All classes share what compares, shows and freezes, and `__init__` is compiled when it is first looked up.
Type checkers see the one of the standard library. `order` and `InitVar` are left to that.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import Field, dataclass

__all__ = ["dataclass"]


if not TYPE_CHECKING:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        repr: bool = True,  # noqa: A002  # as in `dataclasses`
        eq: bool = True,
        frozen: bool = False,
        **options: bool,
    ) -> Any:
        """Make the class that `dataclasses.dataclass` makes."""

        def decorate(cls: type) -> type:
            made = dataclasses.dataclass(init=False, repr=False, eq=False, **options)(cls)
            _complete(made, shown=repr, compared=eq, frozen=frozen)
            return made

        return decorate if cls is None else decorate(cls)


def _complete(cls: type, *, shown: bool, compared: bool, frozen: bool) -> None:
    """Give a class the methods that it does not define itself."""
    own = cls.__dict__
    hashed = compared and own.get("__hash__") is None
    methods: dict[str, Any] = {"__init__": _Init(frozen=frozen)}
    if shown:
        methods["__repr__"] = _repr(cls)
    if compared:
        methods["__eq__"] = _eq(cls)
    for name in methods.keys() - own.keys():
        setattr(cls, name, methods[name])
    if hashed:
        cls.__hash__ = _hash(cls) if frozen else None  # type: ignore[assignment, method-assign]
    if frozen:
        _freeze(cls)


class _Init:
    """The method `__init__`, which puts itself in its own place when it is first looked up."""

    def __init__(self, *, frozen: bool) -> None:
        self._assignment = "_set(self, {name!r}, {value})" if frozen else "self.{name} = {value}"

    def __get__(self, instance: object, owner: type) -> Any:
        cls = next(each for each in owner.__mro__ if each.__dict__.get("__init__") is self)
        method = _init(cls, self._assignment)
        cls.__init__ = method  # type: ignore[misc]
        return method.__get__(instance, owner)


class _Factory:
    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()
"""The default of a parameter whose field makes its default anew each time."""


def _init(cls: type, assignment: str) -> Any:
    """The method `__init__` for the fields of a class, as signatures show it."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_factory": _FACTORY}
    plain = ["self"]
    keywords: list[str] = []
    lines: list[str] = []
    for each in fields(cls):
        name, default = each.name, f"_default_{each.name}"
        made = _default(each, default, known)
        if each.init:
            value = f"{default}() if {name} is _factory else {name}" if made == "_factory" else name
            (keywords if each.kw_only else plain).append(f"{name}={made}" if made else name)
        elif made:
            value = f"{default}()" if made == "_factory" else made
        else:
            continue
        lines.append(assignment.format(name=name, value=value))
    lines.append("self.__post_init__()" if hasattr(cls, "__post_init__") else "return None")
    parameters = ", ".join((*plain, "*", *keywords) if keywords else plain)
    scope: dict[str, Any] = {}
    exec(f"def __init__({parameters}):\n " + "\n ".join(lines), known, scope)  # noqa: S102  # names of fields, no data
    method = scope["__init__"]
    method.__qualname__, method.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    method.__annotations__ = {each.name: each.type for each in fields(cls) if each.init} | {"return": None}
    return method


def _default(field: Field[Any], name: str, known: dict[str, Any]) -> str:
    """The name of the default of a field, in a namespace; none if it has no default."""
    if field.default_factory is not MISSING:
        known[name] = field.default_factory
        return "_factory"
    if field.default is not MISSING:
        known[name] = field.default
        return name
    return ""


def _values(names: list[str]) -> Callable[[object], tuple[Any, ...]]:
    """A function from an instance to the values of some fields."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda instance: tuple(getattr(instance, name) for name in names)


def _eq(cls: type) -> Any:
    values = _values([each.name for each in fields(cls) if each.compare])

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(cls: type) -> Any:
    values = _values(
        [each.name for each in fields(cls) if (each.compare if each.hash is None else each.hash)]
    )

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(values(self))

    return __hash__


def _repr(cls: type) -> Any:
    names = [each.name for each in fields(cls) if each.repr]

    @recursive_repr()
    def __repr__(self: object) -> str:  # noqa: N807
        return (
            f"{self.__class__.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"
        )

    return __repr__


def _freeze(cls: Any) -> None:
    """Refuse to change the fields of instances; pickle, which would change them, goes its own way."""
    names = frozenset(each.name for each in fields(cls))

    def __setattr__(self: object, name: str, value: object) -> None:  # noqa: N807
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: object, name: str) -> None:  # noqa: N807
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    cls.__setattr__, cls.__delattr__ = __setattr__, __delattr__
    if "__slots__" in cls.__dict__ and "__getstate__" not in cls.__dict__:
        cls.__getstate__, cls.__setstate__ = _state, _set_state


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
