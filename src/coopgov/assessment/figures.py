"""Figures: values as people read them in their language, such as numbers with units, money, dates and comparisons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from coopgov.facts.shipped_catalogue import default_catalogue
from coopgov.language import syntax as s
from coopgov.language.units import unit_name
from coopgov.language.values import Bounds, missing
from coopgov.locales import text, texts
from coopgov.schema import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgov.language.types import Type
    from coopgov.schema import Span

__all__ = ["Figure", "Form"]

_COMPARED: Mapping[type[s.Comparison], str] = s.by_comparison(
    above="above", below="below", at_least="at-least", at_most="at-most", equal="is", not_equal="is-not"
)
"""The text of each comparison with a threshold, below `assessment.compared`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value for machines (`value`, `unit`) and for people (`text`).

    `value` is a number, a text, true or false, or a date as YYYY-MM-DD; money is in whole units of its currency.
    `unit` is `day`, `working day`, `month`, `hour`, `point`, a currency, the unit of a KPI or fact, or empty for plain
    numbers and shares (0.25 is 25 %).
    """

    value: float | str | bool | None
    unit: str
    text: str

    @property
    def number(self) -> float | None:
        """The value if it is a number, else None."""
        return None if isinstance(self.value, (bool, str)) else self.value

    def to_dict(self) -> dict[str, Any]:
        """The figure as JSON."""
        return {"value": self.value, "unit": self.unit, "text": self.text}


class Called(Protocol):
    """What people are called."""

    def called(self, name: str) -> str:
        """The display name of a member, role, body or party, with its holders."""

    def own_name(self, name: str) -> str | None:
        """The name that the agreement gives; None if it gives none."""


@dataclass(frozen=True, slots=True)
class Form:
    """How figures are written: the language, the agreement's currency with its minor unit, the names of its people."""

    language: str
    currency: str
    minor_units: int
    people: Called | None = field(default=None, compare=False, repr=False)
    """What members, roles, bodies and parties are called."""
    texts: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """All texts of the language."""

    _made: dict[tuple[object, ...], tuple[Type, Figure]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    """The figures so far of numbers, texts and truth values, by all that they are made from."""

    def __post_init__(self) -> None:
        """Look up the texts once, for all figures."""
        object.__setattr__(self, "texts", texts(self.language))

    def word(self, name: str) -> str:
        """A word for a value that no figure shows, such as `unknown`."""
        return self.texts[f"assessment.words.{name}"]

    def term(self, name: str) -> str:
        """A word of the vocabulary (a severity, kind, role, status) in the language; any other word stays as it is."""
        return self.texts.get(f"assessment.terms.{name}", name)

    def span(self, span: Span) -> str:
        """A length of time, such as `2 working days`."""
        count, unit = str(span).split(" ", 1)
        return f"{count} {self.texts.get(f'assessment.units.{unit}', unit)}"

    def fact(self, node: s.Expr, value: Any, unit: str = "", unlike: Any = None) -> Figure:
        """The value of an expression as a figure; a fact that names a holder is shown as people call that."""
        figure = self.figure(value, node.type, unit, unlike)
        if isinstance(value, str) and isinstance(node, s.Name) and self.people is not None:
            fact = default_catalogue().fact(node.about, node.name)
            if fact is not None and fact.holder:
                return Figure(figure.value, figure.unit, self.people.called(value))
        return figure

    def role(self, name: str) -> str:
        """A role or body as the agreement calls it, or else the word for it in the language; without its holders."""
        return (self.people and self.people.own_name(name)) or self.term(name)

    def figure(self, value: Any, kind: Type, unit: str = "", unlike: Any = None) -> Figure:
        """A value of a type as a figure.

        `unit` is the KPI's, for values in its own unit; `unlike` is what it is compared with; the texts differ.
        """
        if value.__class__ not in _SHARED or unlike.__class__ not in _SHARED:
            return self._figure(value, kind, unit, unlike)
        key = id(kind), _exactly(value), unit, _exactly(unlike)
        if key not in self._made:
            # the type beside the figure keeps its id in use
            self._made[key] = kind, self._figure(value, kind, unit, unlike)
        return self._made[key][1]

    def _figure(self, value: Any, kind: Type, unit: str, unlike: Any) -> Figure:
        if value is None or missing(value):
            return Figure(None, "", self.word("unknown"))
        if isinstance(value, Bounds):
            low, high = (self.figure(each, kind, unit, unlike) for each in (value.low, value.high))
            return Figure(low.value, low.unit, f"{low.text} – {high.text}")
        if kind.kind == "date":
            day = value if isinstance(value, date) else date.fromordinal(int(value))
            return Figure(day.isoformat(), "", day.isoformat())
        if kind.kind == "truth":
            return Figure(value, "", self.word("yes" if value else "no"))
        if not kind.numeric:
            if isinstance(value, str):
                return Figure(value, "", self.term(value))
            return Figure(", ".join(value), "", self._series(value) or self.word("none"))
        return self._number(value, kind, unit, unlike)

    def _series(self, values: Iterable[str]) -> str:
        """The words of a list of texts, with commas between them."""
        return text("common.comma", self.language).join(map(self.term, values))

    def _number(self, value: float, kind: Type, unit: str, unlike: Any) -> Figure:
        unlike = unlike if isinstance(unlike, (int, float)) else None
        if kind.kind == "money":
            amount = value / self.minor_units
            least = MINOR_DIGITS.get(self.currency, 2)
            digits = _money(value, unlike, self.minor_units, least)
            written = self.texts.get(f"assessment.money.{self.currency}", f"{{number}} {self.currency}")
            return Figure(_whole(amount), self.currency, written.format(number=digits).rstrip())
        if kind.kind == "number" and kind.percent:
            return Figure(value, "", f"{_digits(value, 1, unlike, scale=100)} %")
        if kind.kind == "number":
            return Figure(value, "", _digits(value, 2, unlike))
        name = unit_name(unit or "count") if kind.kind == "own" else kind.unit
        if name in ("count", "money"):
            name = {"count": "", "money": self.currency}.get(unit, unit)
        digits = _digits(value, 2 if kind.kind == "quantity" else 4, unlike)
        return Figure(value, name, f"{digits} {self._unit(name, digits)}".rstrip())

    def _unit(self, name: str, digits: str) -> str:
        counted = name if digits in ("1", "-1") else f"{name}s"
        return self.texts.get(f"assessment.units.{counted}", name)

    def compared(self, condition: s.Expr, *figures: Figure) -> str:
        """A comparison with a threshold, such as `above 20 %`."""
        names = ("low", "high") if isinstance(condition, s.Between) else ("limit",)
        ends = {name: figure.text for name, figure in zip(names, figures, strict=True)}
        word = _COMPARED[type(condition)] if isinstance(condition, s.Comparison) else "between"
        return self.texts[f"assessment.compared.{word}"].format(**ends)


_SHARED = frozenset({int, float, str, bool, type(None)})
"""The classes of values whose figures are shared."""


def _exactly(value: Any) -> object:
    """A key that differs for values that are equal, but not the same, such as 1, 1.0 and True, or 0.0 and -0.0."""
    return value.__class__, value or repr(value)


_MOST_PLACES = 15
"""The number of decimals beyond which the comparison itself sees no difference."""


def _digits(value: float, places: int, unlike: float | None = None, *, scale: int = 1) -> str:
    """A number with few decimals, or as many as it takes to differ from what it is compared with."""
    exact = _exact(value) * scale
    text = f"{exact:,.{_places(exact, places, None if unlike is None else _exact(unlike) * scale)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _money(value: float, unlike: float | None, minor_units: int, least: int) -> str:
    """An amount in minor units: whole, with the decimals of its currency, or with as many as it takes to differ."""
    exact = _exact(value) / minor_units
    places = _places(exact, least, None if unlike is None else _exact(unlike) / minor_units)
    return f"{exact:,.{0 if exact == int(exact) else places}f}"


def _places(exact: Decimal, places: int, unlike: Decimal | None) -> int:
    """This number of decimals, or as many more as it takes to differ."""
    while (
        unlike not in (None, exact)
        and places < _MOST_PLACES
        and f"{exact:.{places}f}" == f"{unlike:.{places}f}"
    ):
        places += 1
    return places


def _exact(value: float) -> Decimal:
    """The decimal that a binary number represents: the shortest that reads back as the same number."""
    return Decimal(str(value))


def _whole(amount: float) -> float:
    return int(amount) if amount == int(amount) else amount
