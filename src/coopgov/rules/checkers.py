"""The checkers that hosts receive: functions that can be copied and pickled, because they know how to be recreated.

Compiled code is no state. A checker is a method of its `Maker`, and a method is pickled as its owner and its name; whoever
unpickles it compiles anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MethodType
from typing import TYPE_CHECKING, Any

from coopgov.errors import BackendError
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.backends.ir import Program
    from coopgov.rules.ruleset import RuleSet

__all__ = ["Maker"]


@dataclass(frozen=True, eq=False)
class Maker:
    """The method of a rule set that gives a checker, and its arguments."""

    rules: RuleSet
    method: str
    arguments: tuple[str, ...]
    options: Mapping[str, Any]

    @property
    def check(self) -> Callable[..., Any]:
        """The checker, made again."""
        made: Callable[..., Any] = getattr(self.rules, self.method)(*self.arguments, **self.options)
        return made

    def hand(self, function: Callable[..., Any], program: Program) -> Callable[..., Any]:
        """A compiled function as a method of this: a call of what was made as a method of its program costs nothing more."""
        if isinstance(function, MethodType) and function.__self__ is program:
            return MethodType(function.__func__, self)

        def check(_: Maker, *arguments: Any, **options: Any) -> Any:
            return function(*arguments, **options)

        return MethodType(check, self)

    def __reduce__(self) -> Any:
        import pickle  # whoever asks has it

        chosen = self.options["backend"] if self.options["backend"] is not None else self.rules.backend
        try:
            pickle.dumps(chosen)
        except Exception as error:  # noqa: BLE001  # whatever the backend of a host raises
            why = phrase("backends.not-picklable", error=error)
            raise BackendError(type(chosen).__name__, "", "", why, ("direct", "interpreter")) from None
        return Maker, (self.rules, self.method, self.arguments, self.options)

    def __deepcopy__(self, _memo: object) -> Maker:
        return self
