"""A part of an assessment: only some severities, one subject, or what one person has to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coopgov.assessment.todo import to_do, to_tell
from coopgov.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from coopgov.assessment.agenda import Unknown
    from coopgov.assessment.result import Assessment, EarlyWarning, Undecided
    from coopgov.facts.derive import Facts

__all__ = ["Selection", "subjects_within"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to keep of an assessment; None keeps everything. Its status stays that of the whole."""

    severities: Collection[str] | None = None
    subjects: Collection[str] | None = None
    owners: Collection[str] | None = None

    def of(self, assessment: Assessment) -> Assessment:
        """The assessment with the warnings, actions, people and data that are selected, and no others."""
        warnings = tuple(one for one in assessment.warnings if self.selects(one))
        undetermined = () if self.severities is not None else assessment.undetermined
        undetermined = tuple(one for one in undetermined if self._about(one.about))
        unknown = tuple(
            self._unknown(() if self.severities is not None else assessment.unknown, undetermined)
        )
        if self.owners is not None:
            theirs = {(rule, about) for one in unknown for rule in one.rules for about in one.subjects}
            undetermined = tuple(one for one in undetermined if (one.rule, one.about) in theirs)
        return replace(
            assessment,
            warnings=warnings,
            undetermined=undetermined,
            todo=tuple(one for one in to_do(warnings) if self._owned(one.owner)),
            tell=tuple(one for one in to_tell(warnings) if self._owned(one.to)),
            unknown=unknown,
            not_due=tuple(
                one for one in assessment.not_due if self._about(one.about) and self._owned(one.owner)
            ),
        )

    def selects(self, warning: EarlyWarning) -> bool:
        """Whether a warning is selected."""
        if self.severities is not None and warning.severity not in self.severities:
            return False
        to = warning.escalation.to if warning.escalation else None
        concerned = (to, *(action.owner for action in warning.actions))
        return self._about(warning.about) and (self.owners is None or any(map(self._owned, concerned)))

    def _unknown(self, groups: Iterable[Unknown], undetermined: Iterable[Undecided]) -> Iterator[Unknown]:
        """The groups of missing data that are selected, each with the selected subjects and their rules."""
        pairs = {(one.rule, one.about) for one in undetermined}
        for one in groups:
            about = [each for each in one.subjects if self._about(each)]
            if about and self._owned(one.owner):
                rules = tuple(rule for rule in one.rules if any((rule, each) in pairs for each in about))
                yield replace(one, about=about[0], also=tuple(about[1:]), rules=rules)

    def _about(self, subject: str) -> bool:
        return self.subjects is None or subject in self.subjects

    def _owned(self, owner: str | None) -> bool:
        return self.owners is None or owner in self.owners


def subjects_within(facts: Facts, assessment: Assessment, name: str) -> frozenset[str]:
    """The ids of a subject and of what is in it, such as the tasks of a phase.

    Args:
        facts: the facts of the agreement.
        assessment: its assessment, which also knows roles that nobody holds, such as `role/quality-officer`.
        name: an id such as `phase/setup`, its last part, or the display name of a subject in any language of the
            agreement; all subjects that are meant count.

    Raises:
        UnknownNameError: the agreement has no such subject.
    """
    known = {one.about: [one.about] for one in assessment.warnings if one.about.startswith("role/")}
    for subject in facts:
        own = subject.id.rpartition("/")[2]
        for spelled in {subject.id, own, *(said for _, said in subject.label.entries)}:
            known.setdefault(spelled, []).append(subject.id)
    if name not in known:
        raise UnknownNameError("subject", name, known)
    tops = known[name]
    inner = {each.partition("/")[2] + "/" for each in tops if each.startswith("phase/")}
    below = (subject.id for subject in facts if subject.id.partition("/")[2].startswith(tuple(inner)))
    return frozenset((*tops, *below))
