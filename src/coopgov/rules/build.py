"""Builds a checked rule set from rule files and packs, and reports the faults of all files at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.errors import RulesError
from coopgov.facts.shipped_catalogue import default_catalogue
from coopgov.rules.case_settings import CaseSettings
from coopgov.rules.check_rules import check_rules
from coopgov.rules.declared import extended_catalogue, parameters
from coopgov.rules.digest import digest
from coopgov.rules.entry_fields import OWNER
from coopgov.rules.expanded import ExpandedSource
from coopgov.rules.gather import gather
from coopgov.rules.inhibit import inhibitions
from coopgov.rules.merge import merge
from coopgov.rules.rule import Action, Mention
from coopgov.rules.ruleset import RuleSet
from coopgov.rules.schema import RULES_FORMAT, RulesFile
from coopgov.rules.table_check import Cells, checked_tables
from coopgov.source import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from coopgov.faults import Fault
    from coopgov.rules.merge import Merged
    from coopgov.rules.source import Field, Text
    from coopgov.source import Document

__all__ = ["loaded", "with_parameters"]

_ABOUT_NAMES = (
    "unknown-action",
    "unknown-fact",
    "unknown-parameter",
    "unknown-placeholder",
    "unknown-rule",
    "unknown-subject",
)
"""Fault codes that can be mere consequences of an entry that could not be read."""
_NAME = re.compile(r"[^\W\d][\w.-]*")


def with_parameters(rules: RuleSet, values: Mapping[str, str], document: Document) -> RuleSet:
    """Return the same rules with other values of parameters, as if a last file set them.

    `document` holds them under the key `parameters`, for the places of faults.

    Raises:
        RulesError: with every fault: an unknown parameter, another unit, a ladder that no longer rises.
    """
    last = {"coopgov": RULES_FORMAT, "pack": rules.pack, "version": rules.version, "parameters": values}
    return _built([*rules.sources, ExpandedSource(RulesFile.model_validate(last), document)], [])


def loaded(given: Iterable[str | Path | Text]) -> RuleSet:
    """Load rule files, packs and texts with everything that they extend.

    Raises:
        RulesError: with every fault of every file.
    """
    return _built(*gather(given))


def _built(sources: list[ExpandedSource], faults: list[Fault]) -> RuleSet:
    merged = merge(sources)
    values = parameters(merged, default_catalogue())
    catalogue = extended_catalogue(default_catalogue(), merged, values)
    cells = Cells(merged, catalogue, values)
    rules = check_rules(merged, catalogue, values, cells)
    hidden = inhibitions(merged, rules)
    if faults or merged.faults:
        raise RulesError(dict.fromkeys([*faults, *_not_following(sources, faults, merged)]))
    actions = tuple(
        Action(each.id, each.answers, each.strains, each.title, each.owner, each.within)
        for each in (field.value for field in merged.actions.values())
    )
    last = sources[-1].file
    settings = CaseSettings.of(merged.cases)
    mentions = tuple(_mentions(merged, {rule.id for rule in rules}))
    return RuleSet(
        pack=last.pack,
        version=last.version,
        digest=digest(rules, actions, hidden, values, settings, merged, catalogue),
        rules=rules,
        catalogue=catalogue,
        actions=actions,
        inhibitions=hidden,
        cases=settings,
        parameters=values,
        mentions=mentions,
        sources=tuple(sources),
        tables=checked_tables(merged, rules, cells),
    )


def _not_following(sources: Iterable[ExpandedSource], early: Iterable[Fault], merged: Merged) -> list[Fault]:
    """The faults that do not follow from early ones: on other lines, and not about entries that were left out."""
    early = list(early)
    lines = {(fault.place.file, fault.place.line) for fault in early}
    read = {source.document.file for source in sources}
    unread = any(fault.code == "unknown-pack" or fault.place.file not in read for fault in early)
    return [
        fault
        for fault in merged.faults
        if (fault.place.file, fault.place.line) not in lines
        and not (fault.code in _ABOUT_NAMES and _excused(fault, merged.broken, unread=unread))
    ]


def _excused(fault: Fault, broken: set[str], *, unread: bool) -> bool:
    """Whether an unknown name may be defined by an entry or a file that could not be read."""
    return bool(broken & _names(fault.found)) or (unread and not fault.hint)


def _names(found: str) -> set[str]:
    """The names in a fault, with and without the subject before the dot."""
    return {part for word in _NAME.findall(found) for part in (word, word.rpartition(".")[2])}


def _mentions(merged: Merged, enabled: set[str]) -> Iterator[Mention]:
    for rule in merged.rules.values():
        for field in (rule.get("escalate") or {}).values() if rule.id in enabled else ():
            yield from _steps(field)
    for field in merged.actions.values():
        if field.value.owner is not None:
            yield Mention(field.value.owner, field.source, (*field.path, "owner"))


def _steps(field: Field) -> Iterator[Mention]:
    """The receivers of a ladder that are names; the owner of a subject is none."""
    alone = isinstance(field.source.document.find(field.path), Scalar)
    for number, step in enumerate(field.value):
        if step.to != OWNER:
            yield Mention(step.to, field.source, field.path if alone else (*field.path, number))
