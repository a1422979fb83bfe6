"""The codes of findings: how bad each is, what it means, a rule file that has it and the same file mended.

Each stands in a file of its own, `help/CODE.yaml`, from which its page of the documentation is written, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from coopgov.finding import LEVELS
from coopgov.source import plain, read_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.finding import Level

__all__ = ["FINDING_CODES", "FindingCode"]


@dataclass(frozen=True, slots=True)
class FindingCode:
    """What a code of a finding stands for.

    `summary` is one sentence, `explanation` some paragraphs of Markdown; `bad` is a whole rule file that has the finding
    and `good` the same file mended. `logic` says that facts are searched for, so that an answer may take its time.
    """

    code: str
    level: Level
    summary: str
    explanation: str
    bad: str
    good: str
    logic: bool = False


def _read() -> dict[str, FindingCode]:
    folder = files("coopgov.analysis").joinpath("help")
    entries = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name
    )
    return {
        each.code: each
        for each in (
            _code(entry.name, plain(read_document(entry.read_bytes(), entry.name).root)) for entry in entries
        )
    }


def _code(name: str, data: object) -> FindingCode:
    content = cast("dict[str, str]", data)
    level = next(level for level in LEVELS if level == content["level"])
    texts = {key: content[key].strip() for key in ("summary", "explanation", "bad", "good")}
    return FindingCode(name.removesuffix(".yaml"), level, **texts, logic=content.get("logic") == "true")


FINDING_CODES: Mapping[str, FindingCode] = _read()
"""Every code that a finding can have, sorted."""
