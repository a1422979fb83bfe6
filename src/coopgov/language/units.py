"""Units of measurement: a built-in table, pint for other known units, and labels for units nobody has defined."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from coopgov.locales import Phrase, phrase, verbatim
from coopgov.synonyms import canonical

__all__ = [
    "BUILT_IN",
    "Unit",
    "as_decimal",
    "convert",
    "is_currency",
    "load_units",
    "unit_after",
    "unit_name",
    "unit_named",
    "unit_words",
]

_CONTEXT = Context(prec=28)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its canonical name, what it measures, and its size in base units.

    Only units of the same `dimension` are comparable; `factor` converts exactly.
    """

    name: str
    dimension: str
    factor: Fraction = Fraction(1)


def _table() -> dict[str, Unit]:
    rows: list[tuple[str, str, Fraction]] = [
        ("day days", "day", Fraction(1)),
        ("week weeks", "day", Fraction(7)),
        ("working_day working_days", "working day", Fraction(1)),
        ("month months", "month", Fraction(1)),
        ("hour hours", "hour", Fraction(1)),
        ("minute minutes", "hour", Fraction(1, 60)),
        ("% percent", "", Fraction(1, 100)),
        ("count", "", Fraction(1)),
        ("point points", "point", Fraction(1)),
        ("money", "money", Fraction(1)),
    ]
    table: dict[str, Unit] = {}
    for names, dimension, factor in rows:
        singular = names.split()[0].replace("_", " ")
        for name in names.split():
            table[name.replace("_", " ")] = Unit(singular, dimension, factor)
    return table


BUILT_IN: dict[str, Unit] = _table()


def is_currency(name: str) -> bool:
    """Whether a unit looks like a currency code: three capital letters."""
    return len(name) == 3 and name.isascii() and name.isupper()


def unit_named(name: str) -> Unit:
    """Return the unit of a name: built in, a currency, known to pint, or else a label that equals only itself.

    >>> unit_named("weeks")
    Unit(name='week', dimension='day', factor=Fraction(7, 1))
    >>> unit_named("个工作日").name
    'working day'
    >>> unit_named("件").dimension
    'label 件'
    """
    return BUILT_IN.get(name) or _table_unit(name) or _other(name)


def unit_name(name: str) -> str:
    """Return the canonical name of a unit; this loads no units from outside the table.

    >>> unit_name("weeks"), unit_name("个工作日"), unit_name("km"), unit_name("件")
    ('week', 'working day', 'km', '件')
    """
    known = BUILT_IN.get(name) or _table_unit(name)
    return known.name if known else name


def unit_after(number: Decimal, name: str) -> str:
    """Return the canonical name of a unit as it is written after a number; any other unit as it is.

    >>> unit_after(Decimal(1), "天"), unit_after(Decimal(5), "天"), unit_after(Decimal(5), "件")
    ('day', 'days', '件')
    """
    known = None if not name or name in BUILT_IN else canonical(name, "unit")
    if known is None:
        return name
    return known.removesuffix("s") if number == 1 else known


@lru_cache(maxsize=1024)
def _table_unit(name: str) -> Unit | None:
    synonym = canonical(name, "unit")
    if synonym is not None:
        return BUILT_IN[synonym]
    return Unit(name, "money") if is_currency(name) else None


@lru_cache(maxsize=1024)
def _other(name: str) -> Unit:
    return _from_pint(name) if name.isascii() else Unit(name, f"label {name}")


def unit_words(name: str) -> Phrase:
    """Return a unit as messages name it: built-in ones in the plural, such as `days`."""
    plural = f"{name}s"
    if plural in BUILT_IN:
        return phrase(f"language.units.{plural.replace(' ', '-')}")
    return verbatim(name)


def convert(value: Decimal, unit: Unit, to: Unit) -> Decimal:
    """Convert a number from one unit to another of the same dimension."""
    if unit.factor == to.factor:
        return value
    return as_decimal(Fraction(value) * unit.factor / to.factor)


def as_decimal(exact: Fraction) -> Decimal:
    """Convert a fraction to a decimal, regardless of the thread's decimal context."""
    return _CONTEXT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def load_units() -> None:
    """Load the units outside the table now, for processes that would rather wait at their start."""
    _registry()


@lru_cache(maxsize=1)
def _registry() -> Any:
    """Load pint only when a unit outside the table is first used: its import takes half a second."""
    import pint

    return pint.UnitRegistry(non_int_type=Decimal, cache_folder=None)


def _from_pint(name: str) -> Unit:
    try:
        registry = _registry()
        one = registry.Quantity(Decimal(1), registry.parse_units(name))
        base = one.to_base_units()
        if not one._is_multiplicative or base.dimensionless:  # noqa: SLF001  # pint has no public name for it
            return Unit(name, f"label {name}")
        return Unit(name, f"pint {base.units}", Fraction(base.magnitude))
    except Exception:  # noqa: BLE001  # pint's parser raises what it meets; what it cannot read is a label
        return Unit(name, f"label {name}")
