"""Loads rule files and packs into a checked rule set, and reports the faults of all files at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_text, checked, each
from coopgov.rules.pack_names import DEFAULT_PACK
from coopgov.rules.shipped import shipped_rules
from coopgov.rules.source import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from coopgov.rules.ruleset import RuleSet

__all__ = ["load_rules", "parse_rules"]


@checked(files=each(A_PATH, "errors.expected.paths-or-packs"))
def load_rules(*files: str | Path) -> RuleSet:
    """Load rule files, or shipped packs by name, with everything that they extend; by default, the default pack.

    Several files form one rule set, as if each extended those before it. Its name and version are those of the last.

    Args:
        files: paths of rule files, and names of shipped packs; without any, the pack `cooperation-plan`.

    Raises:
        RulesError: with every fault of every file.

    >>> from coopgov import load_rules
    >>> load_rules("examples/pilot/tolerances.yaml").pack
    'harbour-tolerances'
    """
    names = files or (DEFAULT_PACK,)
    return (shipped_rules(names[0]) if len(names) == 1 else None) or _built(names)


@checked(text=TEXT_OF_FILE, name=a_text)
def parse_rules(text: str | bytes, name: str = "<text>") -> RuleSet:
    """Load one rule file from its text; faults call it `name`, and relative paths start from there.

    Raises:
        RulesError: with every fault of the text and of the files that it extends.
    """
    return _built([Text(text, name)])


def _built(given: Iterable[str | Path | Text]) -> RuleSet:
    from coopgov.rules.build import loaded  # heavy, and most runs need no more than a shipped pack

    return loaded(given)
