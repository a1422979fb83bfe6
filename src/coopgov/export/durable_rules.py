"""Exports rules to an organisation's own durable-rules: the rulesets as JSON, and the facts that they test.

durable-rules compares single facts with constants; it has no units, no value for unknown and no arithmetic on the left
of a comparison. So a converted ruleset tests *quantities* such as `delay / window`, and `Conversion.facts` computes
them from a record. A host without coopgov at run time can compute them itself: the conversion gives the expression of
each.

>>> import coopgov
>>> from coopgov.export.durable_rules import convert
>>> conversion = convert(coopgov.load_rules(), about="phase")
>>> next(iter(conversion.rulesets[0].rules))
'phase-late/critical/true'
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from coopgov.backends.durable_rules.backend import rulesets
from coopgov.backends.durable_rules.lowering import Lowering, tests_of
from coopgov.errors import BackendError, UnknownNameError
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.locales import phrase
from coopgov.model import WorkingCalendar
from coopgov.rules.ruleset import engine_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.backends.durable_rules.backend import Ruleset
    from coopgov.rules import RuleSet

__all__ = ["Conversion", "ConvertedRuleset", "convert"]

FORMAT = "durable-rules/1"
_SMALLEST, _LARGEST = 0.001, 10**15
"""The range of constants other than 0: in it, Python writes plain decimals, and durable-rules reads nothing else."""


@dataclass(frozen=True, slots=True)
class ConvertedRuleset:
    """One ruleset: its name, its type of subject, its rules, and the quantities that its facts hold.

    A rule is named `RULE/SEVERITY/true` (the condition certainly holds) or `…/false` (it certainly does not); where
    neither fires, data are missing or the rule does not apply. All rules run the action `coopgov`.
    """

    name: str
    about: str
    rules: Mapping[str, Any]
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Conversion:
    """A rule set converted for durable-rules; quantities of money are in minor units of the currency."""

    rules: RuleSet
    rulesets: tuple[ConvertedRuleset, ...]
    setting: Setting
    _lowerings: Mapping[str, Lowering] = field(repr=False)

    def facts(self, about: str, record: Mapping[str, Any], *, as_of: date) -> dict[str, dict[str, Any]]:
        """Return the facts to assert for one record of base facts: for each ruleset about its type, by ruleset name.

        Add `id` and `sid` before asserting. A quantity without a value is left out of a fact, so it fails every test.

        Raises:
            FactError: a value does not have the type of its fact.
        """
        interpreter = Interpreter(self.rules.catalogue, replace(self.setting, as_of=as_of))
        found = {}
        interpreter.read(engine_of(self.rules).program(about, 0).asked, record)
        for each in self.rulesets:
            if each.about == about:
                values = self._lowerings[about].record(each.properties, interpreter, record)
                found[each.name] = {"always": 1} | {name: _plain(value) for name, value in values.items()}
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the conversion as plain Python objects, for `json.dumps` and for `register_rulesets`."""
        rows = [
            {
                "name": each.name,
                "about": each.about,
                "properties": dict(each.properties),
                "rules": dict(each.rules),
            }
            for each in self.rulesets
        ]
        return {"coopgov": FORMAT, "from": self.rules.to_dict(), "rulesets": rows}

    def to_json(self, indent: int | None = 2) -> str:
        """Return the conversion as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)


def convert(
    rules: RuleSet,
    *,
    about: str | None = None,
    calendar: WorkingCalendar | None = None,
    currency: str = "",
    minor_units: int = 1,
) -> Conversion:
    """Convert rules to rulesets of durable-rules.

    Args:
        rules: the rules; those about warnings and roles are left out, since a fact has neither.
        about: convert only the rules about this type of subject.
        calendar: the calendar for quantities in working days.
        currency: the currency of the records, for rules that name a currency.
        minor_units: the factor from a unit of currency to the unit of the records: 100 if they count cents.

    Raises:
        BackendError: a rule compares more quantities than a fact of durable-rules can have, or compares with a constant
            that Python does not write in plain decimal notation.
        UnknownNameError: the type of subject does not exist.
    """
    if about is not None and about not in rules.catalogue.subject_types:
        raise UnknownNameError("type of subject", about, rules.catalogue.subject_types)
    setting = Setting(None, calendar or WorkingCalendar(), currency, minor_units)
    lowerings: dict[str, Lowering] = {}
    found: list[ConvertedRuleset] = []
    for name in dict.fromkeys(rule.about for rule in rules.rules if rule.layer == 0 and rule.about != "role"):
        if about in (None, name):
            program = rules.program(name, 0)
            lowerings[name] = lowering = Lowering(program, setting)
            found += (
                _converted(f"{rules.pack}-{name}-{number}", name, each, lowering)
                for number, each in enumerate(rulesets(program, lowering), 1)
            )
    return Conversion(rules, tuple(found), setting, lowerings)


def _converted(name: str, about: str, ruleset: Ruleset, lowering: Lowering) -> ConvertedRuleset:
    for outcome in ruleset.outcomes:
        for test in (*tests_of(outcome.true), *tests_of(outcome.false)):
            size = 0 if isinstance(test.constant, str) else abs(test.constant)
            if size and not _SMALLEST <= size <= _LARGEST:
                ends = {"least": _SMALLEST, "most": _LARGEST}
                why = phrase("backends.durable.constant", constant=test.constant, **ends)
                raise BackendError("durable", outcome.check, outcome.severity, why, ("direct", "interpreter"))
    rules = {rule: {**body, "run": "coopgov"} for rule, body in ruleset.definition().items()}
    texts = {each: lowering.properties[each].text for each in ruleset.properties}
    return ConvertedRuleset(name, about, rules, texts)


def _plain(value: float | str) -> float | str:
    """Replace a value by one that Python writes without an exponent, on the same side of every constant."""
    if isinstance(value, str) or not value:
        return value
    if abs(value) < _SMALLEST:
        return math.copysign(_SMALLEST / 2, value)
    return int(math.copysign(2 * _LARGEST, value)) if abs(value) > _LARGEST else value
