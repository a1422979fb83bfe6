"""Find entries under `inhibit` that can never hide a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.scope import finding
from coopgov.locales import phrase
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.scope import Scope
    from coopgov.backends.ir import Step
    from coopgov.facts import Catalogue
    from coopgov.finding import Finding
    from coopgov.locales import Phrase
    from coopgov.rules import Rule

__all__ = ["dead_inhibitions", "hidden_milestones"]


def hidden_milestones(scope: Scope) -> Iterator[Finding]:
    """The findings about entries that hide a rule about milestones: milestones are never hidden."""
    about = {rule.id: rule.about for rule in scope.rules.rules}
    for position, entry in scope.source.entries("inhibit"):
        for number, name in enumerate(entry.hides):
            if about.get(name) == "milestone":
                found = phrase("analysis.hidden-milestone.found", rule=name)
                expected = phrase("analysis.hidden-milestone.expected")
                path = ("inhibit", position, "hides", number)
                yield finding(scope.source.fault(path, "hidden-milestone", found, expected))


def dead_inhibitions(scope: Scope) -> Iterator[Finding]:
    """The findings about rules under `inhibit` that are switched off, apart from each other, or not as severe."""
    rules = {rule.id: rule for rule in scope.rules.rules}
    for position, entry in scope.source.entries("inhibit"):
        by = rules.get(entry.by)
        if by is None:
            yield _dead(scope, ("inhibit", position, "by"), phrase(f"{_TEXTS}.off", rule=entry.by), "on")
            continue
        for number, name in enumerate(entry.hides):
            found = _why_dead(by, name, rules.get(name), entry.about, scope.rules.catalogue)
            if found:
                yield _dead(scope, ("inhibit", position, "hides", number), *found)


_TEXTS = "analysis.dead-inhibition"


def _dead(scope: Scope, path: tuple[str | int, ...], found: Phrase, expected: str) -> Finding:
    said = phrase(f"{_TEXTS}.expected-{expected}")
    return finding(scope.source.fault(path, "dead-inhibition", found, said))


def _why_dead(
    by: Rule, name: str, hidden: Rule | None, about: str, catalogue: Catalogue
) -> tuple[Phrase, str] | None:
    """Why a rule can never hide the warnings of another; None if it can, or if milestones are the reason."""
    if hidden is None:
        return phrase(f"{_TEXTS}.off", rule=name), "on"
    if hidden.about == "milestone":
        return None
    wholes = {hidden.about} if about == "same" else {hidden.about, *catalogue.parents(hidden.about)}
    wholes |= {"goal"} if about != "same" and hidden.about == "kpi" else set()
    if by.about not in wholes:
        values = {"by": by.id, "about": by.about, "rule": name, "hidden": hidden.about}
        return phrase(f"{_TEXTS}.apart", **values), "same" if about == "same" else "below"
    worst, mildest = max(map(_rank, by.check.steps)), min(map(_rank, hidden.check.steps))
    if worst < mildest:
        values = {"by": by.id, "worst": _term(worst), "rule": name, "mildest": _term(mildest)}
        return phrase(f"{_TEXTS}.milder", **values), "severe"
    return None


def _rank(step: Step) -> int:
    return SEVERITIES.index(step.severity)


def _term(rank: int) -> Phrase:
    return phrase(f"assessment.terms.{SEVERITIES[rank]}")
