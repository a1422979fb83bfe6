"""Generates Python source from expression trees: values become variables, and conditions become Python conditions.

An absent number or date is NaN, so that every comparison with it is false without a test; an absent text or truth value
is None. Where values can be absent, a condition is therefore generated twice, as certainly true and as certainly false,
and never negated: `not` of a comparison with NaN would be true.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, assert_never

from coopgov.backends.ir import Hit
from coopgov.backends.python.overflow import Sizes
from coopgov.language import syntax as s
from coopgov.language.equivalent import OPPOSITE, alternatives, both_ends
from coopgov.language.fold import number, value_of
from coopgov.language.tolerance import MONEY_TOLERANCE, TOLERANCE, tolerance
from coopgov.language.values import GREATEST, LARGEST, LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.backends.ir import Check, Program, Step
    from coopgov.language.types import Range

__all__ = ["EXACT_IN_FLOATS", "GIVE_UP", "Writer", "odd_number"]

_ORDINARY = LARGEST / 2
"""Half of the limit: the gate rounds whole numbers to floats before it compares them, which can reach the limit."""
GIVE_UP = "return fallback(r, as_of=as_of)"

EXACT_IN_FLOATS = float(2**53)
"""Up to here a float represents every whole number."""
_MANY_COMPARISONS = 4
_FLOATED = re.compile(r"\b(v[0-9]+)f\b")

_SIGNS = s.by_arithmetic(add="+", subtract="-", multiply="*", divide="/")


class Writer:
    """Generates the body of a function; its two subclasses decide how facts are read and what may be absent."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.catalogue = program.catalogue
        self.names: dict[str, Any] = {}
        self.settled: list[str] = []
        self.head: list[str] = []
        self.lines: list[str] = []
        self.outcomes: list[str] = []
        self.numbers: list[str] = []
        self.variables: dict[Any, str] = {}
        self.sizes = Sizes(program.catalogue)
        self.count = 0

    def hit(self, check: Check, step: Step, value: str, threshold: str) -> str:
        """Return code for a hit: a constant where nothing is measured, else a tuple made without calling its class."""
        if value == threshold == "None":
            name = f"hit{len(self.names)}"
            self.names[name] = Hit(check.id, step.severity, None, None)
            return name
        return f"new(Hit, ({check.id!r}, {step.severity!r}, {value}, {threshold}))"

    def nullable(self, node: s.Expr) -> bool:
        """Whether a value can be absent in this function."""
        raise NotImplementedError

    def base(self, node: s.Name) -> str:
        """Read a base fact of the subject itself."""
        raise NotImplementedError

    def divide(self, node: s.Divide, left: str, right: str, key: Any) -> str:
        """Divide two values."""
        raise NotImplementedError

    def known_if(self, node: s.Call, key: Any) -> str:
        """Take a value where a condition holds."""
        raise NotImplementedError

    def in_unit(self, unit: str) -> str:
        """Check that the KPI has this unit; return the condition to test, empty if other records are handed over."""
        raise NotImplementedError

    def in_currency(self, currency: str) -> str:
        """Check that the agreement has this currency, like `in_unit`."""
        raise NotImplementedError

    def interpreted(self, node: s.Expr, key: Any) -> str:
        """Leave a collection, or a fact of a subject above, to the interpreter."""
        raise NotImplementedError

    def fresh(self, key: Any) -> str:
        """Create a variable for a key."""
        self.count += 1
        name = self.variables[key] = f"v{self.count}"
        return name

    def let(self, key: Any, code: str) -> str:
        """Assign a value to a variable, once for each key."""
        if key in self.variables:
            return self.variables[key]
        name = self.fresh(key)
        self.lines.append(f"{name} = {code}")
        return name

    def held(self, node: s.Expr, key: Any, code: str) -> str:
        """Assign a result of arithmetic to a variable, and hand the record over if it is out of range."""
        if key in self.variables:
            return self.variables[key]
        name = self.let(key, code)
        self.lines += self.limits(node, name)
        return name

    def limits(self, node: s.Expr, name: str) -> list[str]:
        """Code that hands the record over if a result of arithmetic is out of range.

        All numbers are checked together, at the end.
        """
        if node.type.kind == "date":
            return [f"if {name} < 1 or {name} >= {LAST_DAY + 1}: {GIVE_UP}"]
        self.outcomes += [name] if self.sizes.beyond(node) else []
        return []

    def too_great(self) -> list[str]:
        """Code that hands the record over if a result is infinite.

        The length of a vector is infinite if one of its numbers is, even if others are NaN.
        """
        outcomes = ", ".join(self.outcomes)
        return [f"if hypot({outcomes}) > {GREATEST}: {GIVE_UP}"] if outcomes else []

    # values -------------------------------------------------------------------------------------------------

    def value(self, node: s.Expr) -> str:
        """Return the variable or literal of a value."""
        if isinstance(node, s.Literal) and node.type.kind not in ("own", "money"):
            return repr(value_of(node))
        key = _key(node)
        return self.variables[key] if key in self.variables else self._new(node, key)

    def number(self, node: s.Expr) -> str:
        """Return the code of an operand of arithmetic, in which an uncertain count is unknown."""
        code = self.value(node)
        return f"certain({code})" if self.uncertain(node) else code

    def _new(self, node: s.Expr, key: Any) -> str:
        if isinstance(node, s.Name):
            return self._name(node, key)
        if isinstance(node, s.Aggregate):
            return self.interpreted(node, key)
        if isinstance(node, s.Else):
            return self._else(node, key)
        if node.type.kind == "truth":
            return self._truth(node, key)
        if isinstance(node, s.Literal):
            return self._literal(node, key)
        if isinstance(node, s.Negative):
            return self.let(key, f"-{self.number(node.operand)}")
        if isinstance(node, s.Call):
            return self._call(node, key)
        if isinstance(node, s.Arithmetic):
            return self._arithmetic(node, key)
        assert not isinstance(node, (s.Condition, s.Choices))
        assert_never(node)

    def _literal(self, node: s.Literal, key: Any) -> str:
        if node.type.kind == "own":
            code = repr(value_of(node))
            test = self.in_unit(node.type.unit)
            return self.let(key, f"{code} if {test} else nan" if test else code)
        return self._money(node, key)

    def _money(self, node: s.Literal, key: Any) -> str:
        """Money hangs on the setting alone: it is worked out when the function is made."""
        exact = number(node)
        code = f"{exact.numerator} * minor_units"
        code += "" if exact.denominator == 1 else f" / {exact.denominator}"
        test = self.in_currency(node.type.unit) if node.type.unit else ""
        name = self.fresh(key)
        self.settled.append(f"{name} = {code} if {test} else nan" if test else f"{name} = {code}")
        return name

    def _name(self, node: s.Name, key: Any) -> str:
        if not node.about:
            self.variables[key] = "today"
            self.head.append("today = day_number(as_of or default_as_of)")
            return "today"
        if node.parents or node.level:
            return self.interpreted(node, key)
        definition = self.catalogue.definition(node.about, node.name)
        name = self.base(node) if definition is None else self.value(definition)
        self.variables[key] = name
        return name

    def _else(self, node: s.Else, key: Any) -> str:
        left, right = self.number(node.left), self.value(node.right)
        if not self.nullable(node.left):
            return self.let(key, left)
        if not left.isidentifier():
            left = self.let(("left", key), left)
        return self.let(key, f"{left} if {_present(node, left)} else {right}")

    def _truth(self, node: s.Expr, key: Any) -> str:
        true = self.true(node)
        if not self.nullable(node):
            return self.let(key, true)
        return self.let(key, f"True if {true} else False if {self.false(node)} else None")

    def _call(self, node: s.Call, key: Any) -> str:
        if node.function == "known_if":
            return self.known_if(node, key)
        values = [self.number(part) for part in node.arguments]
        if node.function == "working_days":
            return self.let(key, f"working_days(calendar, {', '.join(values)})")
        if node.function == "abs":
            return self.let(key, f"abs({values[0]})")
        if any(map(self.nullable, node.arguments)):
            return self.let(key, f"known_{node.function}({', '.join(values)})")
        if len(values) > 2:
            return self.let(key, f"{node.function}({', '.join(values)})")
        # A conditional expression is faster than a call, and gives what `min` and `max` give for equal values.
        first, second = values
        sign = ">" if node.function == "min" else "<"
        return self.let(key, f"{second} if {first} {sign} {second} else {first}")

    def _arithmetic(self, node: s.Arithmetic, key: Any) -> str:
        left, right = self.number(node.left), self.number(node.right)
        if isinstance(node, s.Divide):
            return self.divide(node, left, right, key)
        unit = node.right.type.unit
        if node.type.kind == "date" and unit != "day":
            steps = f"-{right}" if isinstance(node, s.Subtract) else right
            if unit == "month":
                return self.let(key, f"later_by_months({left}, {steps})")
            return self.let(key, f"later_by_working_days(calendar, {left}, {steps})")
        return self.held(node, key, f"{left} {_SIGNS[type(node)]} {right}")

    # conditions ---------------------------------------------------------------------------------------------

    def true(self, node: s.Expr) -> str:
        """Return Python code that is true where a condition certainly holds."""
        return self._condition(node, want=True)

    def false(self, node: s.Expr) -> str:
        """Return Python code that is true where a condition certainly does not hold."""
        return self._condition(node, want=False) if self.nullable(node) else f"(not {self.true(node)})"

    def _condition(self, node: s.Expr, *, want: bool) -> str:
        if isinstance(node, s.Literal):
            return repr(node.value is want)
        if isinstance(node, s.Not):
            return self._condition(node.operand, want=not want)
        if isinstance(node, s.Logic):
            word = " and " if isinstance(node, s.And) is want else " or "
            return f"({word.join(self._condition(part, want=want) for part in node.operands)})"
        if isinstance(node, (s.Name, s.Aggregate, s.Else)):
            code = self.value(node)
            return code if want else f"({code} is False)"
        if isinstance(node, s.Known):
            return self._known(node, want=want)
        if isinstance(node, s.Between):
            return self._condition(both_ends(node), want=want)
        if isinstance(node, s.In):
            return self._membership(node, want=want)
        if isinstance(node, s.Comparison):
            return self._comparison(node, want=want)
        assert not isinstance(node, (s.Choices, s.Negative, s.Arithmetic, s.Call))
        assert_never(node)

    def _known(self, node: s.Known, *, want: bool) -> str:
        code = self.number(node.operand)
        if not self.nullable(node.operand):
            return repr(want)
        if not code.isidentifier():
            code = self.let(("operand", _key(node)), code)
        present = _present(node.operand, code)
        return f"({present})" if want else f"(not ({present}))"

    def _membership(self, node: s.In, *, want: bool) -> str:
        left = self.value(node.left)
        if not isinstance(node.right, s.Choices):
            right = self.value(node.right)
            doubtful = [
                code for part, code in ((node.left, left), (node.right, right)) if self.nullable(part)
            ]
            known = "".join(f"{code} is not None and " for code in doubtful)
            return f"({known}{left} {'' if want else 'not '}in {right})"
        if node.left.type.kind != "text":
            return self._condition(alternatives(node.left, node.right), want=want)
        texts = tuple(str(item.value) for item in node.right.items)
        known = f"{left} is not None and " if self.nullable(node.left) else ""
        return f"({known}{left} {'' if want else 'not '}in {texts!r})"

    def _comparison(self, node: s.Comparison, *, want: bool) -> str:
        if node.left.type.kind in ("text", "truth"):
            return self._same(node, want=want)
        left, right = self.value(node.left), self.value(node.right)
        if self.uncertain(node.left) or self.uncertain(node.right):
            return f"(compared_{type(node).__name__}({left}, {right}) is {want})"
        kind = type(node) if want else OPPOSITE[type(node)]
        if _exact(node):
            return _EXACT[kind](left, right)
        if left in self.numbers and isinstance(node.right, s.Literal):
            left = f"{left}f"
        return _TOLERANT[kind](left, right)

    def floated(self, lines: list[str]) -> tuple[list[str], list[str]]:
        """Take facts that are compared often as floats; return the code that makes these, and the lines that use them.

        Python compares two floats several times as fast as a whole number with a float. Small whole numbers give the
        same outcome either way; greater ones are left to the caller.
        """
        uses = Counter(name for line in lines for name in _FLOATED.findall(line))
        often = {name for name, count in uses.items() if count >= _MANY_COMPARISONS}
        kept = [
            _FLOATED.sub(lambda found: found[0] if found[1] in often else found[1], line) for line in lines
        ]
        return [f"{name}f = {name} + 0.0" for name in self.numbers if name in often], kept

    def _same(self, node: s.Comparison, *, want: bool) -> str:
        left, right = self.value(node.left), self.value(node.right)
        doubtful = [code for part, code in ((node.left, left), (node.right, right)) if self.nullable(part)]
        known = "".join(f"{code} is not None and " for code in doubtful)
        return f"({known}{left} {'==' if isinstance(node, s.Equal) is want else '!='} {right})"

    def uncertain(self, node: s.Expr) -> bool:
        """Whether a value can be a count or share with two bounds in this function."""
        raise NotImplementedError


def odd_number(name: str, within: Range) -> str:
    """Return Python code that is true where a number may be out of its fact's range; the gate then decides exactly."""
    low = f"-{_ORDINARY} < " if within.least is None else f"{within.least} <= "
    high = f" < {_ORDINARY}" if within.most is None else f" <= {within.most}"
    return f"not {low}{name}{high}" + (f" or {name} % 1" if within.whole else "")


def _key(node: s.Expr) -> Any:
    """The key of a value: equal-looking literals can differ in type."""
    return (node, *(part.type for part in s.walk(node) if isinstance(part, s.Literal)))


def _present(node: s.Expr, code: str) -> str:
    texts = node.type.kind in ("text", "texts", "truth", "collection")
    # Only NaN differs from itself.
    return f"{code} is not None" if texts else f"{code} == {code}"


def _exact(node: s.Comparison) -> bool:
    kind = node.left.type
    return kind.kind == "date" or (kind.kind == "money" and kind.exact and node.right.type.exact)


def _shifted(right: str, sign: int) -> str:
    """The right side moved by its tolerance; for a constant, the sum is computed now and not for each record."""
    try:
        number = float(right)
    except ValueError:
        word = "+" if sign > 0 else "-"
        return f"{right} {word} (1e-12 if -1.0 <= {right} <= 1.0 else {TOLERANCE!r} * abs({right}))"
    return repr(number + sign * tolerance(number))


_TOLERANT: Mapping[type[s.Comparison], Callable[[str, str], str]] = s.by_comparison(
    above=lambda a, b: f"{a} > {_shifted(b, 1)}",
    at_most=lambda a, b: f"{a} <= {_shifted(b, 1)}",
    below=lambda a, b: f"{a} < {_shifted(b, -1)}",
    at_least=lambda a, b: f"{a} >= {_shifted(b, -1)}",
    equal=lambda a, b: f"({a} >= {_shifted(b, -1)} and {a} <= {_shifted(b, 1)})",
    not_equal=lambda a, b: f"({a} < {_shifted(b, -1)} or {a} > {_shifted(b, 1)})",
)
_EXACT: Mapping[type[s.Comparison], Callable[[str, str], str]] = s.by_comparison(
    above=lambda a, b: f"{a} - {b} > {MONEY_TOLERANCE!r}",
    at_most=lambda a, b: f"{a} - {b} <= {MONEY_TOLERANCE!r}",
    below=lambda a, b: f"{b} - {a} > {MONEY_TOLERANCE!r}",
    at_least=lambda a, b: f"{b} - {a} <= {MONEY_TOLERANCE!r}",
    equal=lambda a, b: f"(-{MONEY_TOLERANCE!r} <= {a} - {b} <= {MONEY_TOLERANCE!r})",
    not_equal=lambda a, b: f"({a} - {b} > {MONEY_TOLERANCE!r} or {b} - {a} > {MONEY_TOLERANCE!r})",
)
