"""Reads OCDS and IATI: as a part, what an agreement already knows; as new agreements, everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.arguments import checked
from coopgov.imports.dates import iso_day
from coopgov.imports.iati import activities_of
from coopgov.imports.json_source import json_of
from coopgov.imports.json_source import lose_unread as lose_keys
from coopgov.imports.ocds import OcdsReader
from coopgov.imports.readers import ARGUMENTS, finished, opened, resolved_day
from coopgov.imports.result import Log
from coopgov.imports.tasks import zone_for
from coopgov.imports.whole import identifier
from coopgov.imports.xml_source import lose_unread, xml_of
from coopgov.locales import phrase

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from coopgov.imports.bytes_of import Input
    from coopgov.imports.json_source import Object
    from coopgov.imports.mapping import ImportMapping
    from coopgov.imports.result import Import
    from coopgov.imports.xml_source import Element
    from coopgov.model import Agreement, Phase

__all__ = ["generated_day", "ocds_data", "read_iati", "read_ocds"]


def ocds_data(source: Input) -> Object:
    """The JSON of a file of OCDS.

    Raises:
        SourceError: it is another file.
    """
    return json_of(source, "releases", "records", "ocid")


@checked(**ARGUMENTS)
def read_ocds(
    path: str | Path, mapping: ImportMapping, agreement: Agreement, *, as_of: date | None = None
) -> Import:
    """Read contracts in OCDS: payments and statuses of milestones that an agreement has.

    A contract belongs to the phase of its id, or to the one that `phase: {by: Contract, values: …}` names.
    `coopgov import --new` makes whole agreements instead. The arguments and errors are those of `read_mspdi`; without
    `as_of`, the day is that on which the package was published.
    """
    source, log = opened(path, mapping, agreement, "ocds"), Log()
    reader = OcdsReader(ocds_data(source), source.name, zone_for(mapping, agreement), log)
    on = resolved_day(source.name, as_of, reader.published)
    phases: dict[str, dict[str, Any]] = {}
    for contract in reader.contracts.values():
        phase = _phase(contract.key, mapping, agreement)
        if phase is None:
            log.lose(phrase("imports.lost.phases"), contract.place)
            reader.settle(contract)
            continue
        agreed = {each.id: each for each in phase.milestones}
        made = phases.setdefault(phase.id, {"id": phase.id, "spending": [], "milestones": []})
        made["spending"] += reader.spending(contract, agreement.currency)
        taken = {each["id"] for each in made["milestones"]}
        for each in reader.milestones(contract, on):
            known = agreed.get(each["id"])
            if known is None or each["id"] in taken:
                log.lose(phrase("imports.lost.milestones"), contract.place)
                continue
            if each["due"] and each["due"] != known.due:
                log.tell("other-terms", f"{known.id}.due")
            kept = {key: each[key] for key in ("id", "source", "met", "status") if each[key]}
            log.kept["milestones"] += 1
            made["milestones"].append(kept)
    lose_keys(reader.data, source.name, log)
    return finished(source.name, mapping, {"phases": list(phases.values())}, on, log, agreement)


@checked(**ARGUMENTS)
def read_iati(
    path: str | Path, mapping: ImportMapping, agreement: Agreement, *, as_of: date | None = None
) -> Import:
    """Read activities in IATI: readings, spending and actual days of KPIs and phases that an agreement has.

    An activity belongs to the phase of its identifier, or to the one that the mapping names under
    `phase: {by: Activity, values: …}`. The arguments and errors are those of `read_mspdi`; without `as_of`, the day is
    that on which the file was generated.
    """
    source, log = opened(path, mapping, agreement, "iati"), Log()
    root = xml_of(source, "iati-activities", "iati-activity")
    on = resolved_day(source.name, as_of, generated_day(root))
    phases: dict[str, dict[str, Any]] = {}
    kpis: dict[str, dict[str, Any]] = {}
    known = {each.id for each in agreement.kpis}
    for activity in activities_of(root, source.name, on, log):
        phase = _phase(activity.id, mapping, agreement)
        if phase is None or phase.id in phases:
            log.lose(
                phrase("imports.lost.phases" if phase is None else "imports.lost.second-phases"),
                activity.place,
            )
            activity.element.settle()
            continue
        kept = activity.observed(agreement.currency)
        phases[phase.id] = {"id": phase.id, **{key: each for key, each in kept.items() if each}}
        for kpi in activity.readings(known - set(kpis)):
            kpis[kpi["id"]] = kpi
    data = {"phases": list(phases.values()), "kpis": list(kpis.values())}
    lose_unread(root, source.name, log)
    return finished(source.name, mapping, data, on, log, agreement)


def _phase(key: str, mapping: ImportMapping, agreement: Agreement) -> Phase | None:
    """The phase of a contract or activity: by the mapping, else by its id, as it is or as an agreement has it."""
    entry = mapping.phase
    wanted = (entry and (entry.id or entry.values.get(key))) or key
    names = {wanted, identifier(wanted, wanted)}
    return next(
        (
            each
            for each in agreement.phases
            if each.id in names or (each.source and str(each.source) == wanted)
        ),
        None,
    )


def generated_day(root: Element) -> date | None:
    """The day on which a file of IATI was generated."""
    return iso_day(root.attribute("generated-datetime").partition(".")[0])
