"""Measure coverage: which parts of the tested rules some test reaches, and which none does.

A test that is exact about a rule can reach these parts of it, if a tested file writes or changes the rule:

- the *rule*: it is decided for a subject;
- each of its *bands*: it gives a warning of that severity;
- its *silence*: it is decided for a subject, and is neither a warning nor undetermined;
- *branches*: `where`, `when` and `ends`, split at `and`, `or` and `not`: each condition is true in one test and false
  in another; and each band is false in a test. A `when` that is one condition has none: it is true where its severity
  is given, false in the silence. Bands and `when` count only for subjects that the rule is for;
- each *language* of its message: a test says what the message is in that language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coopgov.assessment.assess import Assessor
from coopgov.backends.interpreter import decide
from coopgov.language import syntax as s
from coopgov.language.interpreter import Interpreter
from coopgov.locales import phrase
from coopgov.severities import SEVERITIES
from coopgov.testing.rule_tests.case import Given

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from decimal import Decimal

    from coopgov.faults import Place
    from coopgov.locales import Phrase
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import RuleSet
    from coopgov.testing.rule_tests.case import Expected, RuleTest
    from coopgov.testing.rule_tests.suite import Suite

__all__ = ["KINDS", "Coverage", "CoveredPart", "coverage_of"]

KINDS = ("rules", "bands", "silence", "branches", "languages")
_LOGIC = ("where", "when", "ends")
_Key = tuple[str, str, str]
"""The key of a part: the rule, the kind of part, and which part of that kind."""


@dataclass(frozen=True, slots=True)
class CoveredPart:
    """A part of a rule that a test can reach; `missing` says what no test does, if none reaches it."""

    file: str
    rule: str
    kind: str
    missing: Phrase
    place: Place
    reached: bool

    def to_dict(self) -> dict[str, Any]:
        """The part as JSON."""
        return {
            "rule": self.rule,
            "kind": self.kind,
            "missing": self.missing,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """All parts of the tested rules, by rule file."""

    parts: tuple[CoveredPart, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The rule files under test."""
        return tuple(dict.fromkeys(part.file for part in self.parts))

    def of(self, file: str | None = None, kind: str | None = None) -> Coverage:
        """The coverage of one file, or of one kind of part."""
        return Coverage(
            tuple(each for each in self.parts if file in (None, each.file) and kind in (None, each.kind))
        )

    @property
    def reached(self) -> int:
        """How many parts a test reaches."""
        return sum(part.reached for part in self.parts)

    @property
    def share(self) -> float:
        """The share of all parts that tests reach; 1 if there is nothing to reach."""
        return self.reached / len(self.parts) if self.parts else 1.0

    def at_least(self, share: Decimal) -> bool:
        """Whether coverage is at least a share, counted exactly."""
        return self.reached >= share * len(self.parts)

    @property
    def missing(self) -> tuple[CoveredPart, ...]:
        """The parts that no test reaches."""
        return tuple(part for part in self.parts if not part.reached)

    def to_dict(self) -> dict[str, Any]:
        """The coverage as JSON."""
        return {**_counts(self), "files": [self._file(file) for file in self.files]}

    def _file(self, name: str) -> dict[str, Any]:
        mine = self.of(name)
        kinds = {kind: _counts(mine.of(kind=kind)) for kind in KINDS}
        return {"file": name, **_counts(mine), **kinds, "missing": [each.to_dict() for each in mine.missing]}


def _counts(coverage: Coverage) -> dict[str, Any]:
    return {"reached": coverage.reached, "of": len(coverage.parts), "share": coverage.share}


def coverage_of(suites: Iterable[Suite]) -> Coverage:
    """The coverage of the rules that suites are about; several suites about one rule file count together."""
    parts: dict[tuple[str, _Key], CoveredPart] = {}
    for suite in suites:
        reached = {key for test in suite.tests for key in _reached(suite, test)}
        for rule, file in suite.own.items():
            for key, missing, place in _parts(suite.rules.rule(rule)):
                before = parts.get((file, key))
                hit = key in reached or (before is not None and before.reached)
                parts[file, key] = CoveredPart(file, rule, key[1], missing, place, hit)
    return Coverage(tuple(parts.values()))


# What there is to reach ---------------------------------------------------------------------------------------------


def _parts(rule: Rule) -> Iterator[tuple[_Key, Phrase, Place]]:
    """All parts of a rule, each with its place and with what is missing if no test reaches it."""
    yield (rule.id, "rules", ""), _missing("no-decision"), rule.place
    for step in reversed(rule.check.steps):
        missing = _missing("no-band", severity=phrase(f"assessment.terms.{step.severity}"))
        yield (rule.id, "bands", step.severity), missing, _place(rule, step.severity)
    yield (rule.id, "silence", ""), _missing("no-silence"), rule.place
    for name, node in _conditions(rule):
        logic = name in _LOGIC
        for number, leaf in enumerate(_leaves(node)):
            text, place = _text(rule, name, leaf), _place(rule, name, leaf.start if logic else 0)
            for outcome in ("true", "false") if logic else ("false",):
                key = (rule.id, "branches", f"{name} {number} {outcome}")
                yield key, _missing(f"never-{outcome}", condition=text), place
    for language in dict(rule.message.text.entries):
        in_language = _missing("no-message-in", language=language)
        missing = in_language if language else _missing("no-message")
        yield (rule.id, "languages", language), missing, _place(rule, language or "message")


def _missing(part: str, **values: object) -> Phrase:
    return phrase(f"testing.coverage.{part}", **values)


def _conditions(rule: Rule) -> Iterator[tuple[str, s.Expr]]:
    """The conditions of a rule that have branches, by the name of their field or the severity of their band."""
    check = rule.check
    if check.where is not None:
        yield "where", check.where
    for step in reversed(check.steps):
        if check.measure is not None:
            yield step.severity, step.condition
        elif len(list(_leaves(step.condition))) > 1:
            yield "when", step.condition
    if check.ends is not None:
        yield "ends", check.ends


def _leaves(node: s.Expr) -> Iterator[s.Expr]:
    """A condition split at `and`, `or` and `not`."""
    if isinstance(node, s.Logic):
        for operand in node.operands:
            yield from _leaves(operand)
    elif isinstance(node, s.Not):
        yield from _leaves(node.operand)
    else:
        yield node


def _text(rule: Rule, name: str, leaf: s.Expr) -> Phrase:
    """A condition as written, on one line."""
    written = rule.texts[name]
    if name in _LOGIC:
        return _missing("condition", condition=" ".join(written[leaf.start : leaf.end].split()))
    return _missing("band", severity=phrase(f"assessment.terms.{name}"), band=written)


def _place(rule: Rule, name: str, start: int = 0) -> Place:
    """The place of a rule's field, of the band of a severity, or of the message in a language."""
    field = rule.fields.get(name)
    below: tuple[str, ...] = ()
    if name in SEVERITIES:
        bands = rule.fields["bands"].value if "bands" in rule.fields else {}
        field = bands.get(name) or rule.fields.get("severity")
    elif field is None:
        field, below = rule.fields.get("message"), (name,)
    if field is None:
        return rule.place
    document = field.source.document
    return document.place(document.find((*field.path, *below)), start)


# What is reached ----------------------------------------------------------------------------------------------------


def _reached(suite: Suite, test: RuleTest) -> Iterator[_Key]:
    rules = test.variant or suite.rules
    for expected in test.expected:
        yield from _languages(rules, expected)
        for rule, record, interpreter in _decided(test, rules, expected.as_of):
            small = isinstance(test.given, Given)
            yield from (
                each for each in _observed(rule, record, interpreter) if not (small and _of_end(each))
            )


def _of_end(key: _Key) -> bool:
    """Whether a part is a branch of `ends`, which small facts do not decide."""
    return key[1] == "branches" and key[2].startswith("ends ")


def _languages(rules: RuleSet, expected: Expected) -> Iterator[_Key]:
    """The languages of messages that are compared: those in which the texts that are rendered were written."""
    for warning in expected.warnings:
        text = rules.rule(warning.rule).message.text
        for language, _ in warning.message.entries if warning.message else ():
            rendered = text.in_language(language or "en")
            yield from ((warning.rule, "languages", tag) for tag, each in text.entries if each == rendered)


def _decided(
    test: RuleTest, rules: RuleSet, as_of: date | None
) -> Iterator[tuple[Rule, Mapping[str, Any], Interpreter]]:
    """Every rule that the test is exact about, with each subject that it checks."""
    wanted = [rule for rule in rules.rules if rule.id in test.rules]
    given = test.given
    if isinstance(given, Given):
        definitions = replace(given.derived, catalogue=rules.catalogue)
        interpreter = Interpreter(definitions, replace(given.setting, as_of=as_of))
        for rule in wanted:
            if rule.about == given.subject.about:
                yield rule, given.subject.record, interpreter
        return
    assert as_of is not None
    assessor = Assessor(given, rules, as_of, "en")
    assessor.search()
    for rule in sorted(wanted, key=lambda each: each.layer):
        if rule.layer:
            assessor.publish(rule.layer)
        for subject in assessor.subjects():
            if subject.about == rule.about and test.about in ("", subject.id):
                yield rule, subject.record, assessor.interpreter


def _observed(rule: Rule, record: Mapping[str, Any], interpreter: Interpreter) -> Iterator[_Key]:
    """The parts of a rule that one subject reaches."""
    hit, unsure = decide(rule.check, record, interpreter)
    yield (rule.id, "rules", "")
    if hit:
        yield (rule.id, "bands", hit[1])
    elif not unsure:
        yield (rule.id, "silence", "")
    where = rule.check.where
    applies = where is None or interpreter.value(where, record) is True
    for name, node in _conditions(rule):
        for number, leaf in enumerate(_leaves(node)):
            outcome = interpreter.value(leaf, record) if applies or name in ("where", "ends") else None
            if outcome is True or outcome is False:
                yield (rule.id, "branches", f"{name} {number} {str(outcome).lower()}")
