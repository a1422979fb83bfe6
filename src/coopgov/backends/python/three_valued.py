"""Generates the careful, three-valued function, for records in which something is absent or odd.

Every way of having no value has a bit. So whether a check can be undetermined is one `bad & mask`, and the reasons for
each combination of bits are looked up, without walking the expression for each record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.backends.absence import Causes, conditional, total, uncertain
from coopgov.backends.interpreter import upper_end
from coopgov.backends.ir import conditions
from coopgov.backends.python.codegen import EXACT_IN_FLOATS, GIVE_UP, Writer, odd_number
from coopgov.backends.python.runtime import Reasons, Rows
from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgov.backends.ir import Check, Program, Step

__all__ = ["Careful", "Holding"]

_NUMBERS = ("number", "quantity", "money", "own")


class Careful(Writer):
    """Generates every condition twice, as certainly true and as certainly false.

    `bad` collects the bits: one for each absent base fact, each division by zero, each different unit, each value that
    depends on a condition, and each value that the interpreter could not compute. A check whose bits are all clear
    cannot be undetermined.
    """

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.bits: dict[Any, int] = {}
        self.raw: dict[str, str] = {}
        self.flags: dict[str, int] = {}
        self.strict: dict[str, bool] = {}
        self.entries: list[tuple[Reasons, int]] = []

    def source(self) -> str:
        """The text of the function `check`."""
        rules = [line for check in self.program.checks if check.steps for line in self._check(check)]
        for node in self.program.asked:  # what is never needed may be wrong all the same
            self.value(node)
        floats, used = self.floated([*self.lines, *rules])
        lines, rules = used[: len(self.lines)], used[len(self.lines) :]
        body = [
            "get = r.get",
            "bad = 0",
            *dict.fromkeys(self.head),
            *(line for code in floats for line in (code, _inexact(code))),
            *lines,
            *self.too_great(),
            *self._flags(),
            *self._entries(),
            "out = []",
            "unsure = []",
            *rules,
            "return out, unsure",
        ]
        return "\n".join(
            [
                *self.settled,
                "def check(r, *, as_of=default_as_of):",
                "    try:",
                *(f"        {line}" for line in body),
                "    except (OverflowError, ValueError):",
                f"        {GIVE_UP}",
                "    except AttributeError:",
                "        refuse_unless_mapping(r)",
                "        raise",
            ]
        )

    def _check(self, check: Check) -> list[str]:
        value = "None" if check.measure is None else self.value(check.measure)
        joint = conditions(check)
        trues = [self.true(condition) for condition in joint]
        rows = [self._row(check, step, value) for step in check.steps]
        mask = self._mask(joint)
        if not mask:
            return _branches("if", trues, rows)
        # The common case: as long as no flag is set, the check runs exactly like the two-valued one.
        if all(map(self._plain, joint)):
            doubts = dict.fromkeys(
                flag for condition in joint for leaf in _leaves(condition) if (flag := self._flag(leaf))
            )
            report = self._report(check, mask)
            if len(joint) == 1 and not _leaf(joint[0]):
                # most records are certainly not concerned, which one look at each condition tells
                inner = [f"    if {trues[0]}: {rows[0]}", f"    else: {report}"]
                return [f"if {self._possible(joint[0], want=True)}:", *inner]
            if len(doubts) == 1 and all(self._flag(step.condition) for step in check.steps):
                return [f"if {' or '.join(doubts)}: {report}", *_branches("elif", trues, rows)]
        return self._ladder(joint, trues, rows, mask, self._report(check, mask))

    def _ladder(
        self, joint: Sequence[s.Expr], trues: list[str], rows: list[str], mask: int, report: str
    ) -> list[str]:
        """Decide steps that may be decided despite absent data, by testing for certainly true and certainly false."""
        # not true is not false: a step without an outcome must stop a milder one from looking like the whole answer
        falses = [self.false(condition) for condition in joint]
        unset = [self.not_set(condition) for condition in joint]
        lines: list[str] = []
        for rank, (true, row) in enumerate(zip(trues, rows, strict=True)):
            lines += [f"{'elif' if rank else 'if'} {true}:", f"    {row}"]
            if rank:
                lines.append(f"    if bad & {mask} and ({_undecided(falses[:rank], unset[:rank])}): {report}")
        return [*lines, f"elif bad & {mask} and ({_undecided(falses, unset)}): {report}"]

    def _plain(self, condition: s.Expr) -> bool:
        """Whether every comparison lacks an outcome as soon as anything that it reads is absent."""
        return all(
            isinstance(leaf, (s.Comparison, s.Name)) and self._strict(leaf) for leaf in _leaves(condition)
        )

    def _strict(self, node: s.Expr) -> bool:
        if isinstance(node, s.Name) and node.about:
            if node.parents or node.level:
                return False
            if node.name not in self.strict:
                self.strict[node.name] = self._fact_strict(node)
            return self.strict[node.name]
        decisive = (s.Else, s.Known, s.Aggregate, s.Logic, s.In, s.Between)
        return not isinstance(node, decisive) and all(map(self._strict, s.children(node)))

    def _fact_strict(self, node: s.Name) -> bool:
        definition = self.catalogue.definition(node.about, node.name)
        if definition is not None:
            return self._strict(definition)
        return not self.catalogue.optional(node.about, node.name)

    def _flag(self, leaf: s.Expr) -> str:
        """The variable, shared by all checks, for whether a comparison lacks an outcome; empty if it never does."""
        mask = self._mask([leaf])
        if not mask:
            return ""
        self.flags[f"bad{mask}"] = mask
        return f"bad{mask}"

    def _flags(self) -> list[str]:
        """A truth is soon asked for, which pays for making it where checks share it."""
        truth = " != 0" if len(self.flags) < len(self.program.checks) else ""
        return [f"{flag} = bad & {mask}{truth}" for flag, mask in self.flags.items()]

    def _entries(self) -> list[str]:
        if not self.entries:
            return []
        self.names["rows"] = rows = Rows(self.entries)
        self.names["entry"] = rows.entry
        return ["entries = rows[bad]"]

    def _possible(self, node: s.Expr, *, want: bool) -> str:
        """Return Python code that is true where a plain condition may hold, or, if not `want`, may fail."""
        if isinstance(node, s.Not):
            return self._possible(node.operand, want=not want)
        if isinstance(node, s.Logic):
            # by De Morgan: a conjunction may fail if any of its parts may
            word = " and " if isinstance(node, s.And) is want else " or "
            return f"({word.join(self._possible(part, want=want) for part in node.operands)})"
        flag, code = self._flag(node), self.true(node) if want else self.false(node)
        return f"({flag} or {code})" if flag else code

    def _row(self, check: Check, step: Step, value: str) -> str:
        shown, threshold = self._shown(check, step, value), "None"
        if step.threshold is not None:
            threshold = self.value(step.threshold)
            if self.uncertain(step.threshold):
                threshold = f"certain_end({threshold}, {not upper_end(step.condition)})"
        return f"out.append({self.hit(check, step, shown, threshold)})"

    def _shown(self, check: Check, step: Step, value: str) -> str:
        if check.measure is None:
            return "None"
        if self.uncertain(check.measure):
            return f"certain_end({value}, {upper_end(step.condition)})"
        if isinstance(step.condition, s.Comparison) and step.condition.left == check.measure:
            return value  # NaN compares as false, so the value of a hit is present
        return f"known_or_none({value})"

    def _mask(self, nodes: Iterable[s.Expr]) -> int:
        causes = Causes(self.catalogue)
        for node in nodes:
            causes.visit(node)
        return sum({self.bits[cause] for cause in causes.found if cause in self.bits})

    def _report(self, check: Check, mask: int) -> str:
        inner = [cause for cause, bit in self.bits.items() if bit & mask]
        if any(kind in ("interpreted", "conditional") for kind, _ in inner):
            constant = f"check{len(self.names)}"
            self.names[constant] = check
            self.head.append("interpreter = interpreter_for(as_of)")
            return f"unsure.append(Undetermined({check.id!r}, *diagnose({constant}, r, interpreter)))"
        constant = f"reasons{len(self.names)}"
        optional = self.catalogue.optional
        bits = {
            self.bits[cause]: cause
            for cause in inner
            if cause[0] != "fact" or not optional(self.program.about, cause[1])
        }
        reasons = Reasons(check.id, bits)
        if mask in bits:  # only one bit, so the entry is constant
            self.names[constant] = reasons[mask]
            return f"unsure.append({constant})"
        self.entries.append((reasons, mask))
        place = len(self.entries) - 1
        return f"unsure.append(entries[{place}] or entry(entries, {place}, bad))"

    def bit(self, kind: str, what: Any) -> int:
        """Return the bit for one way of having no value."""
        return self.bits.setdefault((kind, what), 1 << len(self.bits))

    def nullable(self, node: s.Expr) -> bool:
        """Everything can be absent, except expressions that always have a value."""
        return not total(node, self.catalogue)

    def uncertain(self, node: s.Expr) -> bool:
        """Counts and shares can have two bounds."""
        return uncertain(node, self.catalogue)

    def base(self, node: s.Name) -> str:
        kind = self.catalogue.declared(node.about, node.name)
        within = self.catalogue.within(node.about, node.name)
        name = self.fresh(("base", node.name))
        constant = f"type_{name}"
        self.names[constant] = kind
        self.names[f"range_{name}"] = within
        nothing = f"{name} = {'nan' if kind.kind in (*_NUMBERS, 'date') else 'None'}"
        absent = f"{nothing}; bad |= {self.bit('fact', node.name)}"
        gate = f"read({{}}, {constant}, {node.name!r}, range_{name})"
        gap = [
            f"if {name}.__class__ is Gap:",
            f"    if {name} is not ABSENT: {GIVE_UP}",
            f"    {absent}",
        ]
        if kind.kind in _NUMBERS:  # most numbers need no call of the gate
            self.numbers.append(name)
            self.head += [
                f"{name} = get({node.name!r})",
                f"if {name} is None: {absent}",
                f"elif {name}.__class__ is not float and {name}.__class__ is not int or {odd_number(name, within)}:",
                *(f"    {line}" for line in (f"{name} = {gate.format(name)}", *gap)),
            ]
        else:
            self.head += [f"{name} = {gate.format(f'get({node.name!r})')}", *gap]
        self._observed(node, nothing)
        return name

    def _observed(self, node: s.Name, nothing: str) -> None:
        """Hide an observation made after the date; a hidden optional setting counts as not made."""
        seen_on = self.catalogue.seen_on(node.about, node.name)
        if not seen_on:
            return
        optional = self.catalogue.optional(node.about, node.name)
        bit = self.bit("fact" if optional else "hidden", node.name)
        there = f"not bad & {self.bit('fact', node.name)}"
        later = f"hidden(get({seen_on!r}), {seen_on!r}, as_of or default_as_of)"
        self.head.append(f"if {later} and {there}: {nothing}; bad |= {bit}")

    def divide(self, node: s.Divide, left: str, right: str, key: Any) -> str:
        bit = self.bit("division", key[0])
        name = self.fresh(key)
        self.lines += [
            f"if {right}: {name} = {left} / {right}",
            f"else: {name} = nan; bad |= {bit}",
            *self.limits(node, name),
        ]
        return name

    def known_if(self, node: s.Call, key: Any) -> str:
        value, condition = node.arguments
        return self._conditional(
            node, self.let(key, f"{self.number(value)} if {self.true(condition)} else nan")
        )

    def _else(self, node: s.Else, key: Any) -> str:
        name = super()._else(node, key)
        return self._conditional(node, name) if conditional(node) else name

    def _conditional(self, node: s.Expr, name: str) -> str:
        """Note where there is no value; the interpreter finds out why."""
        self.lines.append(f"if {name} != {name}: bad |= {self.bit('conditional', node)}")
        return name

    def in_unit(self, unit: str) -> str:
        bit = self.bit("unit", unit)
        name = f"in_unit{bit}"
        self.head += [f"{name} = unit_is(r, {unit!r})", f"if not {name}: bad |= {bit}"]
        return name

    def in_currency(self, currency: str) -> str:
        bit = self.bit("currency", currency)
        self.head.append(f"if currency != {currency!r}: bad |= {bit}")
        return f"currency == {currency!r}"

    def interpreted(self, node: s.Expr, key: Any) -> str:
        constant = f"node{len(self.names)}"
        self.names[constant] = node
        bit = self.bit("interpreted", node)
        self.head.append("interpreter = interpreter_for(as_of)")
        name = self.fresh(key)
        raw = self.raw[name] = f"raw_{name}"
        nothing = "nan" if node.type.kind in (*_NUMBERS, "date") else "None"
        self.lines += [
            f"{raw} = interpreter.value({constant}, r)",
            f"{name} = {nothing} if {raw}.__class__ is Nothing else {raw}",
            f"if {raw}.__class__ is Nothing or {raw}.__class__ is Bounds: bad |= {bit}",
        ]
        return name

    def not_set(self, node: s.Expr) -> str:
        """Return Python code that is true where an open condition or an absent value follows from an unmade setting.

        A condition inside another may be decided although it reads such a setting, so the code tests that, too.
        """
        if isinstance(node, (s.Literal, s.Choices, s.Known)):
            return ""
        if isinstance(node, s.Name):
            return self._name_not_set(node)
        if isinstance(node, s.Aggregate):
            return f"{self.raw[self.value(node)]} is NOT_SET"
        if isinstance(node, s.Else):
            left, right = self._part_not_set(node.left), self._part_not_set(node.right)
            return f"({left} and {right})" if left and right else ""
        codes = [code for child in s.children(node) if (code := self._part_not_set(child))]
        return f"({' or '.join(codes)})" if codes else ""

    def _part_not_set(self, node: s.Expr) -> str:
        code = self.not_set(node)
        if not code or node.type.kind != "truth" or isinstance(node, (s.Name, s.Aggregate)):
            return code
        return f"(not {self.true(node)} and not {self.false(node)} and {code})"

    def _name_not_set(self, node: s.Name) -> str:
        if not node.about:
            return ""
        if node.parents or node.level:
            return f"{self.raw[self.value(node)]} is NOT_SET"
        definition = self.catalogue.definition(node.about, node.name)
        if definition is not None:
            return self._formula_not_set(node, definition)
        if not self.catalogue.optional(node.about, node.name):
            return ""
        self.value(node)
        return f"bad & {self.bit('fact', node.name)}"

    def _formula_not_set(self, node: s.Name, definition: s.Expr) -> str:
        key = ("not set", node.name)
        if key not in self.variables:
            code = self._part_not_set(definition)
            self.variables[key] = self.let(key, code) if code else ""
        return self.variables[key]


class Holding(Careful):
    """Generates code that finds only which checks hold and how severe they are: no values, no undetermined entries."""

    def _check(self, check: Check) -> list[str]:
        rows = [f"out.append({(check.id, step.severity)!r})" for step in check.steps]
        return _branches("if", map(self.true, conditions(check)), rows)


def _inexact(assignment: str) -> str:
    name = assignment.partition(" ")[0]
    return f"if {name} > {EXACT_IN_FLOATS} or {name} < -{EXACT_IN_FLOATS}: {GIVE_UP}"


def _leaf(node: s.Expr) -> bool:
    return not isinstance(node, (s.Logic, s.Not))


def _leaves(node: s.Expr) -> Iterator[s.Expr]:
    """Yield the conditions that `and`, `or` and `not` join."""
    if _leaf(node):
        yield node
    else:
        for child in s.children(node):
            yield from _leaves(child)


def _branches(word: str, conditions: Iterable[str], rows: Iterable[str]) -> list[str]:
    """Generate branches: the first condition that holds gives its row."""
    pairs = enumerate(zip(conditions, rows, strict=True))
    return [f"{'elif' if rank else word} {condition}: {row}" for rank, (condition, row) in pairs]


def _undecided(falses: list[str], unset: list[str]) -> str:
    """Python code that is true where a condition is unknown: not certainly false, nor due to an unmade setting.

    The branch is reached only if no condition is certainly true.
    """
    pairs = dict.fromkeys(zip(falses, unset, strict=True))
    return " or ".join(f"not {false} and not {code}" if code else f"not {false}" for false, code in pairs)
