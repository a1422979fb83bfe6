"""The function for records where everything the checks need is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.backends.codegen import Writer
from coopgov.backends.program import expressions
from coopgov.language import syntax as s
from coopgov.language.values import LARGEST

if TYPE_CHECKING:
    from coopgov.backends.program import Check, Program

__all__ = ["Fast"]

_GIVE_UP = "return fallback(r, as_of=as_of)"
_CLASSES = {"text": "str", "truth": "bool"}


class Fast(Writer):
    """Writes code that hands a record over as soon as something it needs is absent, odd or zero."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.strict = _strict_names(program)
        self.doubtful: dict[str, bool] = {}
        self.numbers: list[str] = []
        self.tests: list[str] = []

    def source(self) -> str:
        """The text of the function `check`."""
        rules = [line for check in self.program.checks for line in self._check(check)]
        body = [*self._reads(), *self.lines, "out = []", *rules, "return out, []"]
        return "\n".join(
            [
                "def check(r, *, as_of=default_as_of):",
                "    try:",
                *(f"        {line}" for line in body),
                "    except unfit:",
                f"        {_GIVE_UP}",
            ]
        )

    def _reads(self) -> list[str]:
        lines = list(dict.fromkeys(self.head))
        if any("get(" in line for line in lines):
            lines.insert(0, "get = r.get")
        if self.numbers:  # None is looked for first: an exception costs more than the tests
            lines.append(f"if {' or '.join(f'{name} is None' for name in self.numbers)}: {_GIVE_UP}")
            lines += [
                f"total = 0.0 + {' + '.join(self.numbers)}",
                f"if not -{LARGEST} < total < {LARGEST}: {_GIVE_UP}",
            ]
        if self.tests:
            lines.append(f"if {' or '.join(self.tests)}: {_GIVE_UP}")
        return lines

    def _check(self, check: Check) -> list[str]:
        value = "None" if check.measure is None else self.value(check.measure)
        indent, lines = "", []
        if check.where is not None:
            lines.append(f"if {self.true(check.where)}:")
            indent = "    "
        word = "if"
        for step in check.steps:
            threshold = "None" if step.threshold is None else self.value(step.threshold)
            row = f"({check.id!r}, {step.severity!r}, {value}, {threshold})"
            lines.append(f"{indent}{word} {self.true(step.condition)}: out.append({row})")
            word = "elif"
        return lines

    def nullable(self, node: s.Expr) -> bool:
        """Only facts that stand nowhere but under `else` or `is known` can be absent."""
        if isinstance(node, s.Name) and node.about:
            return not (node.parents or node.level) and self._fact_nullable(node)
        if isinstance(node, s.Else):
            return self.nullable(node.left) and self.nullable(node.right)
        if isinstance(node, (s.Known, s.Aggregate)):
            return False
        return any(self.nullable(child) for child in s.children(node))

    def _fact_nullable(self, node: s.Name) -> bool:
        if node.name not in self.doubtful:
            definition = self.catalogue.definition(node.about, node.name)
            doubtful = node.name not in self.strict if definition is None else self.nullable(definition)
            self.doubtful[node.name] = doubtful
        return self.doubtful[node.name]

    def uncertain(self, node: s.Expr) -> bool:  # noqa: ARG002  # the same for every node
        """Uncertain counts are handed over."""
        return False

    def base(self, node: s.Name) -> str:
        kind = self.catalogue.declared(node.about, node.name)
        name = self.fresh(("base", node.name))
        seen_on = self.catalogue.seen_on(node.about, node.name)
        if seen_on:
            self.head.append(
                f"if hidden(r.get({seen_on!r}), {seen_on!r}, as_of or default_as_of): {_GIVE_UP}"
            )
        if node.name not in self.strict:
            return self._shielded(node.name, kind.kind, name)
        if kind.kind == "date":
            self.head.append(f"{name} = r[{node.name!r}].toordinal()")
            return name
        self.head.append(f"{name} = r[{node.name!r}]")
        if kind.numeric:
            self.numbers.append(name)
        elif kind.kind in _CLASSES:
            wrong = (
                f"{name} not in {kind.choices!r}"
                if kind.choices
                else f"{name}.__class__ is not {_CLASSES[kind.kind]}"
            )
            self.tests.append(wrong)
        else:
            self.tests.append(f"{name}.__class__ is not tuple and {name}.__class__ is not list")
        return name

    def _shielded(self, fact: str, kind: str, name: str) -> str:
        self.head.append(f"{name} = get({fact!r})")
        if kind == "date":
            self.head.append(f"{name} = nan if {name} is None else {name}.toordinal()")
        elif kind in _CLASSES:
            self.tests.append(f"{name} is not None and {name}.__class__ is not {_CLASSES[kind]}")
        elif kind in ("number", "quantity", "money", "own"):
            self.head.append(f"if {name} is None or not -{LARGEST} < {name} < {LARGEST}: {name} = nan")
            self.tests.append(f"{name}.__class__ not in plain")
        else:
            self.tests.append(
                f"{name} is not None and {name}.__class__ is not tuple and {name}.__class__ is not list"
            )
        return name

    def divide(self, left: str, right: str, key: Any) -> str:
        return self.let(key, f"{left} / {right}")

    def in_unit(self, unit: str) -> str:
        self.head.append(f"if not same_unit(r.get('unit') or '', {unit!r}): {_GIVE_UP}")
        return ""

    def in_currency(self, currency: str) -> str:
        self.head.append(f"if currency != {currency!r}: {_GIVE_UP}")
        return ""

    def interpreted(self, node: s.Expr, key: Any) -> str:
        constant = f"node{len(self.names)}"
        self.names[constant] = node
        self.head.append("interpreter = interpreter_for(as_of)")
        name = self.let(key, f"interpreter.value({constant}, r)")
        self.lines.append(f"if {name}.__class__ is Nothing or {name}.__class__ is Bounds: {_GIVE_UP}")
        return name


def _strict_names(program: Program) -> frozenset[str]:
    """The base facts that some check needs other than under `else` or `is known`."""
    found: set[str] = set()
    seen: set[str] = set()
    todo = [part for check in program.checks for part in expressions(check)]
    while todo:
        node = todo.pop()
        if isinstance(node, s.Name):
            if not node.about or node.parents or node.name in seen:
                continue
            seen.add(node.name)
            definition = program.catalogue.definition(node.about, node.name)
            if definition is None:
                found.add(node.name)
            else:
                todo.append(definition)
        elif isinstance(node, s.Else):
            todo.append(node.right)
        elif not isinstance(node, (s.Known, s.Aggregate)):
            todo.extend(s.children(node))
    return frozenset(found)
