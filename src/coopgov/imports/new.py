"""Makes whole agreements of a plan in MSPDI, of contracts in OCDS, or of activities in IATI."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from coopgov.arguments import A_PATH, a_day, checked, or_none
from coopgov.imports.bytes_of import Input, refused
from coopgov.imports.iati import activities_of
from coopgov.imports.json_source import lose_unread as lose_keys
from coopgov.imports.mspdi import day_of, file_day, last_day_of, lose_summary, plan_of
from coopgov.imports.mspdi_calendar import calendar_keys
from coopgov.imports.ocds import OcdsReader
from coopgov.imports.project import linked, observed_keys
from coopgov.imports.public_data import generated_day, ocds_data
from coopgov.imports.readers import resolved_day
from coopgov.imports.result import Log
from coopgov.imports.whole import Ids, identifier, new_import
from coopgov.imports.xml_source import lose_unread, xml_of
from coopgov.locales import phrase

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from coopgov.imports.mspdi_plan import Plan, PlanTask
    from coopgov.imports.result import Import
    from coopgov.imports.xml_source import Element

__all__ = ["read_new"]


@checked(path=A_PATH, as_of=or_none(a_day))
def read_new(path: str | Path, *, as_of: date | None = None) -> Import:
    """Make whole agreements of a file: of a plan in MSPDI, of each contract in OCDS, or of each activity in IATI.

    Args:
        path: the file.
        as_of: the day on which it was observed; by default, the day that the file says.

    Raises:
        SourceError: it cannot be read, is of another format, or does not say its day.
    """
    source = Input(path)
    start = source.data[:4000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if start.startswith(b"{"):
        return _contracts(source, as_of)
    if start.startswith(b"<"):
        root = xml_of(source, "Project", "iati-activities", "iati-activity")
        return _plan(source, root, as_of) if root.name == "Project" else _activities(source, root, as_of)
    found = phrase("imports.source.unknown-format")
    raise refused(source.name, "wrong-type", found, phrase("imports.source.known-format"))


def _plan(source: Input, root: Element, as_of: date | None) -> Import:
    log = Log()
    plan = plan_of(source, root, log)
    on = resolved_day(source.name, as_of, file_day(plan.root, log))
    if not plan.currency:
        raise refused(
            source.name,
            "unknown-currency",
            phrase("imports.source.no-currency"),
            phrase("imports.source.currency"),
        )
    ends = {"start": root.parsed("StartDate", day_of), "end": root.parsed("FinishDate", last_day_of)}
    agreement = {
        "id": identifier(root.value("Name") or plan.name, "plan"),
        "title": plan.name,
        "currency": plan.currency,
        "term": {key: day for key, day in ends.items() if day},
        "calendar": calendar_keys(root),
        "parties": [_maker(root.value("Company") or root.value("Manager") or plan.name, log)],
        "phases": _phases(plan, on, log),
    }
    lose_unread(root, source.name, log)
    return new_import("mspdi", [agreement], on, log)


def _maker(name: str, log: Log) -> dict[str, str]:
    """The party of a source that names none: an agreement has at least one."""
    log.tell("no-party", name)
    return {"id": "party", "name": name}


def _phases(plan: Plan, on: date, log: Log) -> list[dict[str, Any]]:
    phases: dict[str, dict[str, Any]] = {}
    for task in plan.tasks:
        if task.summary:
            if task.level == 1:
                phases[task.id] = {"id": task.id, "name": task.name, "planned": task.keys.get("planned")}
                phases[task.id].update({"tasks": [], "milestones": []})
                _lose_keys("summary", task, {"planned"}, log)
            else:
                lose_summary(task, log)
            continue
        phase = phases.get(task.top.id) if task.top else None
        if phase is None:
            log.tell("project-phase", task.name or task.id)
            phase = phases.setdefault(
                "project", {"id": "project", "name": plan.name, "tasks": [], "milestones": []}
            )
        _add(task, phase, on, log)
    where = {each["id"]: phase["id"] for phase in phases.values() for each in phase["tasks"]}
    for phase in phases.values():
        for each in phase["tasks"]:
            linked(each, phase["id"], where, log)
    return list(phases.values())


def _lose_keys(sort: str, task: PlanTask, kept: set[str], log: Log) -> None:
    """Count what was read of a task, and has no place in a phase or a milestone."""
    for key in [*task.keys, *(["owner"] if task.owners else [])]:
        if key not in kept:
            log.lose_key(sort, key, task.place)


def _add(task: PlanTask, phase: dict[str, Any], on: date, log: Log) -> None:
    keys = observed_keys(task, on, log)
    names = {"id": task.id, "name": task.name, "source": task.id}
    if task.milestone:
        planned, actual = keys.get("planned", {}), keys.get("actual", {})
        for key, window in (("planned", planned), ("actual", actual)):
            if len(set(window.values())) > 1:
                log.lose_key("milestone", f"{key} start", task.place)
        _lose_keys("milestone", task, {"planned", "actual"}, log)
        due = planned.get("end") or planned.get("start")
        phase["milestones"].append({**names, "due": due, "met": actual.get("end") or actual.get("start")})
        log.kept["milestones"] += 1
        return
    status = keys.pop("status")
    if task.owners:
        keys["custom"] = {"resources": ", ".join(task.owners)}
    phase["tasks"].append({**names, **keys, "status": [{"is": status, "on": on}]})
    log.kept["tasks"] += 1


def _contracts(source: Input, as_of: date | None) -> Import:
    log = Log()
    reader = OcdsReader(ocds_data(source), source.name, UTC, log)
    on = resolved_day(source.name, as_of, reader.published)
    made = []
    ids = Ids()
    for contract in reader.contracts.values():
        currency = contract.now.inner("value").text("currency")
        if not currency:
            reader.settle(contract)
            expected = phrase("imports.source.currency")
            log.reject(contract.place, "unknown-currency", phrase("imports.source.no-currency"), expected)
            continue
        phase = reader.phase(contract, currency, on)
        parties = Ids()
        made.append(
            {
                "id": ids.of(f"{contract.ocid}-{contract.key}", "contract"),
                "title": contract.title or contract.key,
                "currency": currency,
                "term": phase["planned"],
                "parties": [
                    {"id": parties.of(key, "party"), "name": name or key} for key, name in contract.parties
                ]
                or [_maker(contract.ocid or contract.key, log)],
                "phases": [{"id": identifier(contract.key, "contract"), **phase}],
            }
        )
    lose_keys(reader.data, source.name, log)
    return new_import("ocds", made, on, log)


def _activities(source: Input, root: Element, as_of: date | None) -> Import:
    log = Log()
    on = resolved_day(source.name, as_of, generated_day(root))
    made = []
    ids = Ids()
    for activity in activities_of(root, source.name, on, log):
        if not activity.currency:
            expected = phrase("imports.source.currency")
            log.reject(activity.place, "unknown-currency", phrase("imports.source.no-currency"), expected)
            continue
        phase = activity.phase(activity.currency)
        name = ids.of(activity.id, "activity")
        made.append(
            {
                "id": name,
                "title": activity.title or activity.id,
                "currency": activity.currency,
                "term": phase.get("planned"),
                "parties": activity.parties() or [_maker(activity.id, log)],
                "kpis": activity.kpis(),
                "phases": [{"id": identifier(activity.id, "activity"), **phase}],
            }
        )
    lose_unread(root, source.name, log)
    return new_import("iati", made, on, log)
