"""Find keys for cases that change nothing: without a ladder, with a step twice, or at the very limit of a band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.scope import fault_at, finding
from coopgov.language.fold import number
from coopgov.language.syntax import Above, AtLeast, AtMost, Below, Comparison, Literal
from coopgov.locales import phrase, verbatim
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.scope import Scope
    from coopgov.finding import Finding
    from coopgov.language.syntax import Expr
    from coopgov.locales import Phrase
    from coopgov.rules import Rule
    from coopgov.severities import Severity

__all__ = ["case_keys"]

_OPPOSITE = {Above: AtMost, AtLeast: Below, Below: AtLeast, AtMost: Above}


def case_keys(scope: Scope) -> Iterator[Finding]:
    """The findings about the keys for cases in the rules of the file."""
    seen: set[tuple[str, object]] = set()
    for rule in scope.own:
        for each in (*_without_ladder(scope, rule), *_repeated(scope, rule), *_same_limit(scope, rule)):
            place = each.fault.code, each.fault.place
            if place not in seen:  # the rows of a table share its keys
                seen.add(place)
                yield each


def _without_ladder(scope: Scope, rule: Rule) -> Iterator[Finding]:
    """Keys about a ladder for severities that have none."""
    given: list[Severity] = [step.severity for step in reversed(rule.check.steps)]
    field = rule.fields.get("acknowledge")
    laddered = any(rule.ladder(severity) for severity in given)
    if rule.acknowledge != "any" and not laddered and field is not None and scope.owns(field):
        found = phrase("analysis.without-ladder.acknowledge", whose=verbatim(rule.acknowledge))
        yield finding(fault_at(field, "without-ladder", found, _ladder_expected()), rule.id)
    field = rule.fields.get("treat")
    for severity, each in (field.value or {}).items() if field is not None else ():
        if not scope.owns(each):
            continue
        used = [one for one in given if _treated_by(rule, one) == severity]
        if used and not any(rule.ladder(one) for one in used):
            found = phrase("analysis.without-ladder.treat", severity=verbatim(severity))
            fault = each.source.fault(each.path, "without-ladder", found, _ladder_expected(), key=True)
            yield finding(fault, rule.id)


def _ladder_expected() -> Phrase:
    return phrase("analysis.without-ladder.expected")


def _treated_by(rule: Rule, severity: Severity) -> Severity | None:
    milder = SEVERITIES[SEVERITIES.index(severity) :: -1]
    return next((each for each in milder if each in rule.treat), None)


def _repeated(scope: Scope, rule: Rule) -> Iterator[Finding]:
    """Ladders in which a receiver is notified twice."""
    field = rule.fields.get("escalate")
    for each in (field.value or {}).values() if field is not None else ():
        names = [step.to for step in each.value]
        twice = next((at for at, name in enumerate(names) if name in names[:at]), None)
        if twice is not None and scope.owns(each):
            found = phrase("analysis.repeated-step.found", to=verbatim(names[twice]))
            expected = phrase("analysis.repeated-step.expected")
            path = (*each.path, twice)
            yield finding(each.source.fault(path, "repeated-step", found, expected), rule.id)


def _same_limit(scope: Scope, rule: Rule) -> Iterator[Finding]:
    """Conditions of `clear` that leave a band exactly where it begins, and so change nothing."""
    field = rule.fields.get("clear")
    for severity, each in (field.value or {}).items() if field is not None else ():
        if scope.owns(each) and _opposite(rule.clear[severity], rule.condition(severity)):
            found = phrase(
                "analysis.clear-without-effect.found", clear=each.value, band=_band(rule, severity)
            )
            expected = phrase("analysis.clear-without-effect.expected")
            fault = fault_at(each, "clear-without-effect", found, expected)
            yield finding(fault, rule.id)


def _band(rule: Rule, severity: str) -> str:
    return rule.texts[severity].strip()


def _opposite(clear: Expr, band: Expr) -> bool:
    """Whether one condition holds exactly where the other does not."""
    if not isinstance(clear, Comparison) or _OPPOSITE.get(type(band)) is not type(clear):  # type: ignore[arg-type]
        return False
    ours, theirs = clear.right, band.right  # type: ignore[union-attr]
    if isinstance(ours, Literal) and isinstance(theirs, Literal) and ours.type.numeric:
        return number(ours) == number(theirs)
    return ours == theirs
