"""Generates the fast, two-valued function, for records in which every fact that the checks need is present.

It leaves out all tests that only incomplete records need. It need not recognise every such record by itself: wherever a
record is odd in any way, it may give up and call the three-valued function, which costs time but not correctness.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from coopgov.backends.absence import is_known_if
from coopgov.backends.ir import expressions
from coopgov.backends.python.codegen import EXACT_IN_FLOATS, GIVE_UP, Writer, odd_number
from coopgov.language import syntax as s
from coopgov.language.types import ANY
from coopgov.language.values import LARGEST

if TYPE_CHECKING:
    from coopgov.backends.ir import Check, Program
    from coopgov.language.types import Type

__all__ = ["Fast"]

_VARIABLE = re.compile(r"\bv[0-9]+\b")
_SET_AND_USED = 2
_CLASSES = {"text": "str", "truth": "bool"}


class Fast(Writer):
    """Generates code that hands a record over as soon as something that it needs is absent, odd or a zero divisor."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.strict, self.needed = _strict(program)
        self.doubtful: dict[str, bool] = {}
        self.certain: list[str] = []
        self.tests: list[str] = []

    def source(self) -> str:
        """The text of the function `check`."""
        rules = [line for check in self.program.checks if check.steps for line in self._check(check)]
        for node in self.program.asked:  # what is never needed may be wrong all the same
            self.value(node)
        floats, used = self.floated([*self.lines, *rules])
        lines, rules = used[: len(self.lines)], used[len(self.lines) :]
        sizes = self._sizes(EXACT_IN_FLOATS if floats else LARGEST)
        inlined = _inlined(lines, [*floats, *sizes, *rules])
        body = [*self._reads(), *floats, *inlined, *sizes, "out = []", *rules, "return out, []"]
        return "\n".join(
            [
                *self.settled,
                "def check(_, r, *, as_of=default_as_of):",  # a method of whatever made it
                "    try:",
                *(f"        {line}" for line in body),
                "    except Exception:",  # what a value may raise has no end; the careful function says what is wrong
                f"        {GIVE_UP}",
            ]
        )

    def _reads(self) -> list[str]:
        lines = list(dict.fromkeys(self.head))
        if any("get(" in line for line in lines):
            lines.insert(0, "get = r.get")
        if self.numbers:
            # None comes first, because an exception costs more than the tests. `+x is x` holds for int and float only:
            # for a bool or a number of another library, `+x` is another object, and the gate must read it
            lines.append(f"if {' or '.join(f'{name} is None' for name in self.numbers)}: {GIVE_UP}")
            lines.append(f"if {' or '.join(f'+{name} is not {name}' for name in self.numbers)}: {GIVE_UP}")
        if self.tests:
            lines.append(f"if {' or '.join(self.tests)}: {GIVE_UP}")
        return lines

    def _sizes(self, largest: float) -> list[str]:
        """Code that hands the record over if a number is too large, or NaN: then the length of their vector is, too."""
        numbers = ", ".join((*self.numbers, *self.certain))
        test = [f"if not hypot({numbers}) < {largest}: {GIVE_UP}"] if numbers else []
        return [*test, *self.too_great()]

    def limits(self, node: s.Expr, name: str) -> list[str]:
        """Outcomes that are always there are looked at together with the facts."""
        if node.type.kind == "date" or self.nullable(node):
            return super().limits(node, name)
        self.certain += [name] if self.sizes.beyond(node) else []
        return []

    def _check(self, check: Check) -> list[str]:
        value = "None" if check.measure is None else self.value(check.measure)
        indent, lines = "", []
        if check.where is not None:
            lines.append(f"if {self.true(check.where)}:")
            indent = "    "
        word = "if"
        for step in check.steps:
            threshold = "None" if step.threshold is None else self.value(step.threshold)
            row = self.hit(check, step, value, threshold)
            lines.append(f"{indent}{word} {self.true(step.condition)}: out.append({row})")
            word = "elif"
        return lines

    def nullable(self, node: s.Expr) -> bool:
        """Only facts that occur nowhere but in `else` or `is known` can be absent; any other is required.

        A value that is known only under a condition is required as well.
        """
        if node in self.needed:
            return False
        if isinstance(node, s.Name) and node.about:
            return not (node.parents or node.level) and self._fact_nullable(node)
        if isinstance(node, s.Else):
            return self.nullable(node.left) and self.nullable(node.right)
        if isinstance(node, (s.Known, s.Aggregate)):
            return False
        return is_known_if(node) or any(self.nullable(child) for child in s.children(node))

    def _fact_nullable(self, node: s.Name) -> bool:
        if node.name not in self.doubtful:
            definition = self.catalogue.definition(node.about, node.name)
            doubtful = node.name not in self.strict if definition is None else self.nullable(definition)
            self.doubtful[node.name] = doubtful
        return self.doubtful[node.name]

    def uncertain(self, node: s.Expr) -> bool:  # noqa: ARG002  # the same for every node
        """Uncertain counts are handed over, so none remain."""
        return False

    def base(self, node: s.Name) -> str:
        kind = self.catalogue.declared(node.about, node.name)
        name = self.fresh(("base", node.name))
        seen_on = self.catalogue.seen_on(node.about, node.name)
        if seen_on:
            self.head.append(f"if hidden(r.get({seen_on!r}), {seen_on!r}, as_of or default_as_of): {GIVE_UP}")
        if node.name not in self.strict:
            return self._shielded(node, kind, name)
        # No test for a missing key or another type: both raise here, and the function hands the record over.
        if kind.kind == "date":
            self.head.append(f"{name} = r[{node.name!r}].toordinal()")
            return name
        self.head.append(f"{name} = r[{node.name!r}]")
        if kind.numeric:
            self.numbers.append(name)
            within = self.catalogue.within(node.about, node.name)
            self.tests += [] if within == ANY else [odd_number(name, within)]
        elif kind.kind in _CLASSES:
            self.tests.append(_no_text(name, kind))
        else:
            self._several(node, kind, name)
            self.tests.append(f"{name} is None")
        return name

    def _several(self, node: s.Name, kind: Type, name: str) -> None:
        """Read a list of texts or subjects through the gate, which checks every item."""
        self.names[f"type_{name}"] = kind
        gate = f"read({name}, type_{name}, {node.name!r})"
        self.head += [
            f"{name} = None if {name} is None else {gate}",
            f"if {name}.__class__ is Gap: {GIVE_UP}",
        ]

    def _shielded(self, node: s.Name, kind: Type, name: str) -> str:
        self.head.append(f"{name} = get({node.name!r})")
        if kind.kind == "date":
            self.head.append(f"{name} = nan if {name} is None else {name}.toordinal()")
        elif kind.kind in _CLASSES:
            self.tests.append(f"{name} is not None and ({_no_text(name, kind)})")
        elif kind.numeric:
            odd = odd_number(name, self.catalogue.within(node.about, node.name))
            self.head.append(f"if {name} is None: {name} = nan")
            self.head.append(f"elif {name}.__class__ not in plain or {odd}: {GIVE_UP}")
        else:
            self._several(node, kind, name)
        return name

    def divide(self, node: s.Divide, left: str, right: str, key: Any) -> str:
        return self.held(node, key, f"{left} / {right}")

    def known_if(self, node: s.Call, key: Any) -> str:
        value, condition = node.arguments
        code = self.number(value)
        return self._needed(node, self.let(key, f"{code} if {self.true(condition)} else nan"))

    def _else(self, node: s.Else, key: Any) -> str:
        return self._needed(node, super()._else(node, key))

    def _needed(self, node: s.Expr, name: str) -> str:
        """Hand the record over where a value is needed that is not known."""
        if node in self.needed:
            self.lines.append(f"if {name} != {name}: {GIVE_UP}")
        return name

    def in_unit(self, unit: str) -> str:
        self.head.append(f"if not unit_is(r, {unit!r}): {GIVE_UP}")
        return ""

    def in_currency(self, currency: str) -> str:
        self.head.append(f"if currency != {currency!r}: {GIVE_UP}")
        return ""

    def interpreted(self, node: s.Expr, key: Any) -> str:
        constant = f"node{len(self.names)}"
        self.names[constant] = node
        self.head.append("interpreter = interpreter_for(as_of)")
        name = self.let(key, f"interpreter.value({constant}, r)")
        self.lines.append(f"if {name}.__class__ is Nothing or {name}.__class__ is Bounds: {GIVE_UP}")
        return name


def _no_text(name: str, kind: Type) -> str:
    """Return Python code that is true where a value is not a text or truth value of its fact."""
    wrong = f"{name}.__class__ is not {_CLASSES[kind.kind]}"
    if kind.group:  # a synonym is left to the gate
        return f"{wrong} or meanings[{kind.group!r}][{name}] != {name}"
    return f"{wrong} or {name} not in {kind.choices!r}" if kind.choices else wrong


def _inlined(lines: list[str], rules: list[str]) -> list[str]:
    """Inline variables that are used only once, by other values: each assignment costs time for every record."""
    uses = Counter(name for line in (*lines, *rules) for name in _VARIABLE.findall(line))
    codes: dict[str, str] = {}
    kept = []
    for line in lines:
        inner = _VARIABLE.sub(lambda found: codes.get(found[0], found[0]), line)
        name, is_value, code = inner.partition(" = ")
        if is_value and name in uses and uses[name] == _SET_AND_USED and not _used(name, rules):
            codes[name] = f"({code})"
        else:
            kept.append(inner)
    return kept


def _used(name: str, lines: list[str]) -> bool:
    return any(name in _VARIABLE.findall(line) for line in lines)


def _strict(program: Program) -> tuple[frozenset[str], frozenset[s.Expr]]:
    """What some check needs outside `else` and `is known`: base facts, and values that are known under a condition."""
    found: set[str] = set()
    needed: set[s.Expr] = set()
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
            last = _last(node)
            if is_known_if(last):  # needed only where nothing before it is there
                needed.add(node)
            todo.extend(last.arguments if is_known_if(last) else [last])
        elif is_known_if(node):
            needed.add(node)
            todo.extend(node.arguments)
        elif not isinstance(node, (s.Known, s.Aggregate)):
            todo.extend(s.children(node))
    return frozenset(found), frozenset(needed)


def _last(node: s.Expr) -> s.Expr:
    """What a chain of `else` ends in."""
    return _last(node.right) if isinstance(node, s.Else) else node
