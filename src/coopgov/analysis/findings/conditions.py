"""Find faulty conditions in one rule: those that are never or always true, and bands that are never reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.logic.formulas import All, Lit, negated
from coopgov.analysis.logic.intervals import Numbers, at
from coopgov.analysis.logic.sampling import rank
from coopgov.analysis.scope import NotDecided, fault_at, finding
from coopgov.finding import Finding
from coopgov.language import syntax as s
from coopgov.language.types import TRUTH
from coopgov.language.values import NOT_SET, UNKNOWN
from coopgov.locales import phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.logic.assignment import Given
    from coopgov.analysis.logic.decide import Answer
    from coopgov.analysis.logic.formulas import Formula
    from coopgov.analysis.logic.study import Band, Studied, Study
    from coopgov.language.syntax import Expr
    from coopgov.locales import Phrase
    from coopgov.rules import Rule
    from coopgov.rules.source import Field

__all__ = ["conditions"]

_OUTCOMES = {False: "false", UNKNOWN: "unknown", NOT_SET: "does-not-apply"}
"""The names of the texts about what a condition is."""


def conditions(study: Study, rule: Rule) -> Iterator[Finding | NotDecided]:
    """The findings about the conditions of a rule, each by itself."""
    yield from _deciding(study, rule)
    if rule.check.ends is not None:
        yield from _plain(study, rule, "ends", rule.check.ends)
    for severity, clear in rule.clear.items():
        yield from _clear(study, rule, severity, clear)


def _clear(study: Study, rule: Rule, severity: str, clear: Expr) -> Iterator[Finding | NotDecided]:
    """The finding about a condition that leaves a band and that no value of the measure meets."""
    where = rule.check.where
    node = clear if where is None else s.And((where, clear), type=TRUTH)
    holds = study.logic.ask(
        study.logic.meaning(rule.about).holds(node),
        rule.about,
        lambda given: study.value(node, rule.about, given) is True,
    )
    if holds.possible is None:
        yield NotDecided("clear-never-passed", rule.id, holds.why)
    elif not holds.possible:
        given, outcome = nearest(study, rule.about, clear)
        entries = rule.fields["clear"]
        text = rule.texts[f"clear.{severity}"].strip()
        found = phrase("analysis.clear-never-passed.found", clear=text, measure=_measure(rule))
        expected = phrase("analysis.clear-never-passed.expected")
        field = study.place(rule, entries.value[severity])
        fault = fault_at(field, "clear-never-passed", found, expected, _reach(study, rule))
        yield finding(fault, rule.id, None if given is None else study.example(rule.about, given, outcome))


def _deciding(study: Study, rule: Rule) -> Iterator[Finding | NotDecided]:
    """The findings about the conditions that decide whether a rule warns."""
    studied = study.studied(rule)
    where, when = rule.check.where, rule.fields.get("when")
    if where is not None:
        reports = list(_plain(study, rule, "where", where))
        yield from reports
        if any(isinstance(each, Finding) and each.level == "error" for each in reports):
            studied.never.update(band.severity for band in studied.bands)
            return
    if when is not None and when.value is not None and studied.bands:
        yield from _when(study, studied)
    else:
        yield from _ladder(study, studied)


def _plain(study: Study, rule: Rule, key: str, node: Expr) -> Iterator[Finding | NotDecided]:
    """The finding about a condition that is never true, or never false."""
    meaning = study.logic.meaning(rule.about)
    holds = study.logic.ask(
        meaning.holds(node), rule.about, lambda given: study.value(node, rule.about, given) is True
    )
    field = study.place(rule, rule.fields.get(key))
    text = study.text(rule, key)
    if holds.possible is None:
        yield NotDecided("condition-never-true", rule.id, holds.why)
    elif not holds.possible:
        taken = key == "when" and _taken(study, rule)
        if taken:
            yield from _never(study, rule, field, node, _text("row"), hint=_text("hint-row"))
        else:
            yield from _never(study, rule, field, node, _text("found", condition=text))
        return
    studied = study.studied(rule)
    if holds.given is not None and key == "when" and rule.check.where is None:
        studied.witnesses[studied.bands[0].severity] = holds.given
    if holds.given is not None and _cannot_fail(study, rule, node):
        found = phrase("analysis.condition-always-true.found", condition=text)
        expected = phrase("analysis.condition-always-true.expected")
        hint = phrase(f"analysis.condition-always-true.hint-{key}")
        fault = fault_at(field, "condition-always-true", found, expected, hint)
        yield finding(fault, rule.id, study.example(rule.about, holds.given, _always_holds(key)))


def _text(part: str, **values: object) -> Phrase:
    """A text about a condition that is never true."""
    return phrase(f"analysis.condition-never-true.{part}", **values)


def _always_holds(part: str) -> Phrase:
    return phrase("analysis.shows.always", part=verbatim(part))


def _taken(study: Study, rule: Rule) -> bool:
    """Whether a rule is a row whose own cells can hold, so that only rows above keep it from being the first."""
    rows = (row for table in study.scope.rules.tables if table.hit == "first" for row in table.rows)
    own = next((row.condition for row in rows if row.rule == rule.id), None)
    if own is None:
        return False
    holds = study.logic.meaning(rule.about).holds(own)
    asked = study.logic.ask(holds, rule.about, lambda given: study.value(own, rule.about, given) is True)
    return bool(asked.possible)


def _cannot_fail(study: Study, rule: Rule, node: Expr) -> bool:
    """Whether a condition is provably never false."""
    fails = study.logic.meaning(rule.about).fails(node)
    proved = study.logic.impossible(fails)
    if proved or not study.scope.solver:
        return proved
    asked = study.logic.ask(
        fails, rule.about, lambda given: study.value(node, rule.about, given) is False, thorough=False
    )
    return asked.possible is False


def _when(study: Study, studied: Studied) -> Iterator[Finding | NotDecided]:
    rule, band = studied.rule, studied.bands[0]
    condition = rule.check.steps[0].condition
    alone = list(_plain(study, rule, "when", condition))
    if alone:
        yield from alone
        if any(not isinstance(each, NotDecided) for each in alone):
            if study.logic.impossible(band.holds):
                studied.never.add(band.severity)
            else:
                study.witness(studied, band)
            return
    if rule.check.where is None:
        return
    answer = study.witness(studied, band)
    if answer.possible is False:
        field = study.place(rule, rule.fields.get("when"))
        found = _text("together", condition=study.text(rule, "when"))
        yield from _never(study, rule, field, band.condition, found)


def _never(
    study: Study, rule: Rule, field: Field, node: Expr, found: Phrase, hint: Phrase | None = None
) -> Iterator[Finding]:
    given, outcome = nearest(study, rule.about, node)
    if given is None:
        return
    fault = fault_at(field, "condition-never-true", found, _text("expected"), hint or _text("hint"))
    yield finding(fault, rule.id, study.example(rule.about, given, outcome))


def _ladder(study: Study, studied: Studied) -> Iterator[Finding | NotDecided]:
    rule = studied.rule
    for band in studied.bands:
        answer = study.witness(studied, band)
        if answer.possible is None:
            yield _not_decided(rule, band, answer)
        elif not answer.possible:
            yield from _unreached(study, studied, band)
        else:
            yield from _covered(study, studied, band)
    yield from _always(study, studied)


def _not_decided(rule: Rule, band: Band, answer: Answer) -> NotDecided:
    why = phrase("analysis.not-decided.severity", severity=verbatim(band.severity), why=answer.why)
    return NotDecided("band-never-reached", rule.id, why)


def _unreached(study: Study, studied: Studied, band: Band) -> Iterator[Finding]:
    rule = studied.rule
    given, outcome = nearest(study, rule.about, band.condition)
    if given is None:
        return
    found = phrase("analysis.band-never-reached.found", band=_written(rule, band), measure=_measure(rule))
    expected = phrase("analysis.band-never-reached.expected")
    fault = fault_at(_field(study, rule, band), "band-never-reached", found, expected, _reach(study, rule))
    yield finding(fault, rule.id, study.example(rule.about, given, outcome))


def _covered(study: Study, studied: Studied, band: Band) -> Iterator[Finding | NotDecided]:
    """The finding about a band that a worse one always overrides."""
    worse = [each for each in studied.bands if rank(each.severity) > rank(band.severity)]
    if not worse or band.severity not in studied.witnesses:
        return
    rule = studied.rule
    alone = All((band.holds, *(negated(each.holds) for each in worse)))
    answer = study.logic.ask(alone, rule.about, lambda given: study.outcome(rule, given) == band.severity)
    given = studied.witnesses[band.severity]
    got = study.outcome(rule, given)
    if answer.possible is None:
        yield _not_decided(rule, band, answer)
    elif answer.given is not None:
        studied.witnesses[band.severity] = answer.given
    elif not answer.possible and got is not None and got != band.severity:
        found = phrase("analysis.band-never-reached.covered", band=_written(rule, band))
        expected = phrase("analysis.band-never-reached.covered-expected")
        fault = fault_at(_field(study, rule, band), "band-never-reached", found, expected)
        shows = phrase("analysis.shows.worse", severity=verbatim(band.severity), other=verbatim(got))
        yield finding(fault, rule.id, study.example(rule.about, given, shows))


def _always(study: Study, studied: Studied) -> Iterator[Finding]:
    """The finding about a band that holds for every value."""
    rule = studied.rule
    for step in rule.check.steps:
        given = studied.witnesses.get(step.severity)
        if given is None or not study.logic.impossible(study.logic.meaning(rule.about).fails(step.condition)):
            continue
        band = next(each for each in studied.bands if each.severity == step.severity)
        written, measure = _written(rule, band), _measure(rule)
        found = phrase("analysis.condition-always-true.band", band=written, measure=measure)
        expected = phrase("analysis.condition-always-true.band-expected")
        fault = fault_at(
            _field(study, rule, band), "condition-always-true", found, expected, _reach(study, rule)
        )
        yield finding(fault, rule.id, study.example(rule.about, given, _always_holds(band.severity)))


def _field(study: Study, rule: Rule, band: Band) -> Field:
    bands = rule.fields.get("bands")
    field = bands.value.get(band.severity) if bands is not None and bands.value else None
    return study.place(rule, field or bands)


def _written(rule: Rule, band: Band) -> str:
    return f"{band.severity}: {rule.texts[band.severity].strip()}"


def _measure(rule: Rule) -> str:
    return rule.texts["measure"].strip()


def _reach(study: Study, rule: Rule) -> Phrase:
    """The range of the measure, as a hint; nothing if it is unbounded."""
    assert rule.check.measure is not None
    return study.reach(rule.check.measure, rule.about)


def nearest(study: Study, about: str, node: Expr) -> tuple[Given | None, Phrase]:
    """Facts for which a condition comes close but does not hold, with the engine's result."""
    meaning = study.logic.meaning(about)
    wanted: list[Formula] = []
    for part, rest in _without_one(node):
        others = [meaning.holds(each) for each in rest]
        wanted += [All((*others, close, meaning.fails(node))) for close in _close(study, about, part)]
        wanted.append(All((*others, meaning.fails(node))))
    wanted += [meaning.fails(node), negated(meaning.holds(node))]
    for formula in wanted:
        answer = study.logic.ask(formula, about, lambda given: study.value(node, about, given) is not True)
        if answer.given is not None:
            outcome = _OUTCOMES.get(study.value(node, about, answer.given), "unknown")
            return answer.given, phrase(f"analysis.shows.{outcome}")
    return None, verbatim("")


def _without_one(node: Expr) -> Iterator[tuple[Expr, list[Expr]]]:
    """Each part of a conjunction, with the others; the last first, because it is usually the actual question."""
    parts = list(_conjuncts(node))
    for position in range(len(parts) - 1, -1, -1):
        yield parts[position], [*parts[:position], *parts[position + 1 :]]


def _conjuncts(node: Expr) -> Iterator[Expr]:
    if isinstance(node, s.And):
        for part in node.operands:
            yield from _conjuncts(part)
    else:
        yield node


def _close(study: Study, about: str, node: Expr) -> Iterator[Formula]:
    """The formula that the number of a comparison is at an end of its range."""
    if not isinstance(node, s.Comparison) or not node.left.type.numeric:
        return
    meaning = study.logic.meaning(about)
    variable = meaning.compared(node)
    if variable is None or not isinstance(variable.domain, Numbers) or not variable.domain.spans:
        return
    span = variable.domain.spans[0]
    ends = (span.high, span.low) if isinstance(node, (s.Above, s.AtLeast)) else (span.low, span.high)
    for end in ends:
        if end is not None and abs(end) < 100_000:
            yield All((Lit(variable, Numbers((at(end),))), meaning.known_of(node)))
