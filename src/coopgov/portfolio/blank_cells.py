"""Treat optional settings as observations for a table whose mapping file says that their empty cells are unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coopgov.language.dependencies import steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.facts.catalogue import Catalogue
    from coopgov.portfolio.bind_mapping import TableMapping
    from coopgov.rules import RuleSet

__all__ = ["with_unknown_blanks"]


def with_unknown_blanks(rules: RuleSet, mapping: TableMapping) -> RuleSet:
    """The rules for a table whose mapping file says which facts are unknown when their cells are empty."""
    catalogue = rules.catalogue
    unknown = {key: replace(catalogue.existing(*key), optional=False) for key in _unknown(mapping, catalogue)}
    if not unknown:
        return rules
    catalogue = replace(catalogue, facts={**catalogue.facts, **unknown})
    return replace(rules, catalogue=catalogue)


def _unknown(mapping: TableMapping, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """The types of subject and names of those facts."""
    tables = [(mapping.about, mapping.readings)]
    tables += [
        (catalogue.declared(mapping.about, each.name).item, each.readings) for each in mapping.children
    ]
    for about, readings in tables:
        for reading in readings:
            *above, name = steps(reading.fact)
            if reading.blank_unknown:
                yield above[-1] if above else about, name
