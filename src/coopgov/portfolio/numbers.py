"""Read numbers as tables write them: with thousands separators, currencies, brackets for negative amounts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.optional import pa, pc
from coopgov.portfolio.lookalikes import ALIKE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.portfolio.mapping import NumberEntry

__all__ = ["read_numbers"]

_BLANK = f"[{ALIKE[0]}]?"
_MINUS = ("-", "\u2212", "(")
_NARROW = {
    0x3000: " ",
    **{wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},
    **dict(zip(range(0xFFE0, 0xFFE7), "\u00a2\u00a3\u00ac\u00af\u00a6\u00a5\u20a9", strict=True)),
}
_WIDE = re.compile(f"[{''.join(map(chr, _NARROW))}]")


def read_numbers(texts: Any, entry: NumberEntry) -> Any:
    """The values of an array of texts, null where a text is no number; full-width letters mean what others do."""
    symbols = _Symbols.of(entry)
    values, rest = _read(texts, symbols)
    wide = pc.fill_null(pc.match_substring_regex(rest, _WIDE.pattern), fill_value=False)
    if wide.true_count:
        narrow = pa.array(
            [each and each.translate(_NARROW) for each in pc.if_else(wide, rest, None).to_pylist()],
            pa.string(),
        )
        values = pc.coalesce(values, _read(narrow, symbols)[0])
    return values


def _read(texts: Any, symbols: _Symbols) -> tuple[Any, Any]:
    """Read by one form after the other; most columns need only the first."""
    values = pa.nulls(len(texts), pa.float64())
    rest = texts
    for form in symbols.forms():
        parts = pc.extract_regex(rest, f"^{form}$")
        figures = pc.cast(symbols.plain(pc.struct_field(parts, "figure")), pa.float64())
        negative = pc.is_in(pc.struct_field(parts, "sign"), value_set=pa.array(_MINUS))
        found = pc.add(pc.if_else(negative, pc.negate(figures), figures), 0.0)  # tables mean 0 by -0
        values = pc.coalesce(values, found)
        rest = pc.if_else(pc.is_valid(found), None, rest)
        if rest.null_count == len(rest):
            break
    return values, rest


@dataclass(frozen=True, slots=True)
class _Symbols:
    """The symbols of a number entry, none of them full-width."""

    thousands: str
    decimal: str
    prefix: tuple[str, ...]
    suffix: tuple[str, ...]

    @classmethod
    def of(cls, entry: NumberEntry) -> _Symbols:
        prefix, suffix = (
            tuple(each.translate(_NARROW) for each in symbols) for symbols in (entry.prefix, entry.suffix)
        )
        return cls(
            (entry.thousands or "").translate(_NARROW), entry.decimal.translate(_NARROW), prefix, suffix
        )

    def plain(self, figures: Any) -> Any:
        """Figures as programs write them."""
        if self.thousands:
            figures = pc.replace_substring_regex(figures, self._group(), "")
        return figures if self.decimal == "." else pc.replace_substring(figures, self.decimal, ".")

    def forms(self) -> Iterator[str]:
        """The forms of a number, each with its sign and its figure; the most common one is first."""
        before, behind = _any(self.prefix, "{}" + _BLANK), _any(self.suffix, _BLANK + "{}")
        figure = f"(?P<figure>{self._figure()})"
        yield rf"{before}(?P<sign>[-+\x{{2212}}]?){_BLANK}{figure}{behind}"
        if self.prefix:
            yield rf"(?P<sign>[-+\x{{2212}}]){_BLANK}{before}{figure}{behind}"
        yield rf"(?P<sign>\(){_BLANK}{before}{figure}{behind}{_BLANK}\)"
        if self.prefix or self.suffix:
            yield rf"{before}(?P<sign>\(){_BLANK}{figure}{_BLANK}\){behind}"

    def _figure(self) -> str:
        """The pattern of a figure; groups of thousands must be complete, so that 1,5 is not read as 15."""
        digits = "[0-9]+"
        if self.thousands:
            digits = f"(?:[0-9]{{1,3}}(?:{self._group()}[0-9]{{3}})+|[0-9]+)"
        decimal = re.escape(self.decimal)
        return f"(?:{digits}(?:{decimal}[0-9]*)?|{decimal}[0-9]+)(?:[eE][-+]?[0-9]{{1,3}})?"

    def _group(self) -> str:
        alike = next((each for each in ALIKE if self.thousands in each), "")
        return f"[{alike}]" if alike else re.escape(self.thousands)


def _any(symbols: Iterable[str], form: str) -> str:
    """The pattern of one of some texts or none; the longest first, because `$` is the end of `US$`."""
    patterns = [re.escape(each) for each in sorted(symbols, key=len, reverse=True)]
    return f"(?:{form.format('(?:' + '|'.join(patterns) + ')')})?" if patterns else ""
