"""Reads OCDS and IATI: as a part, what an agreement already knows; as new agreements, everything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from coopgov.arguments import checked
from coopgov.imports.bytes_of import Input, refused
from coopgov.imports.iati import activities_of
from coopgov.imports.json_source import fields, json_of
from coopgov.imports.mspdi import day_of
from coopgov.imports.ocds import OcdsReader
from coopgov.imports.readers import ARGUMENTS, finished, opened, resolved_day
from coopgov.imports.result import Log
from coopgov.imports.tasks import zone_for
from coopgov.imports.whole import identifier
from coopgov.imports.xml_source import xml_of
from coopgov.locales import phrase

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from coopgov.imports.mapping import ImportMapping
    from coopgov.imports.result import Import
    from coopgov.imports.xml_source import Element
    from coopgov.model import Agreement, Phase

__all__ = ["generated_day", "ocds_data", "read_iati", "read_ocds"]


def ocds_data(source: Input) -> dict[str, Any]:
    """The JSON of a file of OCDS.

    Raises:
        SourceError: it is another file.
    """
    head = source.data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"{"):
        found = phrase("imports.source.broken-json")
        raise refused(source.name, "syntax", found, phrase("imports.source.whole-json"))
    try:
        keys = fields(json.loads(source.data))
    except (ValueError, RecursionError):
        keys = {}
    key = next((each for each in ("records", "releases", "ocid") if each in keys), "releases")
    return json_of(source, key)


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
    unread: dict[str, set[str]] = {}
    for contract in reader.contracts.values():
        phase = _phase(contract.key, mapping, agreement)
        if phase is None:
            log.lose(phrase("imports.lost.phases"), contract.place)
            continue
        known = unread.setdefault(phase.id, {each.id for each in phase.milestones})
        made = phases.setdefault(phase.id, {"id": phase.id, "spending": [], "milestones": []})
        made["spending"] += reader.spending(contract, agreement.currency)
        for each in reader.milestones(contract, on):
            if each["id"] in known:
                known.discard(each["id"])
                kept = {key: each[key] for key in ("id", "source", "met", "status") if each[key]}
                made["milestones"].append(kept)
            else:
                log.lose(phrase("imports.lost.milestones"), contract.place)
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
        if phase is None:
            log.lose(phrase("imports.lost.phases"), activity.place)
            continue
        read = activity.phase(agreement.currency)
        kept = {key: read[key] for key in ("actual", "spending", "source", "custom") if read.get(key)}
        phases.setdefault(phase.id, {"id": phase.id, **kept})
        for kpi in activity.kpis():
            if kpi["id"] in known and kpi["id"] not in kpis:
                kpis[kpi["id"]] = {"id": kpi["id"], "readings": kpi["readings"]}
            else:
                log.lose(phrase("imports.lost.kpis"), activity.place)
    data = {"phases": list(phases.values()), "kpis": list(kpis.values())}
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
    return day_of(root.attributes.get("generated-datetime", "").partition(".")[0].replace(" ", "T"))
