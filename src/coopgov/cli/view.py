"""What `coopgov check` shows of an agreement: the selected part of its assessment, what changed, and names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.assessment.assess import Assessor, assess
from coopgov.assessment.grouping import Grouped, grouped
from coopgov.assessment.people import People
from coopgov.assessment.selection import Selection, subjects_within
from coopgov.assessment.since import Since, since
from coopgov.cli.output import say
from coopgov.cli.wrapping import shortened
from coopgov.language.dependencies import steps

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping
    from datetime import date

    from coopgov.assessment.result import Assessment
    from coopgov.cases.case import Case
    from coopgov.cases.cases import Cases
    from coopgov.facts import Catalogue
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

__all__ = ["Names", "View", "view_of"]

_FACTS = {"forecast": "forecast_end", "spending": "spent"}
"""The facts of keys that have another name."""
_WIDTH = 48
"""The columns that a name has at most; some are whole sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What people call subjects, members and facts, in a language."""

    language: str
    people: People
    subjects: Mapping[str, str]
    catalogue: Catalogue

    def subject(self, name: str) -> str:
        """The display name of a subject; a role as people call it."""
        about, _, rest = name.partition("/")
        if about == "role":
            return self.people.named(rest)
        label = shortened(self.subjects.get(name, name), _WIDTH)
        if about not in ("goal", "risk"):
            return label
        return say(
            "screen.quoted", self.language, name=label.rstrip(".\u3002")
        )  # most of these are sentences

    def datum(self, about: str, path: str) -> str:
        """The display name of a missing fact, such as that of `spent`, or of `tasks.status` in a collection."""
        *above, name = steps(path)
        kind = about.partition("/")[0]
        for step in above:
            found = self.catalogue.type_of(kind, step)
            kind = (found and found.item) or step
        fact = self.catalogue.fact(kind, _FACTS.get(name, name))
        return fact.name_in(self.language) if fact else name

    def value(self, name: str) -> str:
        """What a value of a subject is called, such as that of `phase/core.budget`."""
        about, _, key = name.rpartition(".")
        return say("datum", self.language, name=self.subject(about), fact=self.datum(about, key))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The selected part of an assessment, and how it is shown."""

    agreement: Agreement
    assessment: Assessment
    total: int
    """The number of warnings before any were selected."""
    grouped: Grouped
    names: Names
    changes: Since | None
    today: bool
    ids: bool
    cases: Mapping[str, Case] | None
    """The open cases of a store, by the ids of their warnings; None without a store."""


def view_of(options: Namespace, agreement: Agreement, rules: RuleSet, as_of: date) -> View:
    """Assess an agreement, on the day of `--since` too, and select what the options ask for.

    Raises:
        UnknownNameError: the agreement has no such subject, member, role or body.
    """
    before, cases = _cases_on(options, agreement, as_of) if options.store else (None, ())
    assessor = Assessor(agreement, rules, as_of, options.lang, options.backend, cases=before)
    whole, facts = assessor.run(), assessor.facts
    people = People(facts, options.lang)
    selection = Selection(
        severities=options.only and frozenset(options.only),
        subjects=options.about and subjects_within(facts, whole, options.about),
        owners=options.owner and people.meant(options.owner),
    )
    assessment = selection.of(whole) if options.only or options.about or options.owner else whole
    changes = None
    if options.since is not None:
        earlier = _earlier(options, agreement, rules)
        # Only then is a warning that is now selected, and was not before, compared with what it was.
        selected = (one.id for each in (earlier, whole) for one in each.warnings if selection.selects(one))
        changes = since(earlier, whole).limited_to(frozenset(selected))
    return View(
        agreement=agreement,
        assessment=assessment,
        total=len(whole.warnings),
        grouped=grouped(assessment.warnings, whole.warnings),
        names=Names(
            language=options.lang,
            people=people,
            subjects={subject.id: subject.label.in_language(options.lang) for subject in facts},
            catalogue=rules.catalogue,
        ),
        changes=changes,
        today=options.as_of is None,
        ids=options.ids,
        cases={case.name: case for case in cases if case.open} if options.store else None,
    )


def _earlier(options: Namespace, agreement: Agreement, rules: RuleSet) -> Assessment:
    """The assessment on the day of `--since`."""
    known = _cases_on(options, agreement, options.since)[0] if options.store else None
    how = {"language": options.lang, "backend": options.backend, "cases": known}
    return assess(agreement, rules, as_of=options.since, **how)


def _cases_on(options: Namespace, agreement: Agreement, day: date) -> tuple[Cases, Cases]:
    from coopgov.cli.case_store import cases_on  # heavy, and most runs have no store

    return cases_on(options, agreement.id, day)
