"""Find texts in conditions that are nearly standard words, or displayed names where agreements have ids and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.scope import fault_at, finding
from coopgov.language import syntax as s
from coopgov.locales import phrase
from coopgov.rules.expanded import RowField
from coopgov.schema import quoted
from coopgov.synonyms import canonical, misspelt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.scope import Scope
    from coopgov.facts import Catalogue
    from coopgov.finding import Finding
    from coopgov.language.syntax import Expr
    from coopgov.rules import Rule
    from coopgov.rules.source import Field

    _Compared = tuple[s.Name, s.Literal]

__all__ = ["words"]


def words(scope: Scope) -> Iterator[Finding]:
    """The findings about texts in the conditions of the file's rules that no value, or hardly any, will equal."""
    for rule in scope.own:
        for field, node in _expressions(rule):
            if not scope.owns(field):
                continue
            for fact, literal in _compared(node):
                yield from _about(fact, literal, field, scope.rules.catalogue, rule.id)


def _expressions(rule: Rule) -> Iterator[tuple[Field, Expr]]:
    """The expressions of a rule, each with the field where it is written."""
    check = rule.check
    for key, node in (("where", check.where), ("measure", check.measure), ("ends", check.ends)):
        if node is not None and key in rule.fields:
            yield rule.fields[key], node
    when = rule.fields.get("when")
    if when is not None and when.value is not None:
        yield from ((when, step.condition) for step in check.steps[:1])


def _compared(node: Expr) -> Iterator[_Compared]:
    """The facts of texts in an expression, with the literals that they are compared with."""
    for part in s.walk(node):
        if isinstance(part, (s.Equal, s.NotEqual)):
            pairs = [(part.left, part.right), (part.right, part.left)]
        elif isinstance(part, s.In):
            items = part.right.items if isinstance(part.right, s.Choices) else ()
            pairs = [*((part.left, item) for item in items), (part.right, part.left)]
        else:
            continue
        for fact, literal in pairs:
            if isinstance(fact, s.Name) and isinstance(literal, s.Literal) and isinstance(literal.value, str):
                yield fact, literal


def _about(
    fact: s.Name, literal: s.Literal, field: Field, catalogue: Catalogue, rule: str
) -> Iterator[Finding]:
    text, known = str(literal.value), catalogue.fact(fact.about, fact.name)
    part = None if isinstance(field, RowField) else literal  # a row joins the texts of several cells
    if known is not None and known.holder:
        meant = canonical(text, "role") or canonical(misspelt(text, "role") or "", "role")
        if meant in (None, text) or _is_id(text):
            return
        code, hint = "synonym-of-holder", phrase("hints.write-code", text=f'"{meant}"')
        expected = phrase("analysis.synonym-of-holder.expected", fact=fact.name)
    else:
        near = misspelt(text, fact.type.group) if fact.type.group else None
        if near is None:
            return
        code, hint = "misspelt-text", phrase("hints.write-code", text=f'"{near}"')
        expected = phrase("analysis.misspelt-text.expected", word=quoted(near))
    yield finding(fault_at(field, code, quoted(text), expected, hint, part=part), rule)


def _is_id(text: str) -> bool:
    """Whether a word is probably an id of its author: `pm` can be any member."""
    return text.isascii() and text == text.lower() and " " not in text
