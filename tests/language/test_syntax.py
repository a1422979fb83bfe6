"""The nodes of expressions: each class can be written, and no reader passes over one in silence."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

import coopgov
from coopgov.language import parse
from coopgov.language import syntax as s
from coopgov.testing import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SOURCE = Path(coopgov.__file__).parent
WRITTEN: Mapping[type[s.Expr], str] = s.by_class(
    literal="5 days",
    choices='kind in ["delay"]',
    name="delay",
    negative="-delay",
    not_="not late",
    known="delay is known",
    add="a + b",
    subtract="a - b",
    multiply="a * b",
    divide="a / b",
    else_="a else b",
    above="a above b",
    below="a below b",
    at_least="a at least b",
    at_most="a at most b",
    equal="a is b",
    not_equal="a is not b",
    in_="a in kinds",
    between="a between b and c",
    and_="a and b",
    or_="a or b",
    call="max(a, b)",
    aggregate="count(tasks where late)",
)
OPEN = {
    "analysis/logic/facts.py:_choose": "the search tries the forms that it can turn round, and finds nothing in others",
    "analysis/logic/linear_terms.py:_reach": "any other expression can be every number",
    "analysis/logic/linear_terms.py:_sum": "any other expression is one quantity",
    "analysis/logic/random_facts.py:record": "the nodes are those of a walk over all parts",
    "analysis/logic/solver.py:term": "any other expression is a variable",
    "analysis/logic/tolerances.py:_quantities": "any other expression is one quantity",
    "assessment/figures.py:compared": "only comparisons and ranges have a threshold",
    "assessment/texts.py:margin_figure": "any other band has no margin",
    "backends/durable_rules/lowering.py:_spoken": "any other expression has no short name",
    "backends/durable_rules/lowering.py:both": "any other condition is computed by the interpreter",
    "backends/python/codegen.py:_arithmetic": "all but quotients and steps have a sign in a table",
    "backends/python/three_valued.py:_possible": "any other condition is decided as a whole",
    "charts/bands.py:condition_text": "any other band is shown as written",
    "explanation/sentences.py:_to_go": "any other band has no margin",
    "explanation/tree.py:_worth_showing": "any other part says more than its text",
    "language/dependencies.py:reads_of": "the nodes are those of a walk over all parts",
    "language/fold.py:fold": "what is no arithmetic is not folded",
    "language/residual.py:_placed": "any other class is an operation on its parts",
    "language/printer.py:_print": "mypy makes sure that what is left is a condition",
    "language/type_check.py:_step": "the parameter is a sum or a difference",
    "charts/ladder.py:_piece": "any other band has no place on an axis",
    "rules/clearing.py:_ranges": "any other condition has no range of values",
    "rules/incremental.py:_read": "the nodes are those of a walk over all parts",
    "rules/ladder.py:step_of": "any other band has no threshold",
    "testing/mutation/edits.py:_figures": "figures in anything else do not decide a comparison alone",
    "testing/mutation/edits.py:_holds": "an edit of a comparison is a comparison, or two joined by `and`",
    "testing/properties/boundaries.py:_holds": "any other condition is computed by the interpreter",
    "testing/properties/monotone.py:_direction": "any other band has no direction",
    "testing/rule_tests/coverage.py:_leaves": "any other condition is a leaf",
}
"""Readers for which every class that they do not name is the same, and why."""
UNIONS = {"Arithmetic", "Binary", "Comparison", "Condition", "Logic"}
CLASSES = UNIONS | {kind.__name__ for kind in get_args(s.Expr)}


def test_a_table_by_class_has_every_class() -> None:
    """A class that is added to the union must be added to the tables."""
    assert set(WRITTEN) == set(get_args(s.Expr))
    assert set(s.by_comparison(above=1, below=1, at_least=1, at_most=1, equal=1, not_equal=1)) == set(
        get_args(s.Comparison)
    )
    assert set(s.by_arithmetic(add=1, subtract=1, multiply=1, divide=1)) == set(get_args(s.Arithmetic))


@pytest.mark.parametrize("kind", get_args(s.Expr), ids=lambda kind: kind.__name__)
def test_every_class_can_be_written(kind: type[s.Expr]) -> None:
    """No class is out of reach of the parser."""
    assert kind in {type(node) for node in s.walk(parse(WRITTEN[kind]))}


def test_every_class_is_in_the_corpus() -> None:
    """So that each backend is held to what a new class means."""
    found = {type(node) for row in corpus() for node in s.walk(parse(row.text))}
    assert set(get_args(s.Expr)) - found == set()


def test_no_reader_passes_over_a_class_in_silence() -> None:
    """A function that decides by the class of a node knows all, walks the parts of others, or has a reason above."""
    found = {f"{path}:{name}" for path, tree in _modules() for name in _silent(tree)}
    assert found - set(OPEN) == set()
    assert set(OPEN) - found == set()


def test_no_table_leaves_classes_out() -> None:
    """Tables by class are made by functions that ask for every class.

    Others have keys of a part, and say so by type.
    """
    found = {
        f"{path}:{node.lineno}"
        for path, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict) and len([key for key in node.keys if key and _classes(key)]) > 1
    }
    allowed = {
        "language/syntax.py",  # the functions that make tables
        "testing/mutation/edits.py",  # comparisons that include or exclude their figure
        "backends/durable_rules/lowering.py",  # the comparisons that have an order; equality is made of them
        "backends/columnar/comparisons.py",  # the same
        "analysis/logic/evaluators.py",  # names of functions, too
        "analysis/logic/semantics.py",  # which bound decides: both, where it does not say
    }
    assert {each.partition(":")[0] for each in found} <= allowed, found


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "syntax" in text:
            yield path.relative_to(SOURCE).as_posix(), ast.parse(text)


def _silent(tree: ast.Module) -> Iterator[str]:
    """The functions that ask for several classes of a node, without `assert_never` and without its parts."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        called = {_name(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
        asked: dict[str, set[frozenset[str]]] = {}
        for subject, classes in _questions(function):
            asked.setdefault(subject, set()).add(classes)
        if not called & {"assert_never", "children", "walk", "rebuilt"}:
            # two questions about one class and a part of it, such as `and` within logic, are no dispatch
            yield from {function.name for classes in asked.values() if len(_apart(classes)) > 1}


def _apart(classes: set[frozenset[str]]) -> set[frozenset[str]]:
    return {each for each in classes if not any(_members(each) < _members(other) for other in classes)}


def _members(names: frozenset[str]) -> frozenset[str]:
    kinds = [getattr(s, name) for name in names]
    return frozenset(member.__name__ for kind in kinds for member in (get_args(kind) or (kind,)))


def _questions(function: ast.FunctionDef) -> Iterator[tuple[str, frozenset[str]]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _name(node.func) == "isinstance" and _classes(node.args[1]):
            yield ast.unparse(node.args[0]), _classes(node.args[1])
        elif isinstance(node, ast.Match):
            for case in node.cases:
                if _classes(case.pattern):
                    yield ast.unparse(node.subject), _classes(case.pattern)


def _classes(node: ast.AST) -> frozenset[str]:
    names = (_name(part) for part in ast.walk(node))
    owned = (isinstance(part, ast.Attribute) and ast.unparse(part.value) == "s" for part in ast.walk(node))
    return frozenset(name for name, own in zip(names, owned, strict=True) if own and name in CLASSES)


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
