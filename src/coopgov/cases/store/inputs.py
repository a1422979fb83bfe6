"""The files that the last step was made of, so that an answer needs no more than the store."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Inputs"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Paths of an agreement and of rule files, or names of shipped packs.

    Paths are relative to the folder of the store where it is a file, so that both can move together.
    """

    agreement: str
    rules: tuple[str, ...] = ()
