"""What came out of a file of another system: what is kept, what is lost, what is rejected, and what to know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.locales import Phrase, phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.model import Agreement, AgreementPart

__all__ = ["Import", "Log", "Lost", "Rejected", "Remark"]

_PLACES = 5
"""How many places of one sort of loss are listed."""
_NAMES = 10


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that the model cannot hold, or that the mapping does not name: what, how often, and where first."""

    what: Phrase
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row or thing that was not read, and why."""

    place: str
    code: str
    found: Phrase
    expected: Phrase


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about a file, such as that its export was cut off."""

    code: str
    text: Phrase


@dataclass(frozen=True, slots=True)
class Import:
    """What a reader made of a file: a part of an agreement, or whole agreements, and an account of everything else.

    `format` is that of the file, `on` the day on which it was observed, and `kept` counts the values of each field.
    """

    part: AgreementPart | None
    format: str
    on: date
    kept: Mapping[str, int]
    lost: tuple[Lost, ...]
    rejected: tuple[Rejected, ...]
    told: tuple[Remark, ...]
    agreements: tuple[Agreement, ...] = ()

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The account as JSON, with its texts in a language."""

        def said(text: Phrase) -> str:
            return text.in_language(language)

        return {
            "from": self.format,
            "on": self.on.isoformat(),
            "kept": dict(self.kept),
            "lost": [
                {"what": said(each.what), "count": each.count, "places": [*each.places]} for each in self.lost
            ],
            "rejected": [
                {
                    "place": each.place,
                    "code": each.code,
                    "found": said(each.found),
                    "expected": said(each.expected),
                }
                for each in self.rejected
            ],
            "told": [{"code": each.code, "text": said(each.text)} for each in self.told],
        }


@dataclass(slots=True)
class Log:
    """The account of one import, while the file is read."""

    kept: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    _lost: dict[Phrase, tuple[int, list[str]]] = field(default_factory=dict)
    _told: dict[str, tuple[int, dict[str, None]]] = field(default_factory=dict)

    def lose(self, what: Phrase, place: str, count: int = 1) -> None:
        """Count something that the model cannot hold."""
        number, places = self._lost.setdefault(what, (0, []))
        if len(places) < _PLACES:
            places.append(place)
        self._lost[what] = (number + count, places)

    def lose_column(self, name: str, place: str, count: int = 1) -> None:
        """Count a value that the mapping does not name."""
        self.lose(verbatim(name), place, count)

    def reject(self, place: str, code: str, found: Phrase, expected: Phrase) -> None:
        """Record a row that is not read."""
        self.rejected.append(Rejected(place, code, found, expected))

    def tell(self, code: str, name: str = "", count: int = 1) -> None:
        """Record something to know; things of one code are counted together."""
        number, names = self._told.setdefault(code, (0, {}))
        if name:
            names[name] = None
        self._told[code] = (number + count, names)

    def lost(self) -> tuple[Lost, ...]:
        """What is lost, the most frequent first."""
        found = [Lost(what, number, tuple(places)) for what, (number, places) in self._lost.items()]
        return tuple(sorted(found, key=lambda each: -each.count))

    def told(self) -> tuple[Remark, ...]:
        """What to know, each code once."""
        return tuple(
            Remark(code, phrase(f"imports.notes.{code}", count=number, names=_names(names)))
            for code, (number, names) in self._told.items()
        )


def _names(names: Mapping[str, None]) -> str:
    shown = ", ".join(list(names)[:_NAMES])
    return f"{shown}, …" if len(names) > _NAMES else shown
