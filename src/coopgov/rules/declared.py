"""Checks the other declarations of rule files: facts, the host's own subject types, parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.errors import ExpressionError, FollowingError
from coopgov.facts.catalogue import Catalogue, Fact, SubjectType
from coopgov.faults import NO_HINT, did_you_mean
from coopgov.language import syntax as s
from coopgov.language.parser import parse
from coopgov.language.tokens import code
from coopgov.language.type_check import check
from coopgov.language.types import DATE, MONEY, NUMBER, TEXT, TRUTH, Type
from coopgov.language.units import unit_named
from coopgov.language.words import KEYWORDS
from coopgov.locales import phrase, verbatim
from coopgov.rules.rule import Parameter
from coopgov.schema import expression_defect, fault_of, quoted
from coopgov.source import Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.faults import Fault
    from coopgov.locales import Phrase
    from coopgov.rules.merge import Merged
    from coopgov.rules.schema import FactEntry
    from coopgov.rules.source import Field

__all__ = ["expression_fault", "extended_catalogue", "parameters", "report", "type_named"]

_WORDS = {
    "date": DATE,
    "text": TEXT,
    "true/false": TRUTH,
    "truth": TRUTH,
    "money": MONEY,
    "count": NUMBER,
    "number": NUMBER,
}
_NAME = re.compile(r"[^\W\d]\w*")


def expression_fault(place: Field, error: ExpressionError, *below: str) -> Fault:
    """Turn an error in an expression into a fault at its place in the file."""
    return fault_of(place.source.document, expression_defect(error, (*place.path, *below)))


def report(merged: Merged, field: Field, error: ExpressionError, *below: str) -> None:
    """Add the fault of an expression, unless it merely follows from a fault that is reported elsewhere."""
    if not isinstance(error, FollowingError):
        merged.faults.append(expression_fault(field, error, *below))


def type_named(name: str) -> Type:
    """Return the type for a name in a rule file: `date`, `text`, `truth`, `money`, `count`, `%` or a unit."""
    known = _WORDS.get(name)
    if known is not None:
        return known
    unit = unit_named(name)
    return MONEY if unit.dimension == "money" else Type("quantity", unit.name)


def extended_catalogue(base: Catalogue, merged: Merged, values: Mapping[str, Parameter]) -> Catalogue:
    """Add the files' own facts and subject types to the catalogue; formulas are checked at once."""
    types = [SubjectType(name) for name in merged.subjects]
    facts: list[Fact] = []
    for name, field in merged.subjects.items():
        if name in base.subject_types:
            expected = phrase("rules.duplicate.subject")
            merged.faults.append(
                field.source.fault(field.path, "duplicate-subject", quoted(name), expected, key=True)
            )
            continue
        for fact, kind in field.value.items():
            _check_name(merged, field, fact, (fact,), key=True)
            facts.append(Fact(fact, name, "", type_named(kind)))
    known = {**base.subject_types, **{subject.name: subject for subject in types}}
    for field in merged.facts.values():
        facts += _fact(merged, field, known, base)
    catalogue = base.extended(types, facts, {name: each.value for name, each in values.items()})
    circles: set[frozenset[str]] = set()
    for (about, name), field in merged.facts.items():
        _check_formula(merged, field, catalogue, about, name, circles)
    return catalogue


def _fact(merged: Merged, field: Field, known: dict[str, SubjectType], base: Catalogue) -> list[Fact]:
    entry: FactEntry = field.value
    if entry.about not in known:
        hint = did_you_mean(entry.about, known)
        where = (*field.path, "about")
        expected = phrase("rules.unknown-subject.expected")
        merged.faults.append(
            field.source.fault(where, "unknown-subject", quoted(entry.about), expected, hint)
        )
        merged.broken.add(entry.name)
        return []
    _check_name(merged, field, entry.name, ("name",))
    built_in = base.facts.get((entry.about, entry.name)) or base.named.get((entry.about, entry.name))
    if built_in is not None and built_in.type is not None and not built_in.custom:
        where = (*field.path, "name")
        expected = phrase("rules.duplicate.base-fact")
        merged.faults.append(field.source.fault(where, "duplicate-fact", quoted(entry.name), expected))
        return []
    kind = type_named(entry.type) if entry.type else None
    formula, means = entry.formula or "", str(entry.means or "")
    return [Fact(entry.name, entry.about, means, kind, formula, custom=kind is not None)]


def _check_name(
    merged: Merged, field: Field, name: str, below: tuple[str, ...] = (), *, key: bool = False
) -> None:
    if not _NAME.fullmatch(name) or name in KEYWORDS or name in ("as_of", "warnings"):
        plain = name.replace("-", "_")
        expected = phrase("rules.bad-name.expected")
        hint = phrase("hints.write", text=plain) if plain != name else NO_HINT
        merged.broken |= {name, plain}
        merged.faults.append(
            field.source.fault((*field.path, *below), "bad-name", quoted(name), expected, hint, key=key)
        )


def _check_formula(
    merged: Merged, field: Field, catalogue: Catalogue, about: str, name: str, circles: set[frozenset[str]]
) -> None:
    if (about, name) not in catalogue.facts or catalogue.facts[about, name].type is not None:
        return
    try:
        definition = catalogue.definition(about, name)
    except ExpressionError as error:
        circle = frozenset(error.found.split(" → ")) if error.code == "fact-circle" else frozenset()
        if circle not in circles:
            report(merged, field, error, "is")
        circles |= {circle} if circle else set()
        return
    names = (node for node in s.walk(definition) if isinstance(node, s.Name)) if definition else ()
    read = next((node for node in names if node.name == "warnings"), None)
    if read is not None:
        found, expected = code(read.name), phrase("rules.warnings-in-fact.expected")
        wrong = ExpressionError("warnings-in-fact", found, expected, start=read.start, end=read.end)
        merged.faults.append(expression_fault(field, wrong, "is"))


def parameters(merged: Merged, catalogue: Catalogue) -> dict[str, Parameter]:
    """Check parameters: each must be a literal of the type that it was first declared with."""
    found: dict[str, Parameter] = {}
    for name, field in merged.parameters.items():
        _check_name(merged, field, name, key=True)
        value = _literal(merged, field, catalogue)
        declared = merged.declared[name]
        if value is None:
            merged.broken.add(name)
            continue
        first = value if declared is field else _literal(merged, declared, catalogue)
        if first is not None and not _alike(first, value):
            written = declared.value.value
            expected = phrase("rules.parameter.type", type=first.type.words, default=written)
            merged.faults.append(_at_value(field, "unit-mismatch", expected))
            value = first  # so that the parameter has this fault only
        found[name] = Parameter(name, field.value.value, declared.value.value, value, declared.value.means)
    return found


def _literal(merged: Merged, field: Field, catalogue: Catalogue) -> s.Literal | None:
    try:
        value = check(parse(field.value.value), "agreement", catalogue)
    except ExpressionError as error:
        if not any(fault.place == expression_fault(field, error).place for fault in merged.faults):
            merged.faults.append(_placed(field, error))
        return None
    if isinstance(value, s.Literal):
        return value
    merged.faults.append(_at_value(field, "not-a-literal", phrase("rules.parameter.not-a-literal")))
    return None


def _alike(a: s.Literal, b: s.Literal) -> bool:
    if a.type.kind == "quantity" and b.type.kind == "quantity":
        return unit_named(a.type.unit).dimension == unit_named(b.type.unit).dimension
    return a.type.kind == b.type.kind and a.type.percent == b.type.percent


def _placed(field: Field, error: ExpressionError) -> Fault:
    below = () if isinstance(field.source.document.find(field.path), Scalar) else ("is",)
    return expression_fault(field, error, *below)


def _at_value(field: Field, code: str, expected: Phrase) -> Fault:
    below = () if isinstance(field.source.document.find(field.path), Scalar) else ("is",)
    return field.source.fault((*field.path, *below), code, verbatim(field.value.value), expected)
