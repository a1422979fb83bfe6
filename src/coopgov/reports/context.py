"""What the sections of a report read: the facts and assessments of two days, names, figures, and what people wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.assessment.assess import assess
from coopgov.assessment.figures import Form
from coopgov.assessment.people import People
from coopgov.charts.plan import Plan, plan_of
from coopgov.facts.derive import derive
from coopgov.locales import text
from coopgov.reports.document import Blank, Line, line
from coopgov.rules.ruleset import engine_of
from coopgov.schema import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coopgov.assessment.result import Assessment, EarlyWarning
    from coopgov.cases.case import Case
    from coopgov.cases.cases import Cases
    from coopgov.facts import Facts, Subject
    from coopgov.model import Agreement
    from coopgov.reports.notes import ReportNotes
    from coopgov.reports.period import ReportPeriod
    from coopgov.rules import Engine, RuleSet

__all__ = ["Context", "context_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """One report in the making.

    `facts` and `assessment` are those of `as_of`; `earlier_facts` and `earlier` those of `before`, the last day before
    the period, and None if the cooperation had not begun by then.
    """

    agreement: Agreement
    rules: RuleSet
    period: ReportPeriod
    as_of: date
    before: date | None
    language: str
    facts: Facts
    assessment: Assessment
    earlier_facts: Facts | None
    earlier: Assessment | None
    cases: Cases | None
    notes: ReportNotes | None
    brief: bool
    form: Form
    people: People
    plan: Plan
    names: dict[str, str] = field(default_factory=dict)

    # Words ------------------------------------------------------------------------------------------------------------

    def phrased(self, key: str, /, **values: object) -> str:
        """A text of reports, by what follows `reports` in its key."""
        return text(f"reports.{key}", self.language, **values)

    def count(self, key: str, number: int, /, **values: object) -> str:
        """A text with a number, in its form for one or for many."""
        return self.phrased(f"{key}.{'one' if number == 1 else 'many'}", number=number, **values)

    def comma(self, items: Iterable[str]) -> str:
        """Texts with commas between them, each once, without empty ones."""
        return text("common.comma", self.language).join(dict.fromkeys(filter(None, items)))

    def semicolon(self, items: Iterable[str]) -> str:
        """Texts with semicolons between them."""
        return self.phrased("semicolon").join(items)

    def name(self, about: str) -> str:
        """The display name of a subject, such as that of `phase/core`."""
        kind, _, role = about.partition("/")
        return self.names.get(about) or (self.people.named(role) if kind == "role" else about)

    def person(self, name: str | None) -> str:
        """What an owner is called: the holder of a role, else its own name; that it is vacant or absent, if it is."""
        if not name:
            return self.phrased("nobody")
        holders = self.people.holders
        name = holders.of(name)
        if holders.vacant(name) or holders.stand_ins(name):
            return self.people.called(name)
        held = self.people.roles.get(name, ())
        if len(held) == 1 and self.people.own_name(name) is None:
            return held[0].label.in_language(self.language)
        return self.people.named(name)

    def party(self, name: str) -> str:
        """The display name of a party."""
        return self.people.own_name(name) or name

    @property
    def writer(self) -> str:
        """Who writes the report: the project manager, else the joint leads, else the parties."""
        for name in ("project-manager", "joint-lead"):
            if self.people.holders.known(name):
                return self.person(name)
        return self.comma(party.label.in_language(self.language) for party in self.agreement.parties)

    def written(self, section: str) -> Line:
        """What people wrote into a section; a blank that says who is to write it, if nobody did."""
        found = self.notes.written(section, self.language) if self.notes else ""
        return line(found) if found else line(Blank(self.phrased("to-be-written", owner=self.writer)))

    def about(self, warning: EarlyWarning) -> str:
        """The title of a warning with the name of its subject; the agreement itself needs no name."""
        if warning.about == "agreement":
            return warning.title
        return self.phrased("about", title=warning.title, name=self.name(warning.about))

    # Values -----------------------------------------------------------------------------------------------------------

    def value(self, about: str, fact: str, facts: Facts | None = None) -> Any:
        """The value of a fact on the date; None if it is unknown, not set, or the subject does not exist."""
        facts = facts or self.facts
        if not any(each.id == about for each in facts.subjects.get(about.partition("/")[0], ())):
            return None
        return facts.value(about, fact)

    def shown(self, subject: Subject, fact: str, value: Any = ..., unlike: Any = None) -> str:
        """The value of a fact, or another value of its type, as people read it; a dash for unknown."""
        value = self.value(subject.id, fact) if value is ... else value
        if value is None:
            return self.phrased("none")
        kind = self.facts.catalogue.type_of(subject.about, fact)
        assert kind is not None  # the caller names a fact of the catalogue
        return self.form.figure(value, kind, str(subject.record.get("unit") or ""), unlike).text

    def money(self, amount: float | None) -> str:
        """An amount in minor units."""
        whole = self.facts.subjects["agreement"][0]
        return self.shown(whole, "total_spent", amount)

    def share(self, value: float | None) -> str:
        """A share as a percentage with at most one decimal."""
        return self.phrased("none") if value is None else f"{value * 100:.1f}".removesuffix(".0") + " %"

    def days(self, number: float | None) -> str:
        """A number of days."""
        return self.phrased("none") if number is None else self.count("days", int(number))

    def term_of(self, first: date | None, last: date | None) -> str:
        """The days from the first to the last."""
        unknown = self.phrased("none")
        return self.phrased("span", first=first or unknown, last=last or unknown)

    # Warnings and cases -----------------------------------------------------------------------------------------------

    @property
    def counted(self) -> tuple[EarlyWarning, ...]:
        """The warnings that count, the worst first."""
        return tuple(each for each in self.assessment.warnings if each.counted)

    def closed_cases(self) -> Iterator[Case]:
        """The cases that were closed in the period."""
        return (each for each in self.cases or () if each.outcome and self.period.holds(each.closed_on))

    def case_of(self, warning: EarlyWarning) -> Case | None:
        """The open case of a warning."""
        found = self.cases.of(warning.rule, warning.about) if self.cases else None
        return found if found is not None and found.open else None


def context_of(  # noqa: PLR0913  # what a report can be made from
    agreement: Agreement,
    rules: RuleSet | Engine,
    period: ReportPeriod,
    as_of: date,
    language: str,
    *,
    cases: Cases | None = None,
    notes: ReportNotes | None = None,
    brief: bool = False,
) -> Context:
    """Assess the agreement on the two days of a report, and gather what its sections read."""
    engine = engine_of(rules)
    facts = derive(agreement, as_of, engine.rules.catalogue)
    before = _day_before(agreement, period)
    people = People(facts, language)
    currency = agreement.currency
    titles = {rule.id: rule.title.in_language(language) for rule in engine.rules.rules}
    names = {each.id: each.label.in_language(language) for each in facts}
    return Context(
        agreement,
        engine.rules,
        period,
        as_of,
        before,
        language,
        facts,
        assess(agreement, engine, as_of=as_of, language=language, cases=cases),
        derive(agreement, before, engine.rules.catalogue) if before else None,
        assess(agreement, engine, as_of=before, language=language) if before else None,
        cases,
        notes,
        brief,
        Form(language, currency, 10 ** MINOR_DIGITS[currency], people),
        people,
        plan_of(facts, language),
        names | {f"rule/{rule}": title for rule, title in titles.items()},
    )


def _day_before(agreement: Agreement, period: ReportPeriod) -> date | None:
    """The last day before the period; None if the cooperation had not begun by then."""
    previous = period.previous
    start = agreement.term.sound.start
    if previous is None or (start is not None and previous.last < start):
        return None
    return previous.last
