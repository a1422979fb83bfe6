"""Compiles what an aggregate asks of an item to a Python function.

It gives exactly what the interpreter gives, whether values are known, unknown, not set or uncertain: the same steps in
the same order, but without looking up for each node what to do. Values of facts are remembered where the interpreter
remembers them. What is rare, such as a fact of a subject above, is left to the interpreter.

Code is generated from the checked tree, as in `codegen`: names become numbered variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.language import syntax as s
from coopgov.language.equivalent import alternatives, both_ends
from coopgov.language.fold import value_of
from coopgov.language.operations import OPERATIONS, certain_number
from coopgov.language.tolerance import MONEY_TOLERANCE
from coopgov.language.values import NOT_SET, UNKNOWN, Bounds, Nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.language.interpreter import Definitions

    Item = Callable[..., tuple[Any, Any]]

__all__ = ["item_function"]

_NAMES: dict[str, Any] = {
    "Bounds": Bounds,
    "NOT_SET": NOT_SET,
    "Nothing": Nothing,
    "UNKNOWN": UNKNOWN,
    "certain": certain_number,
}


def item_function(node: s.Aggregate, depth: int, definitions: Definitions) -> Item:
    """Compile what an aggregate asks of an item.

    The function takes an interpreter, what it remembers, and as many records as `depth`: those around the item, and the
    item.
    """
    scope = dict(_NAMES)
    writer = _Writer(definitions, scope, depth, {})
    where = "True" if node.where is None else writer.value(node.where)
    if node.value is None and node.function in ("share", "any", "all"):
        where, value = "True", where
    else:
        value = "True" if node.value is None else f"certain({writer.value(node.value)})"
    name = writer.constant("item")
    writer.compiled(name, [f"return {where}, {value}"])
    function: Item = scope[name]
    return function


class _Writer:
    """Writes the body of a function of an interpreter, what it remembers, and records, the nearest last."""

    def __init__(
        self,
        definitions: Definitions,
        scope: dict[str, Any],
        depth: int,
        formulas: dict[tuple[str, str], str],
    ) -> None:
        self.definitions = definitions
        self.scope = scope
        self.depth = depth
        self.formulas = formulas
        self.lines: list[str] = []
        self.indent = ""
        self.count = 0

    def compiled(self, name: str, end: list[str]) -> None:
        """Make the function, under a name."""
        records = "".join(f", r{number}" for number in range(self.depth))
        lines = [f"def {name}(i, memo{records}):", *(f" {line}" for line in (*self.lines, *end))]
        exec(compile("\n".join(lines), f"<{name}>", "exec"), self.scope)  # noqa: S102  # see the module's docstring

    def constant(self, kind: str, value: Any = None) -> str:
        """Return a name for a value that the function needs."""
        name = f"{kind}{len(self.scope)}"
        self.scope[name] = value
        return name

    def line(self, code: str) -> None:
        """Add a line."""
        self.lines.append(self.indent + code)

    def let(self, code: str) -> str:
        """Assign a value to a new variable."""
        self.count += 1
        self.line(f"v{self.count} = {code}")
        return f"v{self.count}"

    def value(self, node: s.Expr) -> str:
        """Write code for an expression, and return its variable or constant."""
        return _VISITORS[type(node)](self, node)

    def number(self, node: s.Expr) -> str:
        """Write code for an operand in which an uncertain count is unknown."""
        code = self.value(node)
        return self.let(f"certain({code})") if node.type.numeric else code

    def interpreted(self, node: s.Expr) -> str:
        """Leave an expression to the interpreter."""
        records = "".join(f", r{number}" for number in range(self.depth))
        return self.let(f"i.value({self.constant('node', node)}{records})")

    def literal(self, node: s.Literal) -> str:
        if node.type.kind in ("own", "money"):
            return self.interpreted(node)
        return self.constant("literal", value_of(node))

    def name(self, node: s.Name) -> str:
        if not node.about or node.parents:
            return self.interpreted(node)
        record = f"r{self.depth - 1 - node.level}"
        key = self.let(f"(id({record}), {node.about!r}, {node.name!r})")
        found = self.let(f"memo.get({key})")
        definition = self.definitions.definition(node.about, node.name)
        read = f"i._fact({self.constant('node', node)}, {record})"
        if definition is not None:
            read = f"{self._formula(node, definition)}(i, memo, {record})"
        self.line(f"if {found} is None: {found} = memo[{key}] = {read}")
        return found

    def _formula(self, node: s.Name, definition: s.Expr) -> str:
        """Compile a formula, once for all that name it."""
        key = node.about, node.name
        if key not in self.formulas:
            writer = _Writer(self.definitions, self.scope, 1, self.formulas)
            found = writer.value(definition)
            self.formulas[key] = self.constant("formula")
            writer.compiled(self.formulas[key], [f"return {found}"])
        return self.formulas[key]

    def operation(self, node: s.Expr) -> str:
        """Write the interpreter's own operation on the values of the parts."""
        return self.let(self._operation(node, [self.value(part) for part in s.children(node)]))

    def _operation(self, node: s.Expr, values: list[str]) -> str:
        operation = self.constant("operation", OPERATIONS[type(node)])
        return f"{operation}({self.constant('node', node)}, ({', '.join(values)},), i.setting.calendar)"

    def _known(self, node: s.Expr, values: list[str], outcome: str) -> str:
        """Write what follows from values that are known; the interpreter's operation where one is not."""
        known = " and ".join(f"{value}.__class__ is not Nothing" for value in values)
        return self.let(f"{outcome} if {known} else {self._operation(node, values)}")

    def other_spelling(self, node: s.Else) -> str:
        found = self.number(node.left)
        if not node.left.type.numeric:
            found = self.let(found)
        self.line(f"if {found}.__class__ is Nothing:")
        before, self.indent = self.indent, f"{self.indent} "
        right = self.value(node.right)
        self.line(f"{found} = UNKNOWN if {right} is NOT_SET and {found} is UNKNOWN else {right}")
        self.indent = before
        return found

    def comparison(self, node: s.Comparison) -> str:
        kind = node.left.type.kind
        if kind not in ("truth", "text", "date"):
            return self.operation(node)
        left, right = self.value(node.left), self.value(node.right)
        outcome = f"({left} == {right}) is {isinstance(node, s.Equal)}"
        if kind == "date":
            later, earlier = (f"{a} - {b} > {MONEY_TOLERANCE}" for a, b in ((left, right), (right, left)))
            outcome = f"({_DATES[type(node)].format(later, earlier)})"
        return self._known(node, [left, right], outcome)

    def membership(self, node: s.In) -> str:
        if isinstance(node.right, s.Choices):
            return self.value(alternatives(node.left, node.right))
        return self.operation(node)

    def between(self, node: s.Between) -> str:
        return self.value(both_ends(node))

    def negation(self, node: s.Not) -> str:
        value = self.value(node.operand)
        return self._known(node, [value], f"not {value}")

    def logic(self, node: s.Logic) -> str:
        decisive = isinstance(node, s.Or)
        values = [self.value(part) for part in node.operands]
        decided = " or ".join(f"{value} is {decisive}" for value in values)
        opposite = " and ".join(f"{value} is {not decisive}" for value in values)
        rest = self._operation(node, values)
        return self.let(f"{decisive} if {decided} else {not decisive} if {opposite} else {rest}")

    def known(self, node: s.Known) -> str:
        value = self.value(node.operand)
        return self.let(f"{value}.__class__ is not Nothing and {value}.__class__ is not Bounds")


_DATES: Mapping[type[s.Comparison], str] = s.by_comparison(
    above="{0}",
    below="{1}",
    at_least="not {1}",
    at_most="not {0}",
    equal="not ({0} or {1})",
    not_equal="({0} or {1})",
)
"""Comparisons of dates, from whether the left one is later, and whether it is earlier."""

_VISITORS: Mapping[type[s.Expr], Callable[[_Writer, Any], str]] = s.by_class(
    literal=_Writer.literal,
    choices=_Writer.interpreted,
    name=_Writer.name,
    negative=_Writer.operation,
    not_=_Writer.negation,
    known=_Writer.known,
    and_=_Writer.logic,
    or_=_Writer.logic,
    add=_Writer.operation,
    subtract=_Writer.operation,
    multiply=_Writer.operation,
    divide=_Writer.operation,
    else_=_Writer.other_spelling,
    above=_Writer.comparison,
    below=_Writer.comparison,
    at_least=_Writer.comparison,
    at_most=_Writer.comparison,
    equal=_Writer.comparison,
    not_equal=_Writer.comparison,
    between=_Writer.between,
    in_=_Writer.membership,
    call=_Writer.operation,
    aggregate=_Writer.interpreted,
)
