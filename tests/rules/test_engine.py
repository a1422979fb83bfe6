"""An engine holds what is compiled of a rule set, which is a value."""

from __future__ import annotations

import copy
import gc
import pickle
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from coopgov import portfolio
from coopgov.backends.python.backend import DirectBackend
from coopgov.errors import ArgumentError, BackendError
from coopgov.rules import ruleset

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.backends.ir import Program

AS_OF = date(2026, 6, 30)
PILOT = coopgov.load_agreement("examples/pilot/agreement.yaml")
RULES = coopgov.load_rules()
ENGINE = coopgov.Engine(RULES)
LATE = {"planned_start": date(2026, 1, 5), "planned_end": date(2026, 3, 31), "actual_end": date(2026, 4, 20)}

USES: dict[str, Callable[[Any], Any]] = {
    "assess": lambda rules: coopgov.assess(PILOT, rules, as_of=AS_OF),
    "explain": lambda rules: coopgov.explain(
        PILOT, rules, rule="phase-late", about="phase/core", as_of=AS_OF
    ),
    "explain_all": lambda rules: coopgov.explain_all(PILOT, rules, rule="phase-late", as_of=AS_OF),
    "backtest": lambda rules: coopgov.backtest(PILOT, rules, first=AS_OF, last=date(2026, 7, 9)),
    "what_if": lambda rules: coopgov.what_if(
        PILOT, rules, {"phase/core.forecast_end": "2026-11-30"}, as_of=AS_OF
    ),
    "check_folder": lambda rules: portfolio.check_folder(Path("examples/pilot"), rules, as_of=AS_OF),
}


class Counting(DirectBackend):
    """The default backend, which counts the programs that it generates code for."""

    def __init__(self) -> None:
        super().__init__()
        self.generated: list[str] = []

    def _generate(self, program: Program, kind: Any) -> Any:
        if (id(program), kind) not in self._code:
            self.generated.append(program.about)
        return super()._generate(program, kind)


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_an_engine_takes_the_place_of_its_rules(use: Callable[[Any], Any]) -> None:
    """Whatever runs rules takes either, with the same result."""
    assert use(ENGINE) == use(RULES)


def test_what_runs_no_rules_asks_for_a_rule_set() -> None:
    """The error says how to get one."""
    with pytest.raises(ArgumentError, match="load_rules"):
        coopgov.analyse(ENGINE)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="load_rules"):
        coopgov.Engine("cooperation-plan")  # type: ignore[arg-type]


def test_an_engine_compiles_before_its_first_assessment() -> None:
    """Nothing is left to generate, whichever functions the records of an agreement ask for."""
    backend = Counting()
    engine = coopgov.Engine(RULES, backend=backend)
    before = [*backend.generated]
    assert {rule.about for rule in RULES.rules} == {*before}
    coopgov.assess(PILOT, engine, as_of=AS_OF)
    coopgov.assess(coopgov.load_agreement("examples/full/agreement.yaml"), engine, as_of=AS_OF)
    assert backend.generated == before


def test_what_is_compiled_lives_as_long_as_the_rules() -> None:
    """The same rule set is not compiled again, and nothing is left when a host drops it."""
    rules = coopgov.load_rules()
    known = len(ruleset._COMPILED)
    coopgov.assess(PILOT, rules, as_of=AS_OF)
    assert len(ruleset._COMPILED) == known + 1
    first = ruleset.engine_of(rules).program("phase", 0)
    assert ruleset.engine_of(rules).program("phase", 0) is first
    assert ruleset.engine_of(rules, "interpreter").program("phase", 0) is first
    del rules
    gc.collect()
    assert len(ruleset._COMPILED) == known


def test_a_rule_set_has_no_caches() -> None:
    """Using it does not change it: all its fields stay the objects that they were."""
    rules = coopgov.load_rules()
    before = {name: id(value) for name, value in vars(rules).items()}
    coopgov.assess(PILOT, rules, as_of=AS_OF)
    rules.checker("phase")(LATE, as_of=AS_OF)
    assert {name: id(value) for name, value in vars(rules).items()} == before
    assert before.keys() == {field.name for field in fields(rules)}


def test_a_part_of_a_rule_set_is_another_rule_set() -> None:
    """It has the digest of the whole, and is not equal to it: checkers of one are not those of the other."""
    part = replace(RULES, rules=RULES.rules[:1])
    assert part.digest == RULES.digest
    assert part != RULES
    assert part.checker("phase") != RULES.checker("phase")


def test_engines_of_equal_rules_and_settings_are_equal() -> None:
    """So are their copies, which compile again what they are asked for."""
    for again in (
        coopgov.Engine(coopgov.load_rules()),
        pickle.loads(pickle.dumps(ENGINE)),  # noqa: S301
        copy.copy(ENGINE),
        copy.deepcopy(ENGINE),
    ):
        assert (again, hash(again)) == (ENGINE, hash(ENGINE))
        assert coopgov.assess(PILOT, again, as_of=AS_OF) == coopgov.assess(PILOT, ENGINE, as_of=AS_OF)
    assert coopgov.Engine(RULES, currency="EUR") != ENGINE
    assert coopgov.Engine(RULES, backend="interpreter") != ENGINE


def test_checkers_of_equal_engines_are_equal() -> None:
    """And of equal rule sets, wherever they come from; others are not."""
    checker = RULES.checker("phase", currency="CNY")
    assert checker == coopgov.load_rules().checker("phase", currency="CNY")
    assert checker == coopgov.Engine(RULES, currency="CNY").checker("phase")
    assert checker == pickle.loads(pickle.dumps(checker)) == copy.copy(checker) == copy.deepcopy(checker)  # noqa: S301
    others = (
        RULES.checker("phase"),
        RULES.checker("kpi", currency="CNY"),
        RULES.checker("phase", currency="CNY", backend="interpreter"),
        RULES.rechecker("phase", "spent", currency="CNY"),
    )
    assert checker not in others
    assert len({checker, *others}) == 1 + len(others)


def test_an_engine_has_the_settings_of_its_checkers() -> None:
    """A limit in money is one of the engine's currency."""
    rule = (
        "  - {id: dear, about: phase, kind: delay, when: budget above 10 CNY, severity: major, message: x}\n"
    )
    rules = coopgov.parse_rules(f"coopgov: rules/1\npack: p\nversion: 1.0.0\nrules:\n{rule}")
    found = [
        coopgov.Engine(rules, currency=currency).checker("phase")({"budget": 11})
        for currency in ("CNY", "EUR")
    ]
    assert found == [([("dear", "major", None, None)], []), ([], [("dear", (), "unit")])]


@pytest.mark.parametrize("backend", ["direct", "interpreter"])
def test_hits_and_what_is_undetermined_have_names(backend: str) -> None:
    """They are tuples all the same, of complete records and of others."""
    check = RULES.checker("phase", backend=backend)
    for record in (LATE, {**LATE, "actual_end": None, "planned_end": date(2026, 12, 31)}, {}):
        hits, undetermined = check(record, as_of=AS_OF)
        assert {type(each) for each in hits} <= {coopgov.Hit}
        assert {type(each) for each in undetermined} <= {coopgov.Undetermined}
    (hit, *_), _ = check(LATE, as_of=AS_OF)
    assert (hit.rule, hit.severity, hit.value, hit.threshold) == ("phase-late", "major", 20 / 85, 0.2)
    assert hit == ("phase-late", "major", 20 / 85, 0.2)
    _, (entry, *_) = check({}, as_of=AS_OF)
    assert (entry.rule, entry.missing, entry.because) == entry


def test_an_engine_refuses_what_its_backend_cannot_express() -> None:
    """When it is made, with the place of the rule."""

    class Picky(DirectBackend):
        def compile(self, program: Program, *_: Any) -> Any:
            raise BackendError("picky", program.checks[0].id, "minor", "it cannot", ("direct",))

    with pytest.raises(BackendError, match="cannot express") as caught:
        coopgov.Engine(RULES, backend=Picky())
    rule = RULES.rule(caught.value.rule)
    assert caught.value.place == rule.place
