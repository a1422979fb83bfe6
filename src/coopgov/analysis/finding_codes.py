"""The codes of findings: the level and meaning of each, with a rule file that has it and the same file corrected.

Level and files are in `help/CODE.yaml`, the texts in the locales. The documentation page is generated from both.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from coopgov.finding import LEVELS
from coopgov.locales import phrase
from coopgov.source import plain, read_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.finding import Level
    from coopgov.locales import Phrase

__all__ = ["FINDING_CODES", "FindingCode"]


@dataclass(frozen=True, slots=True)
class FindingCode:
    """The meaning of a finding's code.

    `bad` is a complete rule file that has the finding, and `good` the same file corrected. `logic` says that facts are
    searched for, which may take time.
    """

    code: str
    level: Level
    bad: str
    good: str
    logic: bool = False

    @property
    def summary(self) -> Phrase:
        """One sentence."""
        return phrase(f"findings.{self.code}.summary")

    @property
    def explanation(self) -> Phrase:
        """Some paragraphs of Markdown."""
        return phrase(f"findings.{self.code}.explanation")


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
    bad, good = content["bad"].strip(), content["good"].strip()
    return FindingCode(name.removesuffix(".yaml"), level, bad, good, logic=content.get("logic") == "true")


FINDING_CODES: Mapping[str, FindingCode] = _read()
"""Every code that a finding can have, sorted."""
