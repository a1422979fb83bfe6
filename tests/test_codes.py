"""Every fault code in the source has a sentence in the locales, every finding code a page, and vice versa."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from coopgov.analysis.finding_codes import agreement_finding_codes, finding_codes
from coopgov.fault_codes import fault_codes
from coopgov.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TABLES: tuple[Mapping[str, Any], ...] = (fault_codes(), agreement_finding_codes(), finding_codes())
SOURCE = Path(coopgov.__file__).parent
TOLD_BY = {
    "ExpressionError": (0,),
    "Fault": (1,),
    "Defect": (1,),
    "_at": (1,),
    "_at_value": (1,),
    "_fail": (1,),
    "_unusable": (1,),
    "_fail_at": (1,),
    "_fault": (1, 2),
    "_defect": (1,),
    "defect": (1,),
    "_Wrong": (0,),
    "fail": (1,),
    "fault": (1,),
    "fault_at": (1,),
    "problem": (0,),
    "refused": (1,),
    "_refused": (0,),
    "mapping_fault": (2,),
}
"""The functions that report faults, and the positions of the code among their arguments."""
_CODE = re.compile(r"[a-z]+(?:-[a-z]+)*")


def test_codes_are_those_of_the_source() -> None:
    """A new code needs a sentence or a page; a sentence or page needs a code."""
    used = {
        code for path in SOURCE.rglob("*.py") for code in _codes(ast.parse(path.read_text(encoding="utf-8")))
    }
    faults, agreement_findings, findings = map(set, TABLES)
    assert used - findings == faults | agreement_findings
    assert len(faults | agreement_findings | findings) == sum(map(len, TABLES))


def test_every_page_of_a_finding_is_of_a_code_of_the_source() -> None:
    """The code is written out somewhere in the analysis."""
    written = {
        text
        for path in (SOURCE / "analysis").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.expr)
        for text in _text(node)
    }
    assert set(finding_codes()) - written == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_are_in_order_and_have_a_sentence(language: str) -> None:
    """The table is sorted, and each entry is a sentence, in every language."""
    codes = fault_codes(language)
    assert list(codes) == sorted(codes)
    sentence = re.compile(r"[A-Z`].+\." if language == "en" else r".*[\u4e00-\u9fff].*。")
    wrong = [code for code, text in codes.items() if not (_CODE.fullmatch(code) and sentence.fullmatch(text))]
    assert wrong == []


def _codes(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node, tree)
        elif isinstance(node, ast.Assign):
            yield from _of_assignment(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _of_default(node)


def _of_call(node: ast.Call, tree: ast.Module) -> Iterator[str]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    given = [node.args[at] for at in TOLD_BY.get(name, ()) if at < len(node.args)]
    given += [each.value for each in node.keywords if each.arg == "code"]
    for each in given:
        if isinstance(each, ast.JoinedStr):
            yield from _of_pattern(each, tree)
        else:
            yield from _text(each)


def _of_pattern(node: ast.JoinedStr, tree: ast.Module) -> Iterator[str]:
    """`f"unknown-{sort}"` gives a code for each sort with which `_unknown` is called."""
    head = node.values[0]
    if isinstance(head, ast.Constant) and head.value == "unknown-":
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_unknown":
                yield from (f"unknown-{sort}" for sort in _text(call.args[0]))


def _of_assignment(node: ast.Assign) -> Iterator[str]:
    """`code = "…"`, also as the first of several."""
    for target in node.targets:
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for name, value in zip(names, values, strict=False):
            if getattr(name, "id", "") == "code":
                yield from _text(value)


def _of_default(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """A parameter `code: str = "…"`."""
    arguments = node.args.posonlyargs + node.args.args
    for argument, default in zip(reversed(arguments), reversed(node.args.defaults), strict=False):
        if argument.arg == "code":
            yield from _text(default)


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
        yield node.value
