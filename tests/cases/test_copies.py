"""What is a value can be copied and pickled, and the copy is equal."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from cases.crashes import AGREEMENT, AS_OF, HEAD
from coopgov.backends.python.backend import DirectBackend
from coopgov.faults import Fault, Place
from coopgov.language.parser import parse
from coopgov.locales import verbatim
from coopgov.notify import parse_channels
from coopgov.portfolio import parse_mapping
from coopgov.testing import parse_case_tests, parse_tests

if TYPE_CHECKING:
    from collections.abc import Callable


_COPIES = {
    "pickled": lambda each: pickle.loads(pickle.dumps(each)),  # noqa: S301
    "copied": copy.copy,
    "deep": copy.deepcopy,
}
RULES = coopgov.load_rules()
AGREED = coopgov.parse_agreement(
    AGREEMENT.replace("id: p,", "id: p, budget: 50 CNY, spending: [{on: 2026-02-01, amount: 80 CNY}],")
)
ASSESSED = coopgov.assess(AGREED, RULES, as_of=AS_OF)
HISTORY = coopgov.backtest(AGREED, RULES, first=date(2026, 2, 1), last=date(2026, 3, 8))
WARNING = ASSESSED.warnings[0]
VALUES: dict[str, Any] = {
    "agreement": AGREED,
    "rules": RULES,
    "catalogue": RULES.catalogue,
    "assessment": ASSESSED,
    "warning": WARNING,
    "facts": coopgov.derive(AGREED, as_of=AS_OF),
    "explanation": coopgov.explain(AGREED, RULES, rule=WARNING.rule, about=WARNING.about, as_of=AS_OF),
    "explanations": coopgov.explain_all(AGREED, RULES, as_of=AS_OF),
    "history": HISTORY,
    "comparison": coopgov.compare(HISTORY, HISTORY),
    "what if": coopgov.what_if(AGREED, RULES, {"phase/p.budget": "200 CNY"}, as_of=AS_OF),
    "analysis": coopgov.analyse(
        coopgov.parse_rules(
            HEAD
            + "rules: [{id: r, about: task, kind: k, when: progress above 100 %, severity: minor, message: m}]\n"
        )
    ),
    "calendar": coopgov.WorkingCalendar(),
    "mapping": parse_mapping(
        "coopgov: mapping/1\nabout: phase\nkey: id\ncolumns: {planned_end: End}\n", RULES
    ),
}


def _refused() -> None:
    raise coopgov.BackendError("own", "r", "minor", "it cannot", ("direct",))


def _raised(error: Exception) -> Callable[[], Any]:
    """A function that raises an error."""

    def fail() -> None:
        raise error

    return fail


_DAY = date(2026, 1, 5)
_SAID = verbatim("said")
FAILURES: dict[str, Callable[[], Any]] = {
    "BrokenLogError": _raised(coopgov.BrokenLogError("c.db", 3, "hash", "a", "b")),
    "CaseError": _raised(coopgov.CaseError(_SAID, _SAID)),
    "CaseTestsError": lambda: parse_case_tests("a: b"),
    "ChannelsError": lambda: parse_channels("a: b"),
    "DayBeforeLastError": _raised(coopgov.DayBeforeLastError(_DAY, _DAY)),
    "EventsError": lambda: coopgov.parse_events("a: b"),
    "FontMissingError": _raised(coopgov.FontMissingError("text", "goals")),
    "GapError": _raised(coopgov.GapError(_DAY, _DAY)),
    "NoFreeTextError": _raised(coopgov.NoFreeTextError("c.db", 2, (1, 3))),
    "OtherAgreementError": _raised(coopgov.OtherAgreementError("c.db", "a", "b")),
    "RefusedEventError": _raised(
        coopgov.RefusedEventError("C-1", "firing", "close", ["assign"], _SAID, _SAID)
    ),
    "ReportNotesError": lambda: coopgov.parse_report_notes("a: b"),
    "SourceError": _raised(coopgov.SourceError([Fault(Place("f", 1, 1), "no-day", _SAID, _SAID)])),
    "StaleRevisionError": _raised(coopgov.StaleRevisionError("c.db", "day", _DAY, _DAY)),
    "StoreNewerError": _raised(coopgov.StoreNewerError("c.db", 2, 1)),
    "StoreUnusableError": _raised(coopgov.StoreUnusableError("c.db", _SAID, _SAID)),
    "UnknownCaseError": _raised(coopgov.UnknownCaseError("C-1", ["C-2"])),
    "AgreementError": lambda: coopgov.parse_agreement("a: b"),
    "RulesError": lambda: coopgov.parse_rules("a: b"),
    "MappingError": lambda: parse_mapping("a: b", RULES),
    "RuleTestsError": lambda: parse_tests("a: b"),
    "ChangeError": lambda: coopgov.what_if(AGREED, RULES, {"phase/p.budgt": "1 CNY"}, as_of=AS_OF),
    "ArgumentError": lambda: coopgov.assess("x", RULES, as_of=AS_OF),  # type: ignore[arg-type]
    "ExpressionError": lambda: parse("delay above ("),
    "FactError": lambda: RULES.checker("phase")({"budget": "x"}, as_of=AS_OF),
    "BackendError": _refused,
    "PeriodError": lambda: coopgov.backtest(AGREED, RULES, first=AS_OF, last=date(2026, 1, 5)),
    "UnknownNameError": lambda: RULES.rule("nope"),
}


@pytest.mark.parametrize("copied", _COPIES.values(), ids=_COPIES)
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_value_is_equal_to_its_copy(value: Any, copied: Callable[[Any], Any]) -> None:
    """And has the same hash, where it has one."""
    twin = copied(value)
    assert twin == value
    assert _hash(twin) == _hash(value)


def _hash(value: Any) -> int | None:
    try:
        return hash(value)
    except TypeError:
        return None


@pytest.mark.parametrize("copied", _COPIES.values(), ids=_COPIES)
@pytest.mark.parametrize("name", FAILURES)
def test_an_error_says_the_same_when_it_is_copied(name: str, copied: Callable[[Any], Any]) -> None:
    """Its text, its arguments and what it knows; all exceptions of the library are here."""
    with pytest.raises(getattr(coopgov, name)) as caught:
        FAILURES[name]()
    error = caught.value
    twin = copied(error)
    assert type(twin) is type(error)
    assert (str(twin), twin.args) == (str(error), error.args)
    assert vars(twin).keys() == vars(error).keys()


def test_every_exception_is_copied() -> None:
    """Those that others are made of are never raised themselves."""
    errors = {name for name in coopgov.__all__ if name.endswith("Error")}
    assert errors - set(FAILURES) == {"CoopgovError", "InputError", "StoreError"}


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


def test_copies_of_a_checker_keep_the_currency_it_was_made_for() -> None:
    """One rule set gives checkers of several currencies; a limit in money is that of each."""
    rule = "  - {id: dear, about: phase, kind: delay, when: budget above 10.5 CNY, severity: major, message: x}\n"
    rules = coopgov.parse_rules(f"{HEAD}rules:\n{rule}")
    for currency, expected in (("CNY", ["dear"]), ("EUR", [])):
        checker = rules.checker("phase", currency=currency)
        for one in (checker, pickle.loads(pickle.dumps(checker)), copy.copy(checker), copy.deepcopy(checker)):  # noqa: S301
            hits, undetermined = one({"budget": 11}, as_of=AS_OF)
            assert [hit[0] for hit in hits] == expected
            assert [entry[2] for entry in undetermined] == ([] if expected else ["unit"])


def test_a_checker_that_cannot_be_pickled_says_so() -> None:
    """A backend of the host's own may hold anything."""

    class Own(DirectBackend):
        def __getstate__(self) -> Any:
            raise TypeError("a connection")

    checker = coopgov.load_rules().checker("phase", backend=Own())
    with pytest.raises(coopgov.BackendError, match="a connection"):
        pickle.dumps(checker)


def test_a_checker_works_in_a_process_of_its_own() -> None:
    """One that is started afresh, and gets the checker as a pickle."""
    checker = RULES.checker("phase")
    facts = {"planned_end": date(2026, 1, 1)}
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(checker, (facts,), {"as_of": AS_OF})
    assert found == checker(facts, as_of=AS_OF)
