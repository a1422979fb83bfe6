"""Checkers as hosts receive them: functions that can be compared, copied and pickled.

A checker is a method of its `Recipe`, which knows the engine, the method and the arguments that made it. Python pickles
a method as its owner and its name, and the copy compiles again, so compiled code is never pickled. Methods are equal if
they have the same owner and function, so equal recipes must be one object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MethodType
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.backends.ir import Program

__all__ = ["checker_of"]


@dataclass(frozen=True)
class Recipe:
    """How a checker was made: the engine, its method and the arguments; and the compiled function."""

    engine: Any
    method: str
    arguments: tuple[str, ...]
    function: Callable[..., Any] = field(compare=False, repr=False)

    @property
    def check(self) -> Callable[..., Any]:
        """The checker; named like its functions, because that is how methods are pickled."""
        return MethodType(self.function, self)

    def __reduce__(self) -> Any:
        return _made_again, (self.engine, self.method, self.arguments)

    def __copy__(self) -> Recipe:
        return self

    def __deepcopy__(self, _memo: object) -> Recipe:
        return self


_RECIPES: WeakValueDictionary[tuple[Any, str, tuple[str, ...]], Recipe] = WeakValueDictionary()
"""The recipes of all checkers that are in use."""


def checker_of(
    engine: Any, method: str, arguments: tuple[str, ...], program: Program, compiled: Callable[[], Any]
) -> Callable[..., Any]:
    """Return the checker that a method of an engine makes for some arguments; compile it only if none is in use."""
    key = (engine, method, arguments)
    try:
        recipe = _RECIPES.get(key)
    except TypeError:  # a backend of the host's own that cannot be hashed
        return Recipe(*key, _method(compiled(), program)).check
    if recipe is None:
        recipe = _RECIPES.setdefault(key, Recipe(*key, _method(compiled(), program)))
    return recipe.check


def _method(function: Callable[..., Any], program: Program) -> Callable[..., Any]:
    """A compiled function whose first argument is a recipe.

    A method of its program already has a first argument, which is then replaced.
    """
    if isinstance(function, MethodType) and function.__self__ is program:
        return function.__func__

    def check(_: Recipe, *arguments: Any, **options: Any) -> Any:
        return function(*arguments, **options)

    return check


def _made_again(engine: Any, method: str, arguments: tuple[str, ...]) -> Recipe:
    checker: MethodType = getattr(engine, method)(*arguments)
    recipe: Recipe = checker.__self__  # type: ignore[assignment]  # whose method it is
    return recipe
