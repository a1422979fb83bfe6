"""Rewrites numbers and dates of an expression as exact ratios of polynomials in one fact, one for each branch."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from coopgov.counterfactual.facts_of_records import record_of
from coopgov.counterfactual.polynomial_ratio import UNKNOWN_FACT, Ratio, constant
from coopgov.counterfactual.variable import as_point
from coopgov.language import syntax as s
from coopgov.language.fold import number
from coopgov.language.values import missing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.counterfactual.variable import Variable
    from coopgov.language.interpreter import Interpreter, Record, Records

__all__ = ["Former", "Forms"]

Forms = tuple[Ratio, ...] | None
"""The possible forms of a number: () if it has no value, None if it has steps that no ratio can express."""

_MOST_FORMS = 64
_MOST_ITEMS = 500


@dataclass(slots=True, eq=False)
class Former:
    """Rewrites expressions as ratios in the fact; everything else has its present value.

    Results are cached by the identities of node and records: the same formula differs from subject to subject.
    """

    variable: Variable
    interpreter: Interpreter
    _depends: dict[tuple[int, ...], bool] = field(default_factory=dict)
    _known: dict[tuple[int, ...], Forms] = field(default_factory=dict)

    def depends(self, node: s.Expr, records: Records) -> bool:
        """Whether the value of an expression can depend on the fact."""
        reads = self.interpreter.reads(node)
        if (self.variable.about, self.variable.name) not in reads.facts:
            return False
        if reads.of_one_record:
            return self.variable.record is None or records[-1] is self.variable.record
        key = (id(node), *map(id, records))
        if key not in self._depends:
            self._depends[key] = self._reads(node, records)
        return self._depends[key]

    def _reads(self, node: s.Expr, records: Records) -> bool:
        if isinstance(node, s.Name):
            record, definition = self.formula(node, records)
            below = definition is not None and self.depends(definition, (record,))
            return below or self.is_variable(node, records)
        if isinstance(node, s.Aggregate):
            items = self.moving_items(node, records)
            return any(self.depends(part, (*records, item)) for item in items for part in node.of_items)
        return any(self.depends(child, records) for child in s.children(node))

    def is_variable(self, node: s.Name, records: Records) -> bool:
        """Whether a name is the fact itself."""
        if node.name != self.variable.name or node.about != self.variable.about:
            return False
        return not node.about or record_of(node, records) is self.variable.record

    def formula(self, node: s.Name, records: Records) -> tuple[Any, s.Expr | None]:
        """The record that a name refers to, and the formula of the name, if it has one."""
        record = record_of(node, records) if node.about else None
        if record is None:
            return None, None
        return record, self.interpreter.definitions.definition(node.about, node.name)

    def items(self, node: s.Aggregate, records: Records) -> list[Record]:
        """The items of a collection; empty if it is absent or too large to be visited."""
        items = self.interpreter.value(node.collection, *records)
        return [] if missing(items) or len(items) > _MOST_ITEMS else items

    def moving_items(self, node: s.Aggregate, records: Records) -> list[Record]:
        """The items of a collection that may depend on the fact."""
        items = self.items(node, records)
        if self.variable.record is not None and self.interpreter.of_item_alone(node):
            return [item for item in items if item is self.variable.record]
        return items

    def forms(self, node: s.Expr, records: Records) -> Forms:
        """The possible forms of a number or date."""
        key = (id(node), *map(id, records))
        if key not in self._known:
            self._known[key] = self._formed(node, records)
        return self._known[key]

    def _formed(self, node: s.Expr, records: Records) -> Forms:
        if not self.depends(node, records):
            return self._constant(node, records)
        forms = _FORMS[type(node)](self, node, records)
        if forms is None or len(forms) > _MOST_FORMS or not all(each.small for each in forms):
            return None
        return forms if len(forms) < 2 else tuple(dict.fromkeys(forms))

    def _constant(self, node: s.Expr, records: Records) -> Forms:
        """The form of what does not depend on the fact, which is the same for all facts of which this is true."""
        key = (id(node), *map(id, records))
        known: tuple[s.Expr, Forms] | None = self.interpreter.shared.constants.get(key)
        if known is None:
            known = self.interpreter.shared.constants[key] = node, self._fixed(node, records)
        return known[1]

    def _fixed(self, node: s.Expr, records: Records) -> Forms:
        """A number that does not depend on the fact: exact if possible, else as the interpreter computes it."""
        value = self.interpreter.value(node, *records)
        if missing(value):
            return ()
        # A literal is exact as written; the interpreter would round it to a float.
        if isinstance(node, s.Literal) and node.type.numeric:
            minor = self.interpreter.setting.minor_units if node.type.kind == "money" else 1
            return (constant(number(node) * minor),)
        exact = isinstance(node, _EXACT) and node.type.numeric
        forms = _FORMS[type(node)](self, node, records) if exact else None
        if forms is not None and len(forms) == 1:
            return forms
        return (constant(Fraction(as_point(value))),) if isinstance(value, (int, float)) else None  # type: ignore[arg-type]

    def name(self, node: s.Name, records: Records) -> Forms:
        """The fact itself, or the forms of a formula."""
        if self.is_variable(node, records):
            return (UNKNOWN_FACT,)
        record, definition = self.formula(node, records)
        return None if definition is None else self.forms(definition, (record,))

    def formless(self, node: s.Expr, records: Records) -> Forms:  # noqa: ARG002  # the shape of the table
        """A condition is no number; a literal does not depend on the fact."""
        return None

    def negative(self, node: s.Negative, records: Records) -> Forms:
        """`-x`."""
        forms = self.forms(node.operand, records)
        return None if forms is None else tuple(-each for each in forms)

    def arithmetic(self, node: s.Arithmetic, records: Records) -> Forms:
        """A sum, difference, product or quotient; working days and months are steps, so they have no form."""
        if node.type.kind == "date" and node.right.type.unit != "day":
            # none of them later is the day itself
            none = not self.depends(node.right, records) and self.interpreter.value(node.right, *records) == 0
            return self.forms(node.left, records) if none else None
        left, right = self.forms(node.left, records), self.forms(node.right, records)
        if left is None or right is None or len(left) * len(right) > _MOST_FORMS:
            return None
        combine = _ARITHMETIC[type(node)]
        return tuple(ratio for a in left for b in right if (ratio := combine(a, b)) is not None)

    def otherwise(self, node: s.Else, records: Records) -> Forms:
        """`a else b`: both branches if a depends on the fact."""
        left = self.forms(node.left, records)
        if left and not self.depends(node.left, records):
            return left
        right = self.forms(node.right, records)
        return None if left is None or right is None else (*left, *right)

    def call(self, node: s.Call, records: Records) -> Forms:
        """`min`, `max`, `abs` and `known_if`: all values that they may choose."""
        if node.function == "known_if":
            return self.forms(node.arguments[0], records)
        parts = [self.forms(each, records) for each in node.arguments]
        if () in parts:
            return ()
        if node.function == "working_days" or None in parts:
            return None
        found = tuple(form for part in parts for form in part or ())
        return (*found, *(-each for each in found)) if node.function == "abs" else found

    def aggregate(self, node: s.Aggregate, records: Records) -> Forms:
        """An aggregate over items; if the filter depends on the fact, an item may add to a sum or not."""
        if node.function not in ("sum", "mean", "min", "max"):
            return self._counted(node, records)
        parts: list[tuple[Ratio, ...]] = []
        for item in self.items(node, records):
            inner = (*records, item)
            may = node.where is not None and self.depends(node.where, inner)
            # An item that may drop out counts as 0 in a sum; min, max and mean have no such neutral value.
            if may and node.function != "sum":
                return None
            if not may and node.where is not None and self.interpreter.value(node.where, *inner) is not True:
                continue
            assert node.value is not None
            forms = self.forms(node.value, inner)
            if not forms and not may:
                return forms
            parts.append((*(forms or ()), constant(Fraction(0))) if may else forms or ())
        return _combined(node.function, parts)

    def _counted(self, node: s.Aggregate, records: Records) -> Forms:
        """A count or share: one of few constants, since it changes only where its conditions do."""
        size = len(self.items(node, records))
        if size >= _MOST_FORMS:
            return ()
        whole = size if node.function == "share" else 1
        return tuple(constant(Fraction(each, whole)) for each in range(size + 1)) if whole else ()


def _combined(function: str, parts: list[tuple[Ratio, ...]]) -> Forms:
    if not parts and function != "sum":
        return ()
    if function in ("min", "max"):
        return tuple(form for forms in parts for form in forms)
    total: tuple[Ratio, ...] = (
        constant(sum(forms[0].top[0] for forms in parts if _fixed(forms) and forms[0].top)),
    )
    for forms in parts:
        if _fixed(forms):
            continue
        total = tuple(dict.fromkeys(a + b for a in total for b in forms))
        if len(total) > _MOST_FORMS:
            return None
    share = constant(Fraction(1, len(parts) if function == "mean" else 1))
    return tuple(form * share for form in total)


def _fixed(forms: tuple[Ratio, ...]) -> bool:
    """Whether a number is one constant."""
    return len(forms) == 1 and len(forms[0].top) <= 1 and forms[0].bottom == (1,)


_ARITHMETIC: Mapping[type[s.Arithmetic], Callable[[Ratio, Ratio], Ratio | None]] = s.by_arithmetic(
    add=Ratio.__add__, subtract=Ratio.__sub__, multiply=Ratio.__mul__, divide=Ratio.over
)
_EXACT = (s.Negative, s.Arithmetic, s.Name)
"""The nodes that are computed exactly even if nothing in them depends on the fact."""
_FORMS: Mapping[type[s.Expr], Callable[..., Forms]] = s.by_class(
    literal=Former.formless,
    choices=Former.formless,
    name=Former.name,
    negative=Former.negative,
    not_=Former.formless,
    known=Former.formless,
    and_=Former.formless,
    or_=Former.formless,
    add=Former.arithmetic,
    subtract=Former.arithmetic,
    multiply=Former.arithmetic,
    divide=Former.arithmetic,
    else_=Former.otherwise,
    above=Former.formless,
    below=Former.formless,
    at_least=Former.formless,
    at_most=Former.formless,
    equal=Former.formless,
    not_equal=Former.formless,
    between=Former.formless,
    in_=Former.formless,
    call=Former.call,
    aggregate=Former.aggregate,
)
