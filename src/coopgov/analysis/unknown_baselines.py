"""Find the names of baselines in rule files that an agreement does not have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.faults import did_you_mean
from coopgov.locales import phrase
from coopgov.schema import quoted
from coopgov.source import Listing, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.faults import Fault
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet
    from coopgov.source import Node

__all__ = ["unknown_baselines"]

_NAMED = re.compile(r"""\bbaseline_end\(\s*(?P<name>"[^"]*"|'[^']*')\s*\)""")


def unknown_baselines(rules: RuleSet, agreement: Agreement) -> Iterator[Fault]:
    """Yield a fault for each baseline that rule files name and that no phase and no task of an agreement has.

    A rule that names one is silent, because it does not apply; a misspelt name would never show.
    """
    tasks = (task for phase in agreement.phases for task in phase.tasks)
    lists = (*(phase.baselines for phase in agreement.phases), *(task.baselines for task in tasks))
    known = {kept.id for baselines in lists for kept in baselines}
    expected = phrase("analysis.unknown-baseline.expected")
    for source in rules.sources:
        for scalar, name, start in _named(source.document.root):
            if name not in known:
                hint, width = did_you_mean(name, known), len(name) + 2
                found = quoted(name)
                yield source.document.fault(
                    scalar, "unknown-baseline", found, expected, hint, start=start, width=width
                )


def _named(node: Node) -> Iterator[tuple[Scalar, str, int]]:
    """The baselines that texts below a node name, each with its text and where it is in that."""
    if isinstance(node, Scalar):
        for match in _NAMED.finditer(node.text):
            yield node, match["name"][1:-1], match.start("name")
        return
    for item in node.items if isinstance(node, Listing) else (value for _, value in node.entries.values()):
        yield from _named(item)
