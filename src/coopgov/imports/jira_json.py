"""Reads issues of Jira as its search returns them in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.imports.bytes_of import refused
from coopgov.imports.dates import Days
from coopgov.imports.jira import sprint_of
from coopgov.imports.json_source import Object, items, settle, text_of
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
_LISTS = ("comments", "worklogs")


def jira_table(source: Input, data: Object, mapping: ImportMapping, agreement: Agreement, log: Log) -> Table:
    """The issues of a file as a table, whose columns have the names that the file gives its fields."""
    issues = data.objects("issues")
    if not isinstance(data.peek("issues"), list) or len(issues) < len(data.array("issues")):
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
        or data.text("nextPageToken")
    ):
        log.tell("incomplete", count=len(issues))
    given = data.inner("names")
    names = {**_NAMES, **{key: text for key in given if (text := text_of(given.peek(key)))}}
    for key in {key for issue in issues for key in issue.inner("fields")}:
        given.text(key)
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
        issues: list[Object],
        log: Log,
    ) -> None:
        self.file, self.mapping, self.names, self.log = file, mapping, names, log
        self.zone = zone_for(mapping, agreement)
        self.known = {each.text("key"): each for each in issues}
        self.statuses: dict[str, str] = {}
        for each in issues:
            status = each.inner("fields").inner("status")
            category = self._category(status)
            if category:
                self.statuses.setdefault(status.text("name"), category)
        entry = mapping.fields.get("status")
        self.meant = dict(entry.values) if entry else {}

    def thing(self, at: int, issue: Object) -> tuple[Row, list[tuple[str, str]]]:
        place = f"{self.file}: issues[{at}]"
        own = issue.inner("fields")
        values = [("Issue key", issue.text("key")), ("Issue id", issue.text("id"))]
        sprint: tuple[str, str] | None = None
        for key in own:
            value = own.get(key)
            name = self.names.get(key, key)
            if key in _SKIPPED:
                self._lose(name, value, place)
                continue
            if _is_sprint(value):
                sprint = _window(value) or sprint
                name = "Sprint"
            values += [(name, text) for text in _texts(value)]
        parent = own.inner("parent").text("key")
        if parent:
            values.append(("Parent key", parent))
        status = self._category(own.inner("status"))
        given = self._actual(issue, own, status)
        row = Row(place, (), given, status, groups={"epic": self._epics(issue)}, sprint=sprint)
        return row, [(name, text) for name, text in values if text]

    def _lose(self, name: str, value: object, place: str) -> None:
        """Account for comments, work logs and the like, which are lists or hold one."""
        inside = value if isinstance(value, Object) else Object()
        listed = next((each for each in (value, *map(inside.peek, _LISTS)) if isinstance(each, list)), None)
        if listed is None:
            return
        if listed:
            self.log.lose_column(name, place, len(listed))
        settle([value])

    def _category(self, status: Object) -> str:
        """The category of a status, which is the same in every language."""
        return _CATEGORIES.get(status.inner("statusCategory").text("key"), "")

    def _epics(self, issue: Object) -> tuple[tuple[str, ...], ...]:
        for _ in range(20):
            parent = issue.inner("fields").inner("parent")
            key = parent.text("key") or self._epic_link(issue)
            if not key:
                return ()
            kind = parent.inner("fields").inner("issuetype").text("name")
            title = parent.inner("fields").text("summary")
            above = self.known.get(key)
            if above is None or kind.casefold() == "epic" or not above.inner("fields").inner("parent"):
                title = title or (above.inner("fields").text("summary") if above else "")
                return (tuple(each for each in (key, parent.text("id"), title) if each),)
            issue = above
        return ()

    def _epic_link(self, issue: Object) -> str:
        own = issue.inner("fields")
        return next((own.text(key) for key in own if self.names.get(key) == "Epic Link"), "")

    def _status(self, name: str) -> str:
        said = self.meant.get(name) or self.statuses.get(name, "")
        return status_of(said or name)

    def _actual(self, issue: Object, own: Object, status: str) -> dict[str, Any]:
        """When work began and ended: by the changes of the status, else by the day of the resolution."""
        days = Days((), self.zone, ())
        log = issue.inner("changelog")
        total = log.get("total")
        histories = log.objects("histories")
        if isinstance(total, int) and total > len(log.array("histories")):
            self.log.tell("short-changelog", issue.text("key"))
        changes = [
            (each.text("created"), self._status(item.text("toString")))
            for each in histories
            for item in each.objects("items")
            if item.peek("field") == "status" and item.text("field")
        ]
        changes.sort(key=lambda change: change[0])
        actual: dict[str, Any] = {}
        start = next((at for at, to in changes if to == "in progress"), "")
        if begun := days.read(start):
            actual["start"] = begun
        status_name = own.inner("status").text("name")
        done = (self._status(status_name) or status) == "done"
        end = changes[-1][0] if changes and changes[-1][1] == "done" else ""
        if not changes and done:
            end = own.text("resolutiondate")
        if ended := days.read(end):
            actual["end"] = ended
        return {"actual": actual} if actual else {}


def _is_sprint(value: object) -> bool:
    first = items(value)[:1]
    return bool(first) and (
        (isinstance(first[0], Object) and "state" in first[0] and "name" in first[0])
        or "greenhopper" in text_of(first[0])
    )


def _window(value: object) -> tuple[str, str] | None:
    for each in reversed(items(value)):
        if isinstance(each, Object):
            start, end = each.text("startDate"), each.text("endDate")
            if start and end:
                return start, end
    return sprint_of([text_of(each) for each in items(value)])


def _texts(value: object) -> Iterator[str]:
    """The texts of a field: of an object, the first of its names."""
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, Object):
        if value.peek("type") == "doc":
            settle(value)
            yield _document_text(value)
        else:
            found = next((text for key in _KNOWN if (text := value.text(key))), "")
            child = value.inner("child").text("value")
            yield f"{found} - {child}" if child else found
    else:
        yield text_of(value)


def _document_text(document: Object) -> str:
    """The text of a description in the Atlassian Document Format, without its form."""
    found: list[str] = []
    waiting: list[Any] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, Object):
            found.append(node.text("text"))
            waiting.append(node.array("content"))
    return " ".join(each for each in found if each)
