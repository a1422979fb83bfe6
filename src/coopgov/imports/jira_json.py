"""Reads issues of Jira as its search returns them in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.imports.bytes_of import refused
from coopgov.imports.dates import Days
from coopgov.imports.jira import sprint_of
from coopgov.imports.json_source import fields, items, json_of, text_of
from coopgov.imports.table import Row, table_of
from coopgov.imports.tasks import zone_for
from coopgov.imports.values import status_of
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.imports.bytes_of import Input
    from coopgov.imports.mapping import ImportMapping
    from coopgov.imports.result import Log
    from coopgov.imports.table import Table
    from coopgov.model import Agreement

__all__ = ["jira_table"]

_CATEGORIES = {"new": "not started", "indeterminate": "in progress", "done": "done"}
_NAMES = {
    "summary": "Summary",
    "status": "Status",
    "issuetype": "Issue Type",
    "assignee": "Assignee",
    "duedate": "Due date",
    "resolutiondate": "Resolved",
    "created": "Created",
    "updated": "Updated",
    "components": "Components",
    "fixVersions": "Fix versions",
    "labels": "Labels",
    "description": "Description",
    "priority": "Priority",
    "resolution": "Resolution",
    "reporter": "Reporter",
    "timeoriginalestimate": "Original estimate",
    "timeestimate": "Remaining Estimate",
    "timespent": "Time Spent",
}
_KNOWN = ("name", "displayName", "value", "key", "emailAddress", "accountId", "id")
_SKIPPED = {"parent", "comment", "worklog", "subtasks", "issuelinks", "attachment"}


def jira_table(source: Input, mapping: ImportMapping, agreement: Agreement, log: Log) -> Table:
    """The issues of a file as a table, whose columns have the names that the file gives its fields."""
    data = json_of(source, "issues")
    issues = [each for each in items(data["issues"]) if isinstance(each, dict)]
    if len(issues) < len(items(data["issues"])) or not isinstance(data["issues"], list):
        raise refused(
            source.name,
            "wrong-type",
            phrase("imports.source.not-issues"),
            phrase("imports.source.other-file"),
        )
    total = data.get("total")
    if (
        (isinstance(total, int) and total > len(issues))
        or data.get("isLast") is False
        or data.get("nextPageToken")
    ):
        log.tell("incomplete", count=len(issues))
    names = {
        **_NAMES,
        **{key: text_of(value) for key, value in fields(data.get("names")).items() if text_of(value)},
    }
    run = _Run(source.name, mapping, agreement, names, issues, log)
    things = [run.thing(at, issue) for at, issue in enumerate(issues)]
    aliases = {key: names[key] for key in names if key.startswith("customfield_")}
    own = {_NAMES[key]: names[key] for key in _NAMES if names[key] != _NAMES[key]}
    known = frozenset({*names.values(), "Sprint", "Parent key", "Epic Link"})
    return table_of(source.name, things, aliases={**own, **aliases}, statuses=run.statuses, known=known)


class _Run:
    def __init__(
        self,
        file: str,
        mapping: ImportMapping,
        agreement: Agreement,
        names: dict[str, str],
        issues: list[dict[str, Any]],
        log: Log,
    ) -> None:
        self.file, self.mapping, self.names, self.log = file, mapping, names, log
        self.zone = zone_for(mapping, agreement)
        self.known = {text_of(each.get("key")): each for each in issues}
        self.statuses: dict[str, str] = {}
        for each in issues:
            status = fields(fields(each.get("fields")).get("status"))
            category = _CATEGORIES.get(text_of(fields(status.get("statusCategory")).get("key")))
            if category:
                self.statuses.setdefault(text_of(status.get("name")), category)
        entry = mapping.fields.get("status")
        self.meant = dict(entry.values) if entry else {}

    def thing(self, at: int, issue: dict[str, Any]) -> tuple[Row, list[tuple[str, str]]]:
        place = f"{self.file}: issues[{at}]"
        own = fields(issue.get("fields"))
        values = [("Issue key", text_of(issue.get("key"))), ("Issue id", text_of(issue.get("id")))]
        sprint: tuple[str, str] | None = None
        for key, value in own.items():
            name = self.names.get(key, key)
            if key in _SKIPPED:
                count = len(
                    items(value)
                    or items(fields(value).get("comments"))
                    or items(fields(value).get("worklogs"))
                )
                if count:
                    self.log.lose_column(name, place, count)
                continue
            if _is_sprint(value):
                sprint = _window(value) or sprint
                name = "Sprint"
            values += [(name, text) for text in _texts(value)]
        parent = fields(own.get("parent"))
        if text_of(parent.get("key")):
            values.append(("Parent key", text_of(parent["key"])))
        status = self._category(fields(own.get("status")))
        given = self._actual(issue, own, status)
        row = Row(place, (), given, status, groups={"epic": self._epics(issue)}, sprint=sprint)
        return row, [(name, text) for name, text in values if text]

    def _category(self, status: dict[str, Any]) -> str:
        """The category of a status, which is the same in every language."""
        return _CATEGORIES.get(text_of(fields(status.get("statusCategory")).get("key")), "")

    def _epics(self, issue: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
        for _ in range(20):
            parent = fields(fields(issue.get("fields")).get("parent"))
            key = text_of(parent.get("key")) or self._epic_link(issue)
            if not key:
                return ()
            kind = text_of(fields(fields(parent.get("fields")).get("issuetype")).get("name"))
            title = text_of(fields(parent.get("fields")).get("summary"))
            above = self.known.get(key)
            if (
                above is None
                or kind.casefold() == "epic"
                or not fields(fields(above.get("fields")).get("parent"))
            ):
                title = title or text_of(fields(fields(above).get("fields")).get("summary"))
                return (tuple(each for each in (key, text_of(parent.get("id")), title) if each),)
            issue = above
        return ()

    def _epic_link(self, issue: dict[str, Any]) -> str:
        own = fields(issue.get("fields"))
        return next((text_of(own[key]) for key in own if self.names.get(key) == "Epic Link"), "")

    def _status(self, name: str) -> str:
        said = self.meant.get(name) or self.statuses.get(name, "")
        return status_of(said or name)

    def _actual(self, issue: dict[str, Any], own: dict[str, Any], status: str) -> dict[str, Any]:
        """When work began and ended: by the changes of the status, else by the day of the resolution."""
        days = Days((), self.zone, ())
        log = fields(issue.get("changelog"))
        total = log.get("total")
        histories = items(log.get("histories"))
        if isinstance(total, int) and total > len(histories):
            self.log.tell("short-changelog", text_of(issue.get("key")))
        changes = [
            (text_of(fields(each).get("created")), self._status(text_of(fields(item).get("toString"))))
            for each in histories
            for item in items(fields(each).get("items"))
            if text_of(fields(item).get("field")) == "status"
        ]
        changes.sort(key=lambda change: change[0])
        actual: dict[str, Any] = {}
        start = next((at for at, to in changes if to == "in progress"), "")
        if begun := days.read(start):
            actual["start"] = begun
        status_name = text_of(fields(own.get("status")).get("name"))
        done = (self._status(status_name) or status) == "done"
        end = changes[-1][0] if changes and changes[-1][1] == "done" else ""
        if not changes and done:
            end = text_of(own.get("resolutiondate"))
        if ended := days.read(end):
            actual["end"] = ended
        return {"actual": actual} if actual else {}


def _is_sprint(value: object) -> bool:
    first = items(value)[:1]
    return bool(first) and (
        (isinstance(first[0], dict) and "state" in first[0] and "name" in first[0])
        or "greenhopper" in text_of(first[0])
    )


def _window(value: object) -> tuple[str, str] | None:
    for each in reversed(items(value)):
        start, end = text_of(fields(each).get("startDate")), text_of(fields(each).get("endDate"))
        if start and end:
            return start, end
    return sprint_of([text_of(each) for each in items(value)])


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        if value.get("type") == "doc":
            yield _document_text(value)
        else:
            found = next((text_of(value[key]) for key in _KNOWN if text_of(value.get(key))), "")
            child = text_of(fields(value.get("child")).get("value"))
            yield f"{found} - {child}" if child else found
    else:
        yield text_of(value)


def _document_text(document: dict[str, Any]) -> str:
    """The text of a description in the Atlassian Document Format, without its form."""
    found: list[str] = []
    waiting: list[Any] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            found.append(text_of(node.get("text")))
            waiting.append(items(node.get("content")))
    return " ".join(each for each in found if each)
