"""The readers of tasks, each a function from a file and a mapping to an import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.arguments import A_PATH, a_day, an_instance, checked, or_none
from coopgov.errors import AgreementError, MappingError
from coopgov.imports.bytes_of import Input, refused
from coopgov.imports.columns import wanted_columns
from coopgov.imports.csv_table import csv_table
from coopgov.imports.jira import jira_rows
from coopgov.imports.jira_json import jira_table
from coopgov.imports.json_source import json_of, lose_unread
from coopgov.imports.mapping import ImportMapping
from coopgov.imports.result import Import, Log
from coopgov.imports.table import mapping_fault
from coopgov.imports.tasks import TaskReader
from coopgov.imports.trello import trello_day, trello_table
from coopgov.imports.zentao import zentao_rows
from coopgov.locales import phrase
from coopgov.model import Agreement, build_part
from coopgov.model.agreement import own_contents
from coopgov.schema import LocalText, quoted

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from coopgov.imports.table import Table
    from coopgov.model import AgreementPart

__all__ = [
    "ARGUMENTS",
    "finished",
    "opened",
    "read_csv_tasks",
    "read_jira",
    "read_trello",
    "read_zentao",
    "resolved_day",
]

_OBSERVED = {"id", "planned", "actual", "forecast", "status", "progress", "spending", "source", "custom"}
"""What a part may say about a task that the agreement declares."""
ARGUMENTS = {
    "path": A_PATH,
    "mapping": an_instance(ImportMapping, "errors.expected.import-mapping", "errors.hints.import-mapping"),
    "agreement": an_instance(Agreement, "errors.expected.agreement", "errors.hints.agreement"),
    "as_of": or_none(a_day),
}


@checked(**ARGUMENTS)
def read_csv_tasks(
    path: str | Path, mapping: ImportMapping, agreement: Agreement, *, as_of: date | None = None
) -> Import:
    """Read a table of tasks from a CSV file.

    Args:
        path: the file.
        mapping: which column is which part of a task; `load_import_mapping` reads one.
        agreement: the agreement whose phases and members the mapping names.
        as_of: the day on which the file was exported; a CSV file does not say it.

    Raises:
        MappingError: the mapping does not fit the file or the agreement.
        SourceError: the file cannot be read, or `as_of` is missing.
    """
    source, log = opened(path, mapping, agreement, "csv"), Log()
    table = csv_table(source, mapping, wanted_columns(mapping), log)
    return _tasks(table, mapping, agreement, resolved_day(source.name, as_of, None), log)


@checked(**ARGUMENTS)
def read_zentao(
    path: str | Path, mapping: ImportMapping, agreement: Agreement, *, as_of: date | None = None
) -> Import:
    """Read a CSV export of 禅道 (ZenTao), whose columns are known; its encoding is GBK if the mapping says no other.

    The arguments and errors are those of `read_csv_tasks`.
    """
    source, log = opened(path, mapping, agreement, "zentao"), Log()
    table = zentao_rows(csv_table(source, mapping, wanted_columns(mapping), log), log)
    return _tasks(table, mapping, agreement, resolved_day(source.name, as_of, None), log)


@checked(**ARGUMENTS)
def read_jira(
    path: str | Path, mapping: ImportMapping, agreement: Agreement, *, as_of: date | None = None
) -> Import:
    """Read an export of Jira: CSV, or the JSON of its search; the mapping says which.

    The arguments and errors are those of `read_csv_tasks`.
    """
    source, log = opened(path, mapping, agreement, "jira-csv", "jira-json"), Log()
    if mapping.format == "jira-csv":
        table = jira_rows(csv_table(source, mapping, wanted_columns(mapping), log))
        return _tasks(table, mapping, agreement, resolved_day(source.name, as_of, None), log)
    data = json_of(source, "issues")
    table = jira_table(source, data, mapping, agreement, log)
    on = resolved_day(source.name, as_of, None)
    phases = TaskReader(table, mapping, agreement, on, log).phases()
    lose_unread(data, source.name, log)
    return finished(source.name, mapping, {"phases": phases}, on, log, agreement)


@checked(**ARGUMENTS)
def read_trello(
    path: str | Path, mapping: ImportMapping, agreement: Agreement, *, as_of: date | None = None
) -> Import:
    """Read the JSON export of a Trello board.

    The arguments and errors are those of `read_csv_tasks`; without `as_of`, the day is that of its last activity.
    """
    source, log = opened(path, mapping, agreement, "trello"), Log()
    table, board = trello_table(source, mapping, agreement, log)
    on = resolved_day(source.name, as_of, trello_day(board, mapping, agreement))
    phases = TaskReader(table, mapping, agreement, on, log).phases()
    lose_unread(board, source.name, log)
    return finished(source.name, mapping, {"phases": phases}, on, log, agreement)


def opened(path: str | Path, mapping: ImportMapping, agreement: Agreement, *formats: str) -> Input:
    """Open a file whose mapping is for one of some formats, and for this agreement."""
    if mapping.format not in formats:
        found, expected = quoted(mapping.format), quoted(formats[0])
        raise mapping_fault(mapping, ("from",), "wrong-choice", found, expected)
    if mapping.into != agreement.id:
        expected = phrase("model.other-agreement.expected", id=agreement.id)
        raise mapping_fault(mapping, ("into",), "other-agreement", quoted(mapping.into), expected)
    return Input(path)


def resolved_day(name: str, as_of: date | None, own: date | None) -> date:
    """The day on which a file was observed.

    Raises:
        SourceError: neither the caller nor the file says it.
    """
    if as_of or own:
        return as_of or own  # type: ignore[return-value]  # one of them is there
    found, expected = phrase("common.nothing"), phrase("imports.source.day")
    raise refused(name, "no-day", found, expected, phrase("imports.source.write-day"))


def _tasks(table: Table, mapping: ImportMapping, agreement: Agreement, on: date, log: Log) -> Import:
    phases = TaskReader(table, mapping, agreement, on, log).phases()
    return finished(table.file, mapping, {"phases": phases}, on, log, agreement)


def finished(
    file: str, mapping: ImportMapping, data: dict[str, Any], on: date, log: Log, agreement: Agreement
) -> Import:
    """The import of what was read: a part that sets no terms of tasks that the agreement declares.

    Raises:
        MappingError: values that the model refuses.
    """
    origin = {"format": mapping.format, "file": file, "on": on}
    if mapping.source:
        origin["source"] = mapping.source
    head = {"coopgov": "part/1", "into": mapping.into, "from": origin}
    part = _part({**head, **data})
    if _without_terms(data, part, agreement, log):
        part = _part({**head, **data})
    return Import(part, mapping.format, on, dict(log.kept), log.lost(), tuple(log.rejected), log.told())


def _part(data: dict[str, Any]) -> AgreementPart:
    try:
        return build_part({key: value for key, value in data.items() if value})
    except AgreementError as error:
        raise MappingError(error.faults) from None


def _without_terms(data: dict[str, Any], part: AgreementPart, agreement: Agreement, log: Log) -> bool:
    """Leave out the terms of tasks that the agreement declares; those that differ are reported."""
    declared = {(phase.id, task.id): task for phase in own_contents(agreement).phases for task in phase.tasks}
    changed = False
    for phase, read in zip(data.get("phases", ()), part.phases, strict=True):
        for task, made in zip(phase.get("tasks", ()), read.tasks, strict=True):
            agreed = declared.get((read.id, made.id))
            for key in [each for each in task if agreed and each not in _OBSERVED]:
                del task[key]
                changed = True
                if not _same(getattr(made, key), getattr(agreed, key)):
                    log.tell("other-terms", f"{made.id}.{key}")
    return changed


def _same(mine: object, theirs: object) -> bool:
    if isinstance(mine, LocalText) and isinstance(theirs, LocalText):
        return str(mine) in {said for _, said in theirs.entries}
    return mine == theirs
