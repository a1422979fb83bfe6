"""Compiles the sources of texts, one YAML file for each language, into JSON; `hatch_build.py` calls it for wheels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["COMPILED", "compile_all", "flattened"]

COMPILED = "compiled"
"""The folder of the JSON files in a wheel, below that of the sources."""


def flattened(source: Path) -> dict[str, str]:
    """Return the texts of a source by the dotted paths of their keys."""
    import yaml

    loader = getattr(
        yaml, "CBaseLoader", yaml.BaseLoader
    )  # a base loader makes texts only: `no` is no boolean
    return dict(_walk(yaml.load(source.read_text(encoding="utf-8"), loader), ""))  # noqa: S506  # texts only


def _walk(node: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, below in node.items():
            yield from _walk(below, f"{path}.{key}" if path else key)
    else:
        yield path, node


def compile_all(folder: Path, target: Path) -> list[Path]:
    """Compile all sources in a folder into another one, and return the files that were written."""
    written = []
    for source in sorted(folder.glob("*.yaml")):
        compiled = target / f"{source.stem}.json"
        compiled.write_text(json.dumps(flattened(source), ensure_ascii=False), encoding="utf-8")
        written.append(compiled)
    return written
