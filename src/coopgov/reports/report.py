"""Makes the report of a period: its title, the six sections and the appendix."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from coopgov.arguments import a_day, a_tag, an_instance, checked, one_of, or_none
from coopgov.cases.cases import Cases
from coopgov.errors import PeriodError
from coopgov.languages import relative
from coopgov.locales import phrase, verbatim
from coopgov.model import dump_agreement
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.reports.context import context_of
from coopgov.reports.document import Brand, Document, Field, Strong, line
from coopgov.reports.notes import ReportNotes, check_notes
from coopgov.reports.notes_schema import SECTIONS
from coopgov.reports.period import KINDS, ReportKind, ReportPeriod, period_of
from coopgov.reports.sections import BRIEF, BUILDERS, appendix, brief_appendix
from coopgov.rules.load import load_rules
from coopgov.rules.pack_names import BUILT_IN, pack_names
from coopgov.rules.ruleset import RULES, engine_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from coopgov.model import Agreement
    from coopgov.reports.context import Context
    from coopgov.reports.document import Inline, Line
    from coopgov.rules import Engine, RuleSet

__all__ = ["Report", "report"]


@dataclass(frozen=True, slots=True, repr=False)
class Report(Document):
    """A report on a period, in one language: a frozen tree of sections, which writers turn into a format.

    `period` has its days; `day` is the date as of which it sees the data. `digests` has what it was made from.
    """

    period: ReportPeriod | None = None
    digests: tuple[tuple[str, str], ...] = ()
    command: str = ""

    def __repr__(self) -> str:
        return f"<Report {self.id} in {self.language}>"


@checked(
    agreement=AN_AGREEMENT,
    rules=or_none(RULES),
    as_of=or_none(a_day),
    cases=or_none(an_instance(Cases, "cases.expected.cases", "cases.hints.cases")),
    notes=or_none(an_instance(ReportNotes, "errors.expected.report-notes", "errors.hints.report-notes")),
    language=a_tag,
    kind=or_none(one_of(KINDS)),
)
def report(  # noqa: PLR0913  # what a report can be made from
    agreement: Agreement,
    rules: RuleSet | Engine | None = None,
    *,
    period: ReportPeriod | str | tuple[date, date],
    as_of: date | None = None,
    cases: Cases | None = None,
    notes: ReportNotes | None = None,
    language: str = "en",
    kind: ReportKind | None = None,
    brief: bool = False,
) -> Report:
    """Report on a period of a cooperation: overview, goals, results, problems, lessons, next steps, and an appendix.

    The same arguments give an equal report. What people have to write comes from the notes; what nobody wrote is a
    blank that says who writes it.

    Args:
        agreement: what was agreed and observed.
        rules: the rules, or an engine that holds what is compiled of them; the shipped pack by default.
        period: such as `2026-Q2`, `2026`, `2026-05`, `2026-04-01..2026-06-30`, or the first and the last day.
        as_of: the date as of which it sees the data; by default, the last day of the period.
        cases: the cases of the agreement on that date, with causes and actions.
        notes: what people wrote, from `load_report_notes`.
        language: of all texts, such as `en`, `zh-Hans` or `zh-Hant`.
        kind: what the title calls it: `quarterly`, `yearly` or `custom`; by default, as long as the period is.
        brief: a single page instead of the full form.

    Raises:
        PeriodError: the period cannot be read, or the date comes before it.
        ReportNotesError: the notes name another agreement, or a party or case that does not exist.
        AgreementError: a custom value does not fit its declared type, or its calendar cannot be made.

    >>> from coopgov import load_agreement, report
    >>> made = report(load_agreement("examples/pilot/agreement.yaml"), period="2026-Q2")
    >>> made.title, [section.id for section in made.sections]
    ('Harbour data cooperation', ['overview', 'goals', 'results', 'problems', 'lessons', 'next', 'appendix'])
    """
    days = period_of(period)
    day = as_of or days.last
    if day < days.first:
        raise PeriodError(verbatim(day.isoformat()), phrase("reports.period.not-begun", first=days.first))
    engine = engine_of(rules or load_rules())
    if notes is not None:
        check_notes(notes, agreement, cases)
    context = context_of(
        agreement, engine, days, day, relative(language), cases=cases, notes=notes, brief=brief
    )
    return _made(context, kind or days.kind)


def _made(context: Context, kind: ReportKind) -> Report:
    """The report of a context."""
    agreement, language, period = context.agreement, context.language, context.period
    wanted = context.notes.file.sections if context.notes else SECTIONS
    command, digests = _command(context, kind), _digests(context)
    brand = context.notes.brand if context.notes else None
    return Report(
        kind="report",
        id=f"{agreement.id}-{str(period).replace('..', '_')}",
        language=language,
        title=agreement.title.in_language(language),
        day=context.as_of,
        subtitle=context.phrased(f"titles.{kind}", period=period.name_in(language)),
        fields=tuple(_fields(context)),
        sections=(
            *(
                build(context)
                for name, build in (BRIEF if context.brief else BUILDERS).items()
                if name in wanted
            ),
            brief_appendix(context, command) if context.brief else appendix(context, command, digests),
        ),
        notice=context.phrased("notice", pack=context.rules.pack, version=context.rules.version),
        brand=Brand(brand.accent or "", context.notes.logo) if brand and context.notes else None,
        dense=context.brief,
        period=period,
        digests=tuple(digests.items()),
        command=command,
    )


def _fields(context: Context) -> Iterator[Field]:
    """The lines below the title."""
    parties = context.comma(party.label.in_language(context.language) for party in context.agreement.parties)
    term = context.agreement.term.sound
    values = {
        "parties": parties,
        "term": context.term_of(term.start, term.end),
        "period": context.term_of(context.period.first, context.period.last),
        "as-of": str(context.as_of),
    }
    for name, value in values.items():
        yield Field(context.phrased(f"head.{name}"), line(value))
    if context.as_of < context.period.last:
        yield Field(
            context.phrased("head.preliminary"),
            line(context.phrased("preliminary", last=context.period.last)),
        )
    if not context.brief:
        yield Field(context.phrased("head.reviewed"), _reviews(context))


def _reviews(context: Context) -> Line:
    """Which party reviewed the report and when; a review that is missing is in bold."""
    said: list[Inline] = []
    for party in context.agreement.parties:
        day = context.notes.file.reviewed_by(party.id)[1] if context.notes else None
        key = "head.reviewed-on" if day else "appendix.unreviewed"
        text = context.phrased(key, party=context.party(party.id), day=day)
        said += (context.phrased("semicolon") if said else "", text if day else Strong(text))
    return line(*said)


# What it was made from -----------------------------------------------------------------------------------------------


def _command(context: Context, kind: ReportKind) -> str:
    """The command that makes the same report again; files without their folders."""
    document = context.agreement.document
    parts = [
        "coopgov",
        "report",
        _file(document.file if document is not None else "") or "AGREEMENT",
        "--period",
        str(context.period),
    ]
    if kind != context.period.kind:
        parts += ["--kind", kind]
    if context.as_of != context.period.last:
        parts += ["--as-of", str(context.as_of)]
    parts += _rules(context)
    if context.notes is not None:
        parts += ["--notes", _file(context.notes.document.file) or "NOTES"]
    if context.cases is not None:
        parts += ["--store", "STORE"]
    parts += ["--lang", context.language]
    if context.brief:
        parts.append("--brief")
    return " ".join(_quoted(each) for each in parts)


def _rules(context: Context) -> list[str]:
    """The option of the rules: files of the reader's own; none for the shipped pack."""
    shipped = {f"{name}.yaml" for name in (BUILT_IN, *pack_names())}
    files = dict.fromkeys(_file(each.document.file) for each in context.rules.sources)
    own = [name for name in files if name not in shipped]
    return ["--rules", *own] if own else []


def _file(name: str) -> str:
    return PurePath(name).name


def _quoted(part: str) -> str:
    """A part of a command, in quotes where a shell needs them."""
    plain = all(each.isalnum() or each in "-_./:@" for each in part)
    return part if plain else "'" + part.replace("'", "'\\''") + "'"


def _digests(context: Context) -> Mapping[str, str]:
    """The digests of the contents of what the report was made from; layout and comments do not change them."""
    found = {
        context.phrased("inputs.agreement"): _digest(dump_agreement(context.agreement, "json")),
        context.phrased("inputs.rules"): context.rules.digest,
    }
    for number, part in enumerate(context.agreement.observed, 1):
        data = part.model_dump_json(by_alias=True)
        found[context.phrased("inputs.part", file=_file(part.file) or str(number))] = _digest(data)
    if context.notes is not None:
        found[context.phrased("inputs.notes")] = f"sha256:{hashlib.sha256(context.notes.source).hexdigest()}"
    if context.cases is not None:
        found[context.phrased("inputs.cases")] = _digest(
            json.dumps(context.cases.to_dict(), ensure_ascii=False)
        )
    return found


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
