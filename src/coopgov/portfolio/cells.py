"""Read the cells of a column as values of a fact: absent ones, ones that do not apply, unreadable ones.

Arrow reads plainly written numbers, and gives the nearest binary number; of everything else, each distinct text is read
once, because columns repeat few texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.hints import choice_hint
from coopgov.locales import listed, phrase, verbatim
from coopgov.optional import pa, pc
from coopgov.portfolio.durations import counted, measures
from coopgov.portfolio.encodings import BROKEN
from coopgov.portfolio.numbers import read_numbers
from coopgov.portfolio.ranges import in_calendar
from coopgov.portfolio.sources import Reject, table_fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.language.types import Type
    from coopgov.locales import Phrase
    from coopgov.portfolio.bind_mapping import Reading
    from coopgov.portfolio.mapping import NumberEntry

__all__ = [
    "LONGEST",
    "Cells",
    "as_text",
    "plain_column",
    "read_cells",
    "trimmed",
    "unreadable_column",
]

LONGEST = 200
"""How many characters of a cell a fault shows."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The values of a column, null if absent; the rows where the fact does not apply (None: no row); broken cells."""

    values: Any
    not_applicable: Any
    broken: tuple[tuple[int, Reject], ...] = ()
    """The position of a row in the batch, and the reason for its rejection."""


def read_cells(column: Any, reading: Reading, numbers: Any) -> Cells:
    """Read the cells of a column as one fact; `numbers` are those of the rows."""
    column = plain_column(column)
    kind = _arrow_type(reading.kind)
    if pa.types.is_null(column.type):
        return Cells(pa.nulls(len(column), kind), None)
    if pa.types.is_duration(column.type):
        return _durations(column, reading, numbers)
    if _fits(column.type, reading.kind):
        return _typed(column, reading, numbers, kind)
    texts, undecoded = trimmed(as_text(column, reading.header.name))
    outcome = _Outcome(reading, numbers, texts)
    outcome.encoding(undecoded)
    values, not_applicable = outcome.read(kind)
    return Cells(values, not_applicable, tuple(outcome.broken))


def plain_column(column: Any) -> Any:
    """A column in one chunk, of a type of Arrow's own: neither a dictionary nor an extension type."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if isinstance(column, pa.ExtensionArray):
        named = column.type.extension_name == "arrow.uuid"
        texts = [None if each is None else str(each) for each in column.to_pylist()] if named else []
        column = pa.array(texts, pa.string()) if named else column.storage
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def trimmed(column: Any) -> tuple[Any, dict[int, str]]:
    """Texts with surrounding spaces removed, and the cells that are not valid UTF-8, which are null."""
    wrong: dict[int, str] = {}
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        cells = column.cast(pa.binary() if column.type == pa.string() else pa.large_binary()).to_pylist()
        for at, cell in enumerate(cells):
            try:
                (cell or b"").decode()
            except UnicodeDecodeError:
                wrong[at] = cell.decode(errors="replace")
                cells[at] = None
        column = pa.array([None if cell is None else cell.decode() for cell in cells], pa.string())
    broken = pc.match_substring(column, BROKEN)
    if pc.any(broken).as_py():
        found = {at: column[at].as_py() for at in pc.indices_nonzero(broken).to_pylist()}
        wrong |= {at: text.replace(BROKEN, "\ufffd") for at, text in found.items()}
        column = pc.if_else(broken, None, column)
    return pc.utf8_trim_whitespace(column.cast(pa.string())), wrong


def as_text(column: Any, name: str) -> Any:
    """A column of any type as texts.

    Raises:
        MappingError: its values have no text, such as lists.
    """
    column = plain_column(column)
    try:
        return pc.cast(column, pa.string(), safe=False)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        if _is_text(column.type):
            return column  # broken characters are reported cell by cell
        raise unreadable_column(name, column.type) from None


def unreadable_column(name: str, kind: object) -> Exception:
    """The error of a column whose values have no text."""
    found = phrase("portfolio.table.column-type", kind=kind)
    expected = phrase("portfolio.table.readable-column")
    return table_fault(phrase("portfolio.table.column-place", column=name), "wrong-type", found, expected)


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _arrow_type(kind: Type) -> Any:
    known = {"date": pa.date32(), "truth": pa.bool_(), "text": pa.string()}
    return known.get(kind.kind, pa.float64())


class _Outcome:
    """The cells of a column of texts, while they are read."""

    def __init__(self, reading: Reading, numbers: Any, texts: Any) -> None:
        self.reading = reading
        self.numbers = numbers
        self.texts = texts
        self.broken: list[tuple[int, Reject]] = []

    def encoding(self, undecoded: Mapping[int, str]) -> None:
        for at, text in undecoded.items():
            self.reject(at, "encoding", verbatim(text), phrase("portfolio.cell.letters"))

    def read(self, kind: Any) -> tuple[Any, Any]:
        """The values, and the rows in which the fact does not apply."""
        nothing, code = self.marked()
        rest = pc.if_else(nothing, None, self.texts)
        if not self.reading.kind.numeric:
            return self._by_text(rest, kind), code
        values = read_numbers(rest, self.reading.number)
        self.reject_all(pc.if_else(pc.is_valid(values), None, rest))
        return _scaled(values, self.reading), code

    def marked(self) -> tuple[Any, Any]:
        """The rows with a code in place of a value, and those in which the fact does not apply (None: no row)."""
        nothing = pc.is_null(self.texts)
        elsewhere = pa.repeat(pa.scalar(value=False), len(self.texts))
        for code in self.reading.codes:
            found = code.texts.found(self.texts)
            if not code.absent:  # of several codes, the first that fits counts
                elsewhere = pc.or_(elsewhere, pc.and_not(found, nothing))
            nothing = pc.or_(nothing, found)
        return nothing, elsewhere if elsewhere.true_count else None

    def _by_text(self, texts: Any, kind: Any) -> Any:
        """Read each distinct text once; for a fact of texts, a text is its own value."""
        kept = self.reading
        if kept.kind.kind == "text" and not kept.kind.choices and not kept.values:
            return texts
        encoded = texts.dictionary_encode()
        read = [_value(text, self.reading) for text in encoded.dictionary.to_pylist()]
        if any(value is None for value in read):
            wrong = pa.array([value is None for value in read], pa.bool_()).take(encoded.indices)
            self._reject_where(wrong)
        return pa.array(read, kind).take(encoded.indices)

    def reject_all(self, texts: Any) -> None:
        """Reject the rows that have a text there."""
        if texts.null_count < len(texts):
            self._reject_where(pc.is_valid(texts))

    def _reject_where(self, wrong: Any) -> None:
        code, expected = _expectation(self.reading)
        for at in pc.indices_nonzero(wrong).to_pylist():
            self.reject(at, code, self.texts[at].as_py(), expected)

    def reject(self, at: int, code: str, found: Phrase, expected: Phrase) -> None:
        """Note that the cell of a row is none of the fact, and why."""
        hint = choice_hint(found, self.reading.kind.choices) if self.reading.kind.choices else ""
        if hint:
            expected = phrase("portfolio.cell.with-hint", expected=expected, hint=hint)
        name, shown = self.reading.header.name, verbatim(found[:LONGEST])
        self.broken.append((at, Reject(self.numbers[at].as_py(), name, code, shown, expected)))


def _value(text: str, reading: Reading) -> date | bool | str | None:
    """The value that a text means; None if it means none."""
    if reading.kind.kind == "date":
        return reading.date.read(text)
    meant = reading.values.get(text, text)
    if reading.kind.kind == "truth":
        return {"true": True, "false": False}.get(meant if text in reading.values else meant.lower())
    return meant if not reading.kind.choices or meant in reading.kind.choices else None


def _expectation(reading: Reading) -> tuple[str, Phrase]:
    """The code of a fault, and the expected cell."""
    kind = reading.kind
    if kind.numeric:
        return "not-a-number", phrase("portfolio.cell.number", example=_example(reading.number))
    if kind.kind == "date":
        return "not-a-date", phrase("portfolio.cell.date", formats=reading.date.text)
    known = (*reading.values, *(("true", "false") if kind.kind == "truth" else kind.choices))
    code = "not-a-truth-value" if kind.kind == "truth" else "unknown-choice"
    choices = listed(f'"{each}"' for each in dict.fromkeys(known))
    return code, phrase("portfolio.mapping.one-of", choices=choices)


def _example(number: NumberEntry) -> str:
    return f"1{number.thousands or ''}234{number.decimal}5"


def _scaled(values: Any, reading: Reading) -> Any:
    """Numbers in the unit of the fact; hundredths are a division, because that is exact and a product is not."""
    factor = reading.factor
    if factor.numerator != 1:
        values = pc.multiply(values, float(factor.numerator))
    return values if factor.denominator == 1 else pc.divide(values, float(factor.denominator))


# Columns that have types of their own ---------------------------------------------------------------------------------


def _typed(column: Any, reading: Reading, numbers: Any, kind: Any) -> Cells:
    """The values of a typed column of a Parquet file or a query."""
    texts = _Outcome(reading, numbers, as_text(column, reading.header.name))
    nothing, code = texts.marked()
    if pa.types.is_decimal(column.type):
        column = texts.texts  # the nearest number is that of the figure
    if reading.kind.kind == "date":
        return Cells(pc.if_else(nothing, None, _days(_local(column, reading.time_zone))), code)
    values = pc.if_else(nothing, None, pc.cast(column, kind, safe=False))
    if not reading.kind.numeric:
        return Cells(values, code)
    return Cells(_scaled(pc.if_else(pc.is_nan(values), None, values), reading), code)


def _durations(column: Any, reading: Reading, numbers: Any) -> Cells:
    """Durations in days or hours, whatever their stored unit; factors of the mapping file are for plain numbers."""
    if not measures(reading.kind):
        found = phrase("portfolio.table.column-type", kind=column.type)
        expected = phrase("portfolio.table.column-of", kind=reading.kind.words)
        raise table_fault(
            phrase("portfolio.table.column-place", column=reading.header.name), "wrong-type", found, expected
        )
    values, fractions = counted(column, reading.kind.unit)
    outcome = _Outcome(reading, numbers, fractions)
    for at in pc.indices_nonzero(pc.is_valid(fractions)).to_pylist():
        outcome.reject(at, "not-a-number", fractions[at].as_py(), phrase("portfolio.cell.whole-days"))
    return Cells(values, None, tuple(outcome.broken))


def _local(column: Any, zone: str) -> Any:
    """Moments as local times in a zone; any other column unchanged."""
    if not pa.types.is_timestamp(column.type) or column.type.tz is None:
        return column
    return pc.local_timestamp(column.cast(pa.timestamp(column.type.unit, zone)))


def _days(column: Any) -> Any:
    """Dates and times as days; those that no calendar has stay outside of it, where Arrow would come round."""
    never = pa.scalar(2**31 - 1, pa.int32()).cast(pa.date32())
    return pc.if_else(in_calendar(column), pc.cast(column, pa.date32(), safe=False), never)


def _fits(kind: Any, wanted: Type) -> bool:
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    fitting: dict[str, bool] = {
        "date": pa.types.is_date(kind) or pa.types.is_timestamp(kind),
        "truth": pa.types.is_boolean(kind),
        "text": False,
    }
    return fitting.get(wanted.kind, bool(number and wanted.numeric))
