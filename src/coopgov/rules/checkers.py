"""The checkers that hosts receive: functions that can be copied and pickled, because they know how to be recreated.

Compiled code is no state. A pickled checker is the rule set and the question that it was made for; whoever unpickles it
compiles anew.
"""

from __future__ import annotations

import pickle
from functools import partial
from typing import TYPE_CHECKING, Any

from coopgov.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.rules.ruleset import RuleSet

__all__ = ["Handed"]


class Handed(partial[Any]):
    """A compiled function with the method of the rule set that gave it, and its arguments: a call costs next to nothing more."""

    made_by: tuple[RuleSet, str, tuple[str, ...], Mapping[str, Any]]

    @classmethod
    def of(
        cls,
        function: Callable[..., Any],
        rules: RuleSet,
        method: str,
        *arguments: str,
        **options: Any,
    ) -> Handed:
        """What a method of a rule set gives for some arguments."""
        handed = cls(function)
        handed.made_by = (rules, method, arguments, options)
        return handed

    def __reduce__(self) -> Any:
        rules, _, _, options = self.made_by
        chosen = options["backend"] if options["backend"] is not None else rules.backend
        try:
            pickle.dumps(chosen)
        except Exception as error:  # noqa: BLE001  # whatever the backend of a host raises
            why = f"a checker of this backend cannot be pickled: {error}"
            raise BackendError(type(chosen).__name__, "", "", why, ("direct", "interpreter")) from None
        return _again, self.made_by

    def __copy__(self) -> Handed:
        return self

    def __deepcopy__(self, _memo: object) -> Handed:
        return self


def _again(
    rules: RuleSet, method: str, arguments: tuple[str, ...], options: Mapping[str, Any]
) -> Callable[..., Any]:
    made: Callable[..., Any] = getattr(rules, method)(*arguments, **options)
    return made
