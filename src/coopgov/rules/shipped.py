"""The rules of the shipped packs, which a wheel holds checked, as JSON; a working copy has their sources only."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.rules.checked_json import rules_from, rules_to
from coopgov.rules.expanded import ExpandedSource
from coopgov.rules.pack_names import BUILT_IN, DEFAULT_PACK, pack_names

if TYPE_CHECKING:
    from coopgov.rules.ruleset import RuleSet

__all__ = ["COMPILED_PACKS", "compile_packs", "shipped_rules"]

_PACKAGE = Path(__file__).parents[1]
COMPILED_PACKS = "rules/packs/compiled"
"""The folder of the JSON files in a wheel, below that of the package."""


def shipped_rules(name: str | Path) -> RuleSet | None:
    """The rules of a shipped pack, with what it extends; None for another name, and in a working copy."""
    if not isinstance(name, str) or name not in (DEFAULT_PACK, *pack_names()):
        return None
    compiled = _PACKAGE / COMPILED_PACKS / f"{name}.json"
    if not compiled.is_file():
        return None
    return rules_from(compiled.read_text(encoding="utf-8"), PackSource)


@cache
def _read(pack: str) -> ExpandedSource:
    from coopgov.rules.gather import gather  # heavy, and an assessment has no need of it

    sources, _ = gather([] if pack == BUILT_IN else [pack])
    return sources[-1]


class PackSource(ExpandedSource):
    """The file of a shipped pack; it is read when somebody asks for what is in it: for a place, or for a tool."""

    __slots__ = ("pack",)

    def __init__(self, pack: str) -> None:
        object.__setattr__(self, "pack", pack)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.pack,)

    pack: str
    file = property(lambda self: _read(self.pack).file)
    document = property(lambda self: _read(self.pack).document)
    left_out = property(lambda self: _read(self.pack).left_out)
    tables = property(lambda self: _read(self.pack).tables)


def compile_packs(target: Path) -> list[Path]:
    """Write the rules of all packs into a folder, checked, and return the files that were written."""
    from coopgov.rules.build import loaded

    written = []
    for name in pack_names():
        compiled = target / f"{name}.json"
        compiled.write_text(rules_to(loaded([name])), encoding="utf-8")
        written.append(compiled)
    return written
