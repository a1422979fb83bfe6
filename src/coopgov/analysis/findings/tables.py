"""Find faults of decision tables: rows that overlap where only one may hold, and gaps between rows.

A table with the hit policy `collect` may have overlaps and gaps. A gap has a row on each side, which agree in the other
cells. Values below the lowest or above the highest row are not a gap: nothing need be wrong there.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import gcd, lcm
from typing import TYPE_CHECKING

from coopgov.analysis.logic.formulas import TRUE, All, Lit, literals
from coopgov.analysis.logic.intervals import Numbers, Span
from coopgov.analysis.scope import NotDecided, fault_at, finding
from coopgov.language import syntax as s
from coopgov.locales import phrase, verbatim
from coopgov.schema.currencies import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.analysis.logic.assignment import Given
    from coopgov.analysis.logic.formulas import Formula, Variable
    from coopgov.analysis.logic.study import Study
    from coopgov.finding import Finding
    from coopgov.rules.rule import Table, TableRow

__all__ = ["tables"]

_MOST_PAIRS = 3000


def tables(study: Study) -> Iterator[Finding | NotDecided]:
    """The findings about the tables of the file."""
    for table in study.scope.rules.tables:
        if study.scope.owns(table.field) and table.hit != "collect":
            if table.hit == "unique":
                yield from _overlaps(study, table)
            yield from _gaps(study, table)


def _overlaps(study: Study, table: Table) -> Iterator[Finding | NotDecided]:
    """For each row, the finding about the first row above that can hold at the same time."""
    for position, second in enumerate(table.rows):
        for first in table.rows[:position]:
            study.scope.deadline.check()
            report = _overlap(study, table, first, second)
            if report is not None:
                yield report
                break


def _overlap(study: Study, table: Table, first: TableRow, second: TableRow) -> Finding | NotDecided | None:
    meaning = study.logic.meaning(table.about)
    both = All((_where(study, table), meaning.holds(first.condition), meaning.holds(second.condition)))
    rules = [study.scope.rules.rule(row.rule) for row in (first, second)]
    answer = study.logic.ask(
        both, table.about, lambda given: all(study.outcome(rule, given) for rule in rules), thorough=False
    )
    if answer.possible is None:
        why = phrase("analysis.not-decided.beside", rules=verbatim(first.rule), why=answer.why)
        return NotDecided("table-overlap", second.rule, why)
    if answer.given is None:
        return None
    found = phrase("analysis.table-overlap.found", row=first.rule, line=first.place.line)
    expected, hint = phrase("analysis.table-overlap.expected"), phrase("analysis.table-overlap.hint")
    both_warn = phrase("analysis.shows.both", first=first.rule, second=second.rule)
    example = study.example(table.about, answer.given, both_warn)
    return finding(fault_at(second.field, "table-overlap", found, expected, hint), second.rule, example)


def _gaps(study: Study, table: Table) -> Iterator[Finding | NotDecided]:
    """The finding about the first gap in each column of numbers."""
    if len(table.rows) ** 2 * len(table.columns) > _MOST_PAIRS:
        why = phrase("analysis.not-decided.many-rows", rows=len(table.rows))
        yield NotDecided("table-gap", table.id, why)
        return
    for column in range(len(table.columns)):
        yield from _gap(study, table, column)


def _gap(study: Study, table: Table, column: int) -> Iterator[Finding | NotDecided]:
    open_question = verbatim("")
    for low, high in combinations(table.rows, 2):
        study.scope.deadline.check()
        hole = _hole(study, table, column, (low, high))
        if hole is None:
            continue
        answer = study.logic.ask(
            hole, table.about, lambda given: _outside(study, table, given), thorough=False
        )
        open_question = open_question or answer.why
        if answer.given is not None:
            found = phrase("analysis.table-gap.found", column=column + 1, low=low.rule, high=high.rule)
            expected, hint = phrase("analysis.table-gap.expected"), phrase("analysis.table-gap.hint")
            fault = fault_at(low.field, "table-gap", found, expected, hint)
            shows = phrase("analysis.shows.no-row")
            yield finding(fault, low.rule, study.example(table.about, answer.given, shows))
            return
    if open_question:
        yield NotDecided("table-gap", table.id, open_question)


def _hole(study: Study, table: Table, column: int, pair: tuple[TableRow, TableRow]) -> Formula | None:
    """The values without a row, between two rows that differ in one column; None if the cells do not bound a number."""
    meaning = study.logic.meaning(table.about)
    sides = [_numbers(study, table, row, column) for row in pair]
    if sides[0] is None or sides[1] is None or sides[0][0] != sides[1][0]:
        return None
    variable = sides[0][0]
    between = _between(sides[0][1], sides[1][1])
    step = _step(table, column, variable)
    if step is not None:
        ends = [end for row in table.rows for end in _ends(_numbers(study, table, row, column))]
        between = Numbers.of(span for part in between.cut(ends) for span in part.stepped(step).spans)
    if not between.spans:
        return None
    others = [
        meaning.holds(cell)
        for row in pair
        for position, cell in enumerate(row.cells)
        if cell is not None and position != column
    ]
    none = [meaning.fails(row.condition) for row in table.rows]
    return All((_where(study, table), Lit(variable, between), *others, *none))


def _numbers(study: Study, table: Table, row: TableRow, column: int) -> tuple[Variable, Numbers] | None:
    """The number that a cell is about, and for which values it holds."""
    cell = row.cells[column]
    if cell is None:
        return None
    meaning = study.logic.meaning(table.about)
    found = [each for each in literals(meaning.holds(cell)) if isinstance(each.values, Numbers)]
    bounded = [each for each in found if not _is_not_zero(each.values)]
    if not bounded or any(each.variable != bounded[0].variable for each in bounded):
        return None
    values, variable = Numbers(), bounded[0].variable
    for each in bounded:
        assert isinstance(each.values, Numbers)
        values &= each.values
    domain = variable.domain
    assert isinstance(domain, Numbers)
    return (variable, values & domain) if (values & domain).spans else None


def _step(table: Table, column: int, variable: Variable) -> Fraction | None:
    """How far apart two days in a column of days are, or two amounts in a column of money in one currency.

    For any other column, return None: between two of its values there can be others.
    """
    parts = variable.total.parts if variable.total is not None else ()
    if parts and all(_daily(part) for part, _ in parts):
        return _apart(parts, 1)
    cells = [cell for row in table.rows for cell in [row.cells[column]] if cell is not None]
    literals = (part for cell in cells for part in s.walk(cell) if isinstance(part, s.Literal))
    currencies = {part.type.unit for part in literals if part.type.kind == "money"}
    if len(currencies) != 1 or not all(part.type.kind == "money" and part.type.exact for part, _ in parts):
        return None
    digits = MINOR_DIGITS.get(currencies.pop())
    return None if digits is None or not parts else _apart(parts, 10**digits)


def _daily(node: s.Expr) -> bool:
    """Whether it is a duration in whole days, because no formula makes fractions: then 5 and 6 days leave no gap."""
    broken = any(isinstance(part, (s.Multiply, s.Divide, s.Aggregate)) for part in s.walk(node))
    return node.type.kind == "quantity" and node.type.unit == "day" and not broken


def _apart(parts: Sequence[tuple[s.Expr, Fraction]], steps: int) -> Fraction:
    """How far apart two sums are, each quantity of which moves in steps: that many to one."""
    denominator = lcm(*(factor.denominator for _, factor in parts))
    whole = gcd(*(int(factor * denominator) for _, factor in parts))
    return Fraction(whole, denominator * steps)


def _ends(numbers: tuple[Variable, Numbers] | None) -> list[Fraction]:
    """The ends of the intervals of a cell's values."""
    spans = numbers[1].spans if numbers is not None else ()
    return [end for span in spans for end in (span.low, span.high) if end is not None]


def _is_not_zero(values: object) -> bool:
    """Whether a literal only says that a divisor is not 0, so that a quotient has a value."""
    return isinstance(values, Numbers) and len(values.spans) == 2


def _between(a: Numbers, b: Numbers) -> Numbers:
    """The numbers with values of one set below them and values of the other above them."""
    return Numbers.of(
        Span(low.spans[0].low, high.spans[-1].high, low_open=True, high_open=True)
        for low, high in ((a, b), (b, a))
    )


def _where(study: Study, table: Table) -> Formula:
    return TRUE if table.where is None else study.logic.meaning(table.about).holds(table.where)


def _outside(study: Study, table: Table, given: Given) -> bool:
    """Whether the engine finds every row false for a subject that the table is for."""
    if table.where is not None and study.value(table.where, table.about, given) is not True:
        return False
    return all(study.value(row.condition, table.about, given) is False for row in table.rows)
