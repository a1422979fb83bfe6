"""Whatever people see is in the locales: the code holds no Chinese, and no English sentence where it would be shown."""

from __future__ import annotations

import ast
import builtins
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from coopgov.locales import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(coopgov.__file__).parent

READ = {
    "analysis/ignores.py": "comments in rule files may have full-width marks",
    "cli/commands/check.py": "full-width `@` and `/` in arguments",
    "cli/view.py": "a full stop that a label may end with",
    "cli/wrapping.py": "characters at which a line can break",
    "connect/workbooks/headers.py": "full-width parentheses in titles",
    "connect/workbooks/several.py": "full-width separators and signs, and words between two days, in cells",
    "connect/workbooks/values.py": "full-width separators in cells",
    "explanation/change_sentences.py": "a full stop that a label may end with",
    "homophones.py": "characters that sound alike, for comparison",
    "hints.py": "what people write instead of what a field accepts",
    "language/other_spelling.py": "what people write instead of the words of the language",
    "language/tokens.py": "what people write instead of the symbols of the language",
    "languages.py": "names of languages, as people write them",
    "locales/__init__.py": "characters between which a space is put, or none",
    "model/evaluation.py": "a full-width percent sign",
    "model/money.py": "symbols of currencies, as people write them",
    "numerals.py": "numerals, as people write them",
    "notify/markdown.py": "full-width forms of characters that begin something in Markdown",
    "imports/dates.py": "days as other systems write them",
    "imports/values.py": "units of estimates in other systems",
    "imports/zentao.py": "columns and statuses of 禅道",
    "portfolio/dates.py": "morning and afternoon in the cells of tables",
    "reports/document.py": "the brackets that mark a blank in every language",
    "rules/entry_fields.py": "a full-width dash in a decision table",
    "reports/templates/words.py": "the brackets that mark a blank in every language",
    "rules/messages.py": "full-width braces around placeholders",
    "rules/table_rows.py": "full-width commas between names",
    "safe_text.py": "a character without width",
    "schema/countries.py": "names of countries, as people write them",
    "schema/quantities.py": "a full-width percent sign",
    "schema/scalars.py": "full-width commas between values",
    "source/full_width.py": "full-width blanks",
    "source/full_width_marks.py": "full-width marks and their ASCII forms",
    "source/read.py": "a full-width colon after the first key",
    "synonyms.py": "traditional characters and their simplified forms, for comparison",
    "testing/conformance/generated.py": "a unit that nobody has defined",
    "testing/stores/cases_checks.py": "texts of examples",
    "testing/stores/outbox_checks.py": "texts of examples",
    "testing/stores/steps.py": "texts of examples",
    "testing/strategies/expressions.py": "a unit that nobody has defined",
    "testing/strategies/records.py": "texts and units of examples",
    "testing/strategies/rule_files.py": "texts of examples",
    "testing/strategies/scalars.py": "texts and ids of examples",
    "testing/strategies/targets.py": "a unit that nobody has defined",
    "schema/forms.py": "forms of days, spans and amounts, as people write them",
}
"""Modules with Chinese characters or full-width marks that are read, tried or compared, but not shown."""

SHOWN = (
    "assessment",
    "charts",
    "cli",
    "explanation",
    "fault_codes.py",
    "locales",
    "pages",
    "reports",
    "simulation",
)
"""Where every English sentence would be shown: these parts have no other use for one."""
MARKUP = re.compile(r"""[<>="#;\\]|^[A-Z]|^pt, """)
"""What the writers of reports hold instead of sentences: tags, styles, and names of fonts and of styles."""
SAME = {
    "not applicable": "an outcome, as data names it",
    "<!-- Written by coopgov rules doc. Change the rules, not this file. -->": "marks a file as written by coopgov",
    "coopgov ": "the name of the program",
    "coopgov: ": "the name of the program",
    "Cannot overwrite": "what the parser of TOML says",
    r" \(at line (\d+), column (\d+)\)$": "where the parser of TOML says it",
    "${8:1 month}": "a value of an agreement, which editors insert",
    "above $6": "a band of a rule, which editors insert",
    "'Noto Sans'": "a font",
    "'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei'": "fonts",
    "'Noto Sans CJK TC', 'Noto Sans TC', 'PingFang TC', 'Microsoft JhengHei'": "fonts",
}
"""English texts in those parts that are the same in every language, and why."""
FAULTS = (
    "Defect",
    "Fault",
    "NotExpressible",
    "Reject",
    "_Wrong",
    "_at",
    "_at_value",
    "_defect",
    "_fail",
    "_fail_at",
    "_fault",
    "an_instance",
    "defect",
    "each",
    "fail",
    "fault",
    "fault_at",
    "foreign",
    "problem",
    "refused",
    "table_fault",
    "wrong_usage",
)
"""What makes faults, and expectations of arguments, of their texts; exceptions do as well."""
_PARTS = {"found", "expected", "hint"}
"""The parts of a fault, as variables are called that hold one."""
NOT_YET: tuple[str, ...] = ()
"""Packages whose faults still hold English sentences; each is taken off the list when it is converted."""

QUERIES = {
    ("portfolio/newest.py", "SELECT newest, number FROM rows WHERE key = ?"),
    ("imports/jira.py", "Custom field (Epic Name)"),  # a column of Jira
}
"""Texts for a database, which a variable of such a name happens to hold."""

ENGLISH = texts("en")
_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_QUOTED = re.compile(r"`[^`]*`")
_SENTENCE = re.compile(r"[A-Za-z]{2,}[.,:;]? |\s[A-Za-z]{2,}")
"""A word and a space beside it; what is in back quotes is code."""


def _chinese(tree: ast.Module) -> Iterator[str]:
    """The texts with Chinese characters or full-width marks."""
    return (each.value for each in _texts(tree) if _CHINESE.search(each.value))


def _english(tree: ast.Module, *, faults: bool) -> Iterator[str]:
    """The English sentences among the arguments of what makes faults, or those everywhere else."""
    nodes = list(ast.walk(tree))
    of_faults = {each for node in nodes for part in _fault_parts(node) for each in ast.walk(part)}
    compared = {
        each for node in nodes if isinstance(node, ast.Compare) for each in (node.left, *node.comparators)
    }
    for each in _texts(tree):
        if each in compared or f"errors.sorts.{each.value.replace(' ', '-')}" in ENGLISH:
            continue
        if (each in of_faults) is faults and _SENTENCE.search(_QUOTED.sub("", each.value)):
            yield each.value


def _texts(tree: ast.Module) -> Iterator[Any]:
    """The constants that are texts; docstrings are none of the library's, and a `repr` is for developers."""
    nodes = list(ast.walk(tree))
    reprs = (each for each in nodes if isinstance(each, ast.FunctionDef) and each.name == "__repr__")
    others = {each.value for each in nodes if isinstance(each, ast.Expr)}
    others.update(node for each in reprs for node in ast.walk(each) if isinstance(node, ast.expr))
    for each in nodes:
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and each not in others:
            yield each


def _fault_parts(node: ast.AST) -> Iterator[ast.AST]:
    """The arguments of a call that makes a fault, or the value of a variable that holds a part of one."""
    if isinstance(node, ast.Call) and _makes_faults(node.func):
        yield from (*node.args, *node.keywords)
    elif isinstance(node, ast.keyword) and node.arg in _PARTS:
        yield node.value
    elif isinstance(node, ast.Assign):
        names = {
            each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)
        }
        if names & _PARTS:
            yield node.value


def _makes_faults(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in FAULTS or (name.endswith("Error") and not hasattr(builtins, name))


def _modules(*parts: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not parts or name.startswith(parts):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def test_the_code_holds_no_chinese_that_is_shown() -> None:
    """Chinese characters are only where they are read, and every reason is still needed."""
    assert {name for name, tree in _modules() if any(_chinese(tree))} == set(READ)


def test_what_shows_texts_holds_no_english_sentence() -> None:
    """Parts that print, draw or word something take their texts from the locales."""
    found = {
        (name, text)
        for name, tree in _modules(*SHOWN)
        for text in _english(tree, faults=False)
        if not (name.startswith("reports/writers/") and MARKUP.search(text))
    }
    assert sorted((name, text) for name, text in found if text not in SAME) == []
    assert {text for _, text in found} == set(SAME)


def test_faults_hold_no_english_sentence() -> None:
    """What was found, what was expected and hints are phrases, whose texts are in the locales."""
    found = {(name, text) for name, tree in _modules() for text in _english(tree, faults=True)}
    assert sorted(found - QUERIES - {each for each in found if each[0].partition("/")[0] in NOT_YET}) == []


@pytest.mark.parametrize(
    "code",
    [
        'problem("not-a-date", "nothing", "a day of the calendar")',
        'raise FactError("a-code", f"{count} more than allowed", phrase("facts.few"))',
        'Fault(place, code, found, expected=verbatim("one of") if many else last)',
        'expected = "a number" + unit',
        'found, width = f"the key {key}", 3',
        'source.table_fault(place, hint=", ".join([f"{each} or more" for each in few]))',
    ],
)
def test_a_sentence_in_a_fault_is_found(code: str) -> None:
    """Directly, in an f-string, in a part of an expression, in a variable, and under any prefix."""
    tree = ast.parse(code)
    assert len(list(_english(tree, faults=True))) == 1
    assert list(_english(tree, faults=False)) == []


@pytest.mark.parametrize(
    "code", ['write(f"{number} rules")', 'yield label("not to scale", 1)', '_WORDS = {"more": "… and more"}']
)
def test_a_sentence_that_is_shown_is_found(code: str) -> None:
    """In a call, and in a table beside it."""
    assert len(list(_english(ast.parse(code), faults=False))) == 1


@pytest.mark.parametrize("code", ['write("没有预警")', 'colon = f"{name}：{text}"'])
def test_chinese_in_code_is_found(code: str) -> None:
    """Characters, and full-width marks between other texts."""
    assert len(list(_chinese(ast.parse(code)))) == 1


def test_keys_code_and_docstrings_are_no_sentences() -> None:
    """Neither a key of the locales, nor code in back quotes, nor a sort of names, nor what explains the code."""
    tree = ast.parse(
        '"""Say what was found. 说明。"""\n'
        'problem("not-a-date", phrase("schema.not-a-date.found"), verbatim("`at least`"))\n'
        'raise UnknownNameError("type of subject", about)\n'
        'LIMIT = 3\n"""The most that is read."""\n'
        'raise ValueError("not a fault of a user")\n'
    )
    assert list(_chinese(tree)) == []
    assert list(_english(tree, faults=True)) == []
    assert list(_english(tree, faults=False)) == ["not a fault of a user"]
