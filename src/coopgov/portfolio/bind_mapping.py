"""Bind a mapping file to the facts of rules: which column is read as which fact, and how; every fault has its place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_text, checked
from coopgov.errors import MappingError
from coopgov.faults import MOST_ALIKE, NO_HINT
from coopgov.hints import choice_hint
from coopgov.language.dependencies import steps
from coopgov.locales import listed, phrase, verbatim
from coopgov.model import WorkingCalendar, working_calendar
from coopgov.portfolio.dates import ISO, Dates
from coopgov.portfolio.mapping import CsvEntry, MappingFile, NumberEntry
from coopgov.portfolio.patterns import Texts
from coopgov.portfolio.units import factor_of
from coopgov.rules.ruleset import A_RULE_SET
from coopgov.schema import chosen
from coopgov.schema.problems import defects_of
from coopgov.schema.whole_file import parsed_as, text_of
from coopgov.schema.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.facts.catalogue import Catalogue, Fact
    from coopgov.faults import Fault
    from coopgov.language.types import Type
    from coopgov.locales import Phrase
    from coopgov.portfolio.dates import DateFormat
    from coopgov.portfolio.mapping import ColumnEntry, ColumnName
    from coopgov.rules import RuleSet
    from coopgov.source import Document

__all__ = ["Code", "Header", "Items", "Newest", "Reading", "TableMapping", "load_mapping", "parse_mapping"]

Path_ = tuple[str | int, ...]
_PERIOD = date(1990, 1, 1), date(2050, 12, 31)
"""The years whose official days a table can need."""


@dataclass(frozen=True, slots=True)
class Header:
    """A column of the host's table, as the mapping file names it, with the place in that file."""

    name: str
    path: Path_ = ()
    which: int | None = None
    """Which of several columns with that name, counted from 1."""


@dataclass(frozen=True, slots=True)
class Code:
    """Texts in place of a value: the fact is absent, or it does not apply."""

    texts: Texts
    absent: bool


@dataclass(frozen=True, slots=True)
class Newest:
    """The column by which the newest row of a key is found, and how its days are written."""

    header: Header
    date: Dates
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read one column as one fact."""

    fact: str
    header: Header
    kind: Type
    factor: Fraction = Fraction(1)
    date: Dates = field(default_factory=Dates)
    time_zone: str = "UTC"
    number: NumberEntry = field(default_factory=NumberEntry)
    values: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[Code, ...] = ()
    """The codes; the first that fits a cell counts."""
    blank_unknown: bool = False
    """Whether an absent value is unknown even if the fact is an optional setting."""


@dataclass(frozen=True, slots=True)
class Items:
    """The table of a collection: its file, the columns that name the subject, and how to read its facts."""

    name: str
    data: Path
    key: tuple[Header, ...]
    readings: tuple[Reading, ...]
    csv: CsvEntry = field(default_factory=CsvEntry)
    query: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """A mapping file, checked against the catalogue of a rule set; `document` locates faults about tables."""

    about: str
    currency: str
    key: tuple[Header, ...]
    label: tuple[Header, ...]
    readings: tuple[Reading, ...]
    only: Mapping[Header, Texts]
    skip: Mapping[Header, Texts]
    children: tuple[Items, ...]
    csv: CsvEntry
    calendar: WorkingCalendar
    time_zone: str
    newest: Newest | None
    document: Document = field(compare=False)

    @property
    def headers(self) -> tuple[Header, ...]:
        """Every needed column of the subjects' table, as often as it is named."""
        newest = () if self.newest is None else (self.newest.header,)
        return (
            *self.key,
            *self.label,
            *(each.header for each in self.readings),
            *self.only,
            *self.skip,
            *newest,
        )


@checked(path=A_PATH, rules=A_RULE_SET)
def load_mapping(path: str | Path, rules: RuleSet) -> TableMapping:
    """Load a mapping file for tables that are checked by some rules.

    Raises:
        MappingError: with every fault of the file.
    """
    return parse_mapping(text_of(path, MappingError, "mapping"), rules, str(path))


@checked(text=TEXT_OF_FILE, rules=A_RULE_SET, name=a_text)
def parse_mapping(text: str | bytes, rules: RuleSet, name: str = "<text>") -> TableMapping:
    """Load a mapping file from its text; `name` is what faults call it, and what relative paths start from.

    Raises:
        MappingError: with every fault of the text.

    >>> import coopgov
    >>> mapping = parse_mapping('''
    ... coopgov: mapping/1
    ... about: phase
    ... currency: CNY
    ... columns:
    ...   planned_end: {from: Planned End, date: MM/DD/YYYY, not_applicable: [TBD]}
    ...   budget: {from: Budget (thousand), unit: 1000 CNY}
    ... ''', coopgov.load_rules())
    >>> [(each.fact, each.header.name, int(each.factor)) for each in mapping.readings]
    [('planned_end', 'Planned End', 1), ('budget', 'Budget (thousand)', 1000)]
    """
    file, document = parsed_as(text, name, MappingFile, MappingError)
    binder = _Binder(file, document, rules.catalogue, Path(name).parent)
    mapping = binder.mapping()
    if binder.faults:
        raise MappingError(binder.faults)
    return mapping


class _Binder:
    """Checks a mapping file against a catalogue, and collects its faults."""

    def __init__(self, file: MappingFile, document: Document, catalogue: Catalogue, folder: Path) -> None:
        self.file = file
        self.document = document
        self.catalogue = catalogue
        self.folder = folder
        self.faults: list[Fault] = []
        self.corrected: Counter[str] = Counter()

    def mapping(self) -> TableMapping:
        file = self.file
        known = file.about in self.catalogue.subject_types
        if not known:
            types = list(self.catalogue.subject_types)
            self._unknown(("about",), "unknown-subject", _text("subject-type"), file.about, types, key=False)
        readings = self._readings(file.about, file.columns, ("columns",)) if known else ()
        return TableMapping(
            about=file.about,
            currency=file.currency or "",
            key=self._headers(file.key, ("key",)),
            label=self._headers(file.label, ("label",)),
            readings=tuple(readings),
            only=self._texts("only", file.only),
            skip=self._texts("skip", file.skip),
            children=tuple(self._children()) if known else (),
            csv=file.csv,
            calendar=self._calendar(),
            time_zone=file.time_zone,
            newest=self._newest(),
            document=self.document,
        )

    def _calendar(self) -> WorkingCalendar:
        """The working days; official days of a country cover some sixty years."""
        try:
            return working_calendar(self.file.calendar, *_PERIOD)
        except PydanticCustomError as error:
            for each in defects_of(error, ("calendar", "country")):
                self._fault(each.path, each.code, each.found, each.expected)
            return WorkingCalendar()

    def _headers(self, names: Sequence[ColumnName], path: Path_) -> tuple[Header, ...]:
        return tuple(Header(each.source, (*path, at), each.which) for at, each in enumerate(names))

    def _texts(self, key: str, entries: Mapping[str, Texts]) -> dict[Header, Texts]:
        return {Header(name, (key, name)): texts for name, texts in entries.items()}

    def _newest(self) -> Newest | None:
        if self.file.keep is None:
            return None
        entry, path = self.file.keep.newest, ("keep", "newest")
        if not self.file.key:
            found, expected = _text("keep-without-key"), _text("key-of-several")
            self._fault(("keep",), "missing-key", found, expected, key=True)
        header = Header(entry.source, path, entry.which)
        return Newest(header, self._dates(entry.date, entry.pivot, path), self.file.time_zone)

    def _dates(self, formats: Sequence[DateFormat] | None, pivot: int | None, path: Path_) -> Dates:
        """How dates are read; two-digit years need a pivot, and a pivot needs two-digit years."""
        file = self.file
        at = ("date",) if formats is None else (*path, "date")
        formats = formats or file.date or (ISO,)
        short = any(each.short for each in formats)
        if pivot is not None and not short:
            found, expected = _text("pivot-found"), _text("no-pivot")
            self._fault((*path, "pivot"), "type-mismatch", found, expected, key=True)
        pivot = file.pivot if pivot is None else pivot
        if pivot is None and short:
            found, expected, hint = _text("two-digits"), _text("pivot-needed"), _text("pivot-hint")
            fault = self.document.fault(self.document.find(at), "missing-key", found, expected, hint)
            if fault not in self.faults:  # one fault of the file, for many columns
                self.faults.append(fault)
        return Dates(tuple(formats), zone_of(file.time_zone), pivot or 0)

    def _readings(self, about: str, columns: Mapping[str, ColumnEntry], path: Path_) -> Iterator[Reading]:
        for name, entry in columns.items():
            fact = self._fact(about, name, (*path, name))
            if fact is not None and fact.type is not None:
                yield self._reading(name, fact.type, entry, (*path, name))

    def _fact(self, about: str, name: str, path: Path_) -> Fact | None:
        """The base fact of a name; None, after reporting the fault, if no column can hold it."""
        *above_it, own = steps(name)
        parent = ".".join(above_it)
        above = self.catalogue.parents(about)
        if parent and parent not in above:
            self._unknown(path, "unknown-subject", _text("parent-type", about=about), parent, above)
            return None
        subject = parent or about
        fact = self.catalogue.fact(subject, own)
        if fact is None:
            names = (f"{parent}.{each}" if parent else each for each in self.catalogue.names(subject))
            self._unknown(path, "unknown-fact", _text("fact", about=subject), name, names)
        elif fact.type is None:
            found = _text("derived", fact=name, formula=fact.text)
            self._fault(path, "derived-fact", found, _text("base-fact"), key=True)
        elif fact.type.kind in ("collection", "texts"):
            self._fault(path, "collection-fact", _quoted(name), _text("one-value"), key=True)
        else:
            return fact
        return None

    def _reading(self, name: str, kind: Type, entry: ColumnEntry, path: Path_) -> Reading:
        file = self.file
        fits = {"unit": kind.numeric, "number": kind.numeric}
        fits |= dict.fromkeys(("date", "pivot"), kind.kind == "date")
        fits["values"] = kind.kind in ("text", "truth")
        for key, fit in fits.items():
            if not fit and getattr(entry, key) not in (None, {}):
                found = _text("key-for", key=key, kind=kind.words)
                expected = _text("no-key", key=key)
                self._fault((*path, key), "type-mismatch", found, expected, key=True)
        header = Header(entry.source, (*path, "from"), entry.which)
        self._known_values(entry, kind, path)
        return Reading(
            fact=name,
            header=header,
            kind=kind,
            factor=self._factor(entry.unit, kind, (*path, "unit")) if kind.numeric else Fraction(1),
            date=self._dates(entry.date, entry.pivot, path) if kind.kind == "date" else Dates(),
            time_zone=file.time_zone,
            number=entry.number or file.number,
            values={text.strip(): chosen(means, kind.choices) for text, means in entry.values.items()},
            codes=tuple(_codes(entry, file)),
            blank_unknown=entry.blank == "unknown",
        )

    def _known_values(self, entry: ColumnEntry, kind: Type, path: Path_) -> None:
        known = ("true", "false") if kind.kind == "truth" else kind.choices
        for text, means in entry.values.items() if known else ():
            if chosen(means, known) not in known:
                expected = _text("one-of", choices=listed(map(_quoted, known)))
                at = (*path, "values", text)
                self._unknown(at, "unknown-choice", expected, means, known, key=False)

    def _factor(self, unit: str | None, kind: Type, path: Path_) -> Fraction:
        if unit is None:
            return Fraction(1)
        factor = factor_of(unit, kind, self.file.currency or "")
        if factor is None:
            self._fault(path, "unit-mismatch", _quoted(unit), _text("convertible", kind=kind.words))
        return factor or Fraction(1)

    def _children(self) -> Iterator[Items]:
        facts = {each.name: each.type for each in self.catalogue.about(self.file.about)}
        types = {
            name: kind.item for name, kind in facts.items() if kind is not None and kind.kind == "collection"
        }
        for name, entry in self.file.children.items():
            path = ("children", name)
            if name not in types:
                self._unknown(path, "unknown-fact", _text("collection"), name, types)
            elif len(entry.key) != max(1, len(self.file.key)) or not self.file.key:
                found, number = _text("columns", number=len(entry.key)), len(self.file.key)
                expected = _text("key-columns", number=number) if number else _text("keyed-file")
                self._fault((*path, "key"), "ragged-row", found, expected)
            else:
                key = self._headers(entry.key, (*path, "key"))
                readings = self._readings(types[name], entry.columns, (*path, "columns"))
                yield Items(name, self.folder / entry.data, key, tuple(readings), entry.csv, entry.query)

    def _unknown(
        self, path: Path_, code: str, expected: Phrase, name: str, known: Any, *, key: bool = True
    ) -> None:
        """Report a name that is none of the known ones, with the nearest of them."""
        self.corrected[code] += 1
        hint = choice_hint(name, known) if self.corrected[code] <= MOST_ALIKE else verbatim("")
        self._fault(path, code, _quoted(name), expected, hint, key=key)

    def _fault(
        self,
        path: Path_,
        code: str,
        found: Phrase,
        expected: Phrase,
        hint: Phrase = NO_HINT,
        *,
        key: bool = False,
    ) -> None:
        node = self.document.find(path, key=key)
        self.faults.append(self.document.fault(node, code, found, expected, hint))


def _text(part: str, **values: object) -> Phrase:
    return phrase(f"portfolio.mapping.{part}", **values)


def _quoted(name: str) -> Phrase:
    return verbatim(f'"{name}"')


def _codes(*levels: ColumnEntry | MappingFile) -> Iterator[Code]:
    """The codes of a column; they outweigh those of the file, and exact texts outweigh patterns."""
    for each in levels:
        absent, codes = each.absent.parts(), each.not_applicable.parts()
        found = [*((texts, True) for texts in absent), *((texts, False) for texts in codes)]
        yield from (Code(texts, gone) for texts, gone in sorted(found, key=lambda one: bool(one[0].patterns)))
    yield Code(Texts(frozenset({""})), absent=True)
