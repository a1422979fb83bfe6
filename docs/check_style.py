"""Look for wording that the style page asks to avoid, in pages, docstrings, messages and help.

Exit with 1 if there is any.

`python docs/check_style.py [FILE …]` checks some files, or everything: Markdown outside of code, texts and docstrings
of Python, docstrings of tests, texts of YAML.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
STYLE = ROOT / "docs" / "explanation" / "style.md"
AVOID = {
    r"\btold\b": "reported, shown",
    r"\btells\b": "reports, shows, says",
    r"\bstands\b(?! in for\b| in:)": "is",
    r"\b(?:which|that|what) stand\b": "are",
    r"\bhardly meant\b": "probably a mistake",
    r"\bthemselves are looked at\b": "are checked",
    r"\b(?:without|no|between|of) blanks?\b": "spaces",
    r"\ba signs? of\b(?! the times)": "a symbol of",
    r"\bcalled like\b": "has the same name as",
    r"\bbe otherwise\b": "change, differ",
    r"\bto be let be\b": "suppressed",
    r"\ba house (?:that|which)\b": "an organisation that",
    r"\b(?:he|him|himself)\b": "it, they",
    r"\bof ours\b": "of coopgov",
    r"\btimes? of the processor\b": "CPU time",
    r"\btimes and more\b": "more than 10×",
    r"\b(?:is|was|were|are) to be expected\b": "expected",
    r"\bthat there (?:is|are) not\b": "that does not exist",
    r"\bas (?:it|they) stands? in JSON\b": "as JSON",
    r"\bhow grave\b": "how severe",
    r"\bcomes? of\b": "comes from, follows from",
    r"\bread off the\b": "read from the",
    r"\bworked out of\b": "computed from",
    r"\b(?:of|in) no unit\b": "without a unit",
    r"\bthat can be meant\b": "possible",
    r"\bone advice\b": "one recommendation",
    r"\b(?:its|the) data are there\b": "its data are present",
}
_PATTERN = re.compile("|".join(f"(?:{pattern})" for pattern in AVOID), re.IGNORECASE)
_CODE = re.compile(r"^( *)(```|~~~).*?^\1\2[ ]*$|`[^`\n]*`|<!--.*?-->", re.MULTILINE | re.DOTALL)
_WORDS = re.compile(r"[a-z]+ [a-z]+ [a-z]+", re.IGNORECASE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each place, the words found there, and what to write instead; return 1 if there is one."""
    names = sys.argv[1:] if arguments is None else arguments
    files = [Path(name).resolve() for name in names] or [*_files()]
    found = [line for file in files if file != STYLE for line in check(file)]
    print("\n".join(found) or f"{len(files)} files: nothing to avoid")
    return int(bool(found))


def check(file: Path) -> Iterator[str]:
    """The places of a file with wording to avoid, one a line."""
    for line, text in _texts(file):
        for match in _PATTERN.finditer(text):
            at = line + text.count("\n", 0, match.start())
            yield f"{file.relative_to(ROOT)}:{at}: “{match.group()}”: write {advice(match.group())}"


def advice(found: str) -> str:
    """What to write instead of some words."""
    return next(better for pattern, better in AVOID.items() if re.match(pattern, found, re.IGNORECASE))


def _files() -> Iterator[Path]:
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))
    for ending in ("*.py", "*.yaml"):
        yield from sorted((ROOT / "src").rglob(ending))
    yield from sorted((ROOT / "tests").rglob("*.py"))


def _texts(file: Path) -> Iterator[tuple[int, str]]:
    """The texts of a file that people read, each with the line where it begins."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        texts = _docstrings if file.is_relative_to(ROOT / "tests") else _texts_of_python
        yield from texts(text)
    else:
        yield (
            1,
            _CODE.sub(lambda code: "\n" * code.group().count("\n"), text) if file.suffix == ".md" else text,
        )


def _texts_of_python(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _WORDS.search(node.value):
            yield node.lineno, _CODE.sub("", node.value)


def _docstrings(text: str) -> Iterator[tuple[int, str]]:
    """The docstrings of tests; their other texts are data, which may be wrong on purpose."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and (
            found := ast.get_docstring(node)
        ):
            yield node.body[0].lineno, _CODE.sub("", found)


if __name__ == "__main__":
    sys.exit(main())
