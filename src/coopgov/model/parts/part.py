"""The file of a part: what one source observed about an agreement, such as an export or a form that was filled in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Annotated, Any, Self

from pydantic import Field, PrivateAttr, model_validator

from coopgov.faults import Place
from coopgov.model.checks import doubled_ids
from coopgov.model.contents import Origin
from coopgov.model.evaluation import Survey
from coopgov.model.meetings import Meeting
from coopgov.model.phases import Phase
from coopgov.model.risks import Response, Risk
from coopgov.model.targets import Kpi
from coopgov.model.team import Team
from coopgov.schema.base import Part, WholeFile
from coopgov.schema.problems import Defect, Path, problems
from coopgov.schema.scalars import Day, Identifier, Label, format_tag
from coopgov.schema.text import LocalText, Text
from coopgov.source import Document

__all__ = ["BUILDING", "PART_FORMAT", "AgreementPart", "Gone", "PartResponse", "PartRisk", "PartSource"]

PART_FORMAT = "part/1"
BUILDING = Lock()
"""Held while pydantic builds a schema on its first use: two threads must not build one at once."""


class PartSource(Part):
    """Where a part comes from: its format, its file, and the day on which it was observed."""

    format: Label
    """The format of the source, such as jira-csv."""
    file: Label | None = None
    """The name of the file that was read."""
    source: Label | None = None
    """The name of the source, if it has several files of one format; without it, the format."""
    on: Day
    """The day on which the values were observed."""

    @property
    def name(self) -> str:
        """The name of the source, else its format."""
        return self.source or self.format


class PartResponse(Response):
    """When a response to a risk was carried out; its other keys must be those of the agreement."""

    title: Text | None = None  # type: ignore[assignment]  # only the agreement has to say it

    @property
    def label(self) -> LocalText:
        """The display name: its title, else its id."""
        return self.title or LocalText((("", self.id),))


class PartRisk(Risk):
    """The status of a risk; its other keys must be those of the agreement."""

    title: Text | None = None  # type: ignore[assignment]  # only the agreement has to say it
    responses: tuple[PartResponse, ...] = ()

    @property
    def label(self) -> LocalText:
        """The display name: its title, else its id."""
        return self.title or LocalText((("", self.id),))


class AgreementPart(WholeFile):
    """What one source observed about an agreement, on one day; `Agreement.with_part` adds it.

    It holds readings, actual days, statuses, progress, forecasts, spending, meetings held and minutes of what the
    agreement declares, and tasks of its own. Two parts with equal content are equal, wherever they come from.
    """

    coopgov: Annotated[str, format_tag(PART_FORMAT)]
    """The format of the file: part/1."""
    into: Identifier
    """The id of the agreement that it belongs to."""
    origin: PartSource = Field(alias="from")
    """Where it comes from."""
    team: Team = Field(default_factory=Team.model_construct)
    meetings: tuple[Meeting, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    phases: tuple[Phase, ...] = ()
    risks: tuple[PartRisk, ...] = ()
    surveys: tuple[Survey, ...] = ()
    _origin: Origin = PrivateAttr(default=Origin())

    @property
    def document(self) -> Document | None:
        """The file it was read from, if any."""
        return self._origin.document

    @property
    def file(self) -> str:
        """The name of the file it was read from; empty for one that was built from Python objects."""
        return self.document.file if self.document else ""

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        defects = [
            *_doubled(self.team.bodies, ("team", "bodies"), "member-or-body"),
            *_doubled(self.meetings, ("meetings",), "meeting"),
            *_doubled(self.kpis, ("kpis",), "kpi"),
            *_doubled(self.phases, ("phases",), "phase"),
            *_doubled(self.risks, ("risks",), "risk"),
            *_doubled(self.surveys, ("surveys",), "survey"),
            *(each for at, risk in enumerate(self.risks) for each in _in_risk(risk, ("risks", at))),
            *(each for at, phase in enumerate(self.phases) for each in _in_phase(phase, ("phases", at))),
        ]
        if defects:
            raise problems(defects)
        return self

    def __repr__(self) -> str:
        return f"<AgreementPart of {self.into} from {self.origin.name} on {self.origin.on}>"

    def __str__(self) -> str:
        return repr(self)


@dataclass(frozen=True, slots=True)
class Gone:
    """Something that an older part of a source has, and its newest part lacks.

    `subject` is the thing, such as `task/core/HD-12`; `key` is the value that is gone, or empty if the whole thing is.
    `last` is the day of the newest part that has it, and `since` that of the part that lacks it.
    """

    subject: str
    key: str
    source: str
    last: date
    since: date
    place: Place | None = None

    def to_dict(self) -> dict[str, Any]:
        """The thing as JSON."""
        return {
            "subject": self.subject,
            "key": self.key or None,
            "source": self.source,
            "last": self.last.isoformat(),
            "since": self.since.isoformat(),
            "at": str(self.place) if self.place else None,
        }


def _in_risk(risk: PartRisk, path: Path) -> Iterator[Defect]:
    yield from _doubled(risk.responses, (*path, "responses"), "response")


def _in_phase(phase: Phase, path: Path) -> Iterator[Defect]:
    yield from _doubled(phase.milestones, (*path, "milestones"), "milestone")
    yield from _doubled(phase.deliverables, (*path, "deliverables"), "deliverable")
    yield from _doubled(phase.tasks, (*path, "tasks"), "task")


def _doubled(things: Iterable[Any], path: Path, sort: str) -> Iterator[Defect]:
    names = ((each.id, (*path, at)) for at, each in enumerate(things))
    return doubled_ids(sort, names)
