"""The codes of findings: the level and meaning of each, with a file that has it and the same file corrected.

The files are in `help/CODE.yaml`, beside the level, and in `help/agreements/CODE.yaml`; the model knows the levels of
findings about agreements. The texts are in the locales. The documentation page is generated from all of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, cast

from coopgov.finding import LEVELS
from coopgov.locales import phrase
from coopgov.model.findings import FINDING_LEVELS
from coopgov.source import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.finding import Level
    from coopgov.locales import Phrase

__all__ = ["FindingCode", "agreement_finding_codes", "finding_codes"]


@dataclass(frozen=True, slots=True)
class FindingCode:
    """The meaning of a finding's code.

    `bad` is a complete file that has the finding, and `good` the same file corrected; `about` is their sort. `logic`
    says that facts are searched for, which may take time.
    """

    code: str
    level: Level
    bad: str
    good: str
    logic: bool = False
    about: Literal["rules", "agreement"] = "rules"

    @property
    def summary(self) -> Phrase:
        """One sentence."""
        return phrase(f"findings.{self.code}.summary")

    @property
    def explanation(self) -> Phrase:
        """Some paragraphs of Markdown."""
        return phrase(f"findings.{self.code}.explanation")


@cache
def finding_codes() -> Mapping[str, FindingCode]:
    """Every code that a finding about rules can have, sorted; their help says the level, too."""
    made = {}
    for code, content in _helps("help"):
        level = next(level for level in LEVELS if level == content["level"])
        logic = content.get("logic") == "true"
        made[code] = FindingCode(code, level, content["bad"].strip(), content["good"].strip(), logic=logic)
    return made


@cache
def agreement_finding_codes() -> Mapping[str, FindingCode]:
    """Every code that a finding about an agreement can have besides those of ignoring comments, sorted.

    The model knows their levels.
    """
    return {
        code: FindingCode(
            code, FINDING_LEVELS[code], content["bad"].strip(), content["good"].strip(), about="agreement"
        )
        for code, content in _helps("help/agreements")
    }


def _helps(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """What the files of a folder say, by their codes."""
    folder = files("coopgov.analysis").joinpath(name)
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yaml"):
            content = read_document(entry.read_bytes(), entry.name).data
            yield entry.name.removesuffix(".yaml"), cast("dict[str, str]", content)
