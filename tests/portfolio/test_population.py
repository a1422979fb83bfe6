"""The number of decided subjects of a rule: exactly those for which it is known to hold or not to hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import coopgov
from coopgov.backends.ir import conditions
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.values import missing
from coopgov.model import WorkingCalendar
from coopgov.portfolio.decided_counts import DECIDED, decided_check, with_population

RULES = coopgov.parse_rules("""
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: ladder, about: phase, kind: delay, where: spent above 1 money, measure: overspend, bands: {minor: above 10 %, major: above forecast_overspend}, message: m}
  - {id: plain, about: phase, kind: delay, when: spent above budget or has_owner, severity: minor, message: m}
  - {id: limited, about: phase, kind: delay, where: has_owner and spent above 2 money, when: budget above 3 money, severity: minor, message: m}
  - {id: later, about: phase, kind: delay, when: count(warnings) above 1, severity: minor, message: m}
""")  # noqa: E501  # a file as people write it
CHECKER = with_population(RULES, "phase").checker("phase", currency="CNY")
AMOUNTS = st.none() | st.integers(0, 5)
RECORDS = st.fixed_dictionaries(
    {"spent": AMOUNTS, "budget": AMOUNTS, "forecast_cost": AMOUNTS, "has_owner": st.none() | st.booleans()}
)


@settings(deadline=None)
@given(RECORDS)
def test_a_rule_is_decided_where_its_outcome_is_known(record: dict[str, Any]) -> None:
    """It is for the subject, and no step is unknown or not set that a worse one has not made idle.

    Never undetermined.
    """
    interpreter = Interpreter(RULES.catalogue, Setting(date(2026, 6, 30), WorkingCalendar(), "CNY"))
    hits, undetermined = CHECKER(record, as_of=date(2026, 6, 30))
    counted = {rule.removesuffix(DECIDED) for rule, *_ in hits if rule.endswith(DECIDED)}
    assert not [rule for rule, *_ in undetermined if rule.endswith(DECIDED)]
    for rule in RULES.rules:
        if rule.about == "phase" and rule.layer == 0:
            assert (rule.id in counted) == _decided(rule.check, record, interpreter)


def _decided(check: Any, record: dict[str, Any], interpreter: Interpreter) -> bool:
    if check.where is not None and interpreter.value(check.where, record) is not True:
        return False
    for condition in conditions(check):
        outcome = interpreter.value(condition, record)
        if missing(outcome) or outcome is True:
            return outcome is True
    return True


def test_rules_about_warnings_have_none() -> None:
    """They are not decided in a table."""
    ids = [rule.id for rule in with_population(RULES, "phase").rules if rule.id.endswith(DECIDED)]
    assert ids == [each + DECIDED for each in ("ladder", "plain", "limited")]
    assert decided_check(RULES.rule("plain").check).where is None
