"""Write Markdown with people's texts escaped, so that they change neither a table nor the page around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.languages import relative
from coopgov.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgov.schema import LocalText

__all__ = ["code", "languages", "own", "prose", "table"]

_BLANKS = re.compile(r"\s+")
_TICKS = re.compile("`+")
_CODE = re.compile(r"(?<!`)(`[^`]+`)(?!`)")
_SIGNS = re.compile(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)")
"""Characters that Markdown would interpret; an underscore inside a word is not among them."""
_FIRST = re.compile(r"^(?:(?=[#>+-]#*(?:\s|$))|(?=>)|(?=[-=]+$)|(?=~{3})|([0-9]+)(?=[.)](?:\s|$)))")
"""Beginnings that would make a line a heading, a rule, a quotation, a list or the start of code."""


def prose(text: object) -> str:
    r"""A text on one line, word for word: without HTML or Markdown of its own, except for `code`.

    >>> print(prose("5 * 3 [of] `a*b` is <b>\n# one ` tick"))
    5 \* 3 \[of\] `a*b` is &lt;b> # one \` tick
    """
    line = _line(str(text)).replace("&", "&amp;").replace("<", "&lt;")
    parts = _CODE.split(line)
    parts[::2] = [_SIGNS.sub(r"\\\g<0>", part) for part in parts[::2]]
    return _FIRST.sub(r"\g<0>\\", "".join(parts))


def code(text: str) -> str:
    """A text as code, on one line."""
    line = _line(text)
    ticks = "`" * (1 + max((len(found) for found in _TICKS.findall(line)), default=0))
    edge = " " if line[:1] == "`" or line[-1:] == "`" else ""
    return f"{ticks}{edge}{line}{edge}{ticks}"


def _line(text: str) -> str:
    """A text on one line, with control characters made visible."""
    return visible(_BLANKS.sub(" ", text).strip())


def _cell(text: str) -> str:
    """A text that is already Markdown, for the cell of a table."""
    return text.replace("|", "\\|")


def languages(text: LocalText) -> str:
    """A text in all its languages, identical texts once."""
    return " · ".join(dict.fromkeys(prose(each) for _, each in text.entries))


def own(text: LocalText, language: str) -> str:
    """A text in the language of its page; an English page, which translators use, shows it in all languages."""
    return languages(text) if relative(language) == "en" else prose(text.in_language(language))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table; its headings and cells are Markdown."""
    yield f"| {' | '.join(map(_cell, heads))} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
