"""Finds words that are nearly standard ones: a misspelt role, category, unit, cause or kind that no rule sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import phrase
from coopgov.schema.problems import Defect, quoted, shown
from coopgov.synonyms import misspelt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.model.contents import Contents
    from coopgov.schema.problems import Path

__all__ = ["nearly_standard"]


def nearly_standard(agreement: Contents) -> Iterator[Defect]:
    """Find words that are probably meant to be standard ones, and that no rule for these sees."""
    for path, word, group in _words(agreement):
        standard = None if word is None else misspelt(word, group)
        if standard is not None:
            expected = phrase("model.nearly-standard.expected", standard=quoted(standard))
            hint = phrase("common.did-you-mean", near=standard)
            yield Defect(path, "nearly-standard", shown(word), expected, hint)


def _words(agreement: Contents) -> Iterator[tuple[Path, str | None, str]]:
    """The words of an agreement that may be standard ones, with their paths and groups."""
    for at, role in enumerate(agreement.team.key_roles):
        yield ("team", "key_roles", at), role, "role"
    for at, member in enumerate(agreement.team.members):
        yield ("team", "members", at, "role"), member.role, "role"
    for at, kpi in enumerate(agreement.kpis):
        yield ("kpis", at, "category"), kpi.category, "category"
        yield ("kpis", at, "unit"), kpi.unit, "unit"
    for at, risk in enumerate(agreement.risks):
        yield ("risks", at, "category"), risk.category, "category"
        for position, cause in enumerate(risk.causes):
            yield ("risks", at, "causes", position), cause, "cause"
    for at, plan in enumerate(agreement.plans):
        for position, kind in enumerate(plan.answers):
            yield ("plans", at, "answers", position), kind, "kind"
