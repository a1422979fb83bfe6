"""Finds the warnings that others hide: about the same subject or below it, and at least as severe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from coopgov.assessment.result import worse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from coopgov.facts.subject import Subject
    from coopgov.rules.rule import Inhibition, Rule
    from coopgov.severities import Severity

__all__ = ["inhibited"]


class _Warned(Protocol):
    """What is read of a rule that holds for a subject."""

    @property
    def id(self) -> str: ...
    @property
    def rule(self) -> Rule: ...
    @property
    def subject(self) -> Subject: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def waived(self) -> Any: ...
    @property
    def past(self) -> bool: ...


def inhibited(
    found: Sequence[_Warned],
    inhibitions: Iterable[Inhibition],
    wholes_of: Callable[[Subject], Sequence[str]],
) -> dict[str, str]:
    """Return the ids of hidden warnings, each with that of the warning that hides it: the worst, then the first by id.

    `wholes_of` returns the ids of a subject and of all that it is a part of. A warning that is past or waived hides
    nothing. One that is past is not hidden either, because it is shown apart anyway. Neither is one about a milestone:
    milestones are what was contracted.
    """
    hiding = {(one.rule.id, one.subject.id): one for one in found if not one.past and one.waived is None}
    hidden: dict[str, tuple[int, str]] = {}
    by_rule: dict[str, list[Inhibition]] = {}
    for each in inhibitions:
        for name in each.hides:
            by_rule.setdefault(name, []).append(each)
    for one in found:
        if one.past or one.subject.about == "milestone":
            continue
        for each in by_rule.get(one.rule.id, ()):
            places = wholes_of(one.subject) if each.about == "children" else (one.subject.id,)
            for other in filter(None, (hiding.get((each.by, place)) for place in places)):
                rank = -worse(other.severity), other.id
                if worse(other.severity) >= worse(one.severity):
                    hidden[one.id] = min(hidden.get(one.id, rank), rank)
    return {name: by for name, (_, by) in hidden.items()}
