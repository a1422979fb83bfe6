"""What is a value can be copied and pickled, and the copy is equal."""

from __future__ import annotations

import copy
import pickle
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from cases.crashes import AS_OF, HEAD
from coopgov.backends.python.backend import DirectBackend

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("copied", [lambda each: pickle.loads(pickle.dumps(each)), copy.copy, copy.deepcopy])  # noqa: S301
def test_a_used_rule_set_can_be_copied(copied: Callable[[Any], Any]) -> None:
    """The copy is equal, and works; so do the checkers of each backend."""
    rules = coopgov.load_rules()
    facts = {"planned_end": date(2026, 1, 1)}
    for backend in (None, "interpreter", DirectBackend()):
        checker = rules.checker("phase", backend=backend)
        expected = checker(facts, as_of=AS_OF)
        twin = copied(rules)
        assert (twin, hash(twin)) == (rules, hash(rules))
        assert twin.checker("phase")(facts, as_of=AS_OF) == expected
        assert copied(checker)(facts, as_of=AS_OF) == expected
    again = copied(rules.rechecker("phase", "planned_end"))
    assert again(facts, expected, as_of=AS_OF) == expected
    assert rules != coopgov.parse_rules(HEAD)


def test_a_checker_that_cannot_be_pickled_says_so() -> None:
    """A backend of the host's own may hold anything."""

    class Own(DirectBackend):
        def __getstate__(self) -> Any:
            raise TypeError("a connection")

    checker = coopgov.load_rules().checker("phase", backend=Own())
    with pytest.raises(coopgov.BackendError, match="a connection"):
        pickle.dumps(checker)
