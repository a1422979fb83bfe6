"""What an import loses or an export leaves out, as lines: keys of one sort of thing share a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.imports import Lost

__all__ = ["lost_lines"]


def lost_lines(lost: Iterable[Lost], language: str) -> list[str]:
    """Each loss with its count and its first place."""
    lines = []
    sorts: dict[str, list[Lost]] = {}
    for each in lost:
        if each.within:
            sorts.setdefault(each.within, []).append(each)
        else:
            lines.append(f"  {each.what.in_language(language)}: {each.count} ({each.places[0]})")
    for sort, keys in sorts.items():
        names = ", ".join(f"{each.what.removeprefix(f'{sort}.')} {each.count}" for each in keys)
        lines.append(f"  {sort}: {names} ({keys[0].places[0]})")
    return lines
