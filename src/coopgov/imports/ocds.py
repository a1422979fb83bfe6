"""Reads contracts in OCDS 1.0 and 1.1: packages of releases or of records, or one release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.imports.dates import Days
from coopgov.imports.json_source import Object, items, merged, settle, text_of
from coopgov.imports.ocds_money import Payments, amount_of
from coopgov.imports.whole import Ids
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, tzinfo

    from coopgov.imports.result import Log

__all__ = ["Contract", "OcdsReader"]

_STATUSES = {"met": "met", "notMet": "not met", "partiallyMet": "partially met"}


class Contract:
    """A contract of a process: its newest content, and its content in each dated release."""

    def __init__(self, ocid: str, key: str) -> None:
        self.ocid, self.key = ocid, key
        self.now = Object()
        self.dated: list[tuple[date | None, Object, str]] = []
        self.title = ""
        self.parties: list[tuple[str, str]] = []
        self.place = ""


class OcdsReader:
    """One file: its contracts, and the keys of an agreement that each has."""

    def __init__(self, data: Object, file: str, zone: tzinfo, log: Log) -> None:
        self.data, self.file, self.log = data, file, log
        self.days = Days((), zone, ())
        self.contracts: dict[tuple[str, str], Contract] = {}
        for record, place in _placed(data, "records", f"{file}: "):
            self._record(record, place)
        releases = _placed(data, "releases", f"{file}: ")
        if not releases and "records" not in data and data.text("ocid"):
            releases = [(data, f"{file}: ")]
        self._releases(releases)

    def day(self, value: object, place: str = "") -> date | None:
        """The day of a moment; one that cannot be read is lost."""
        text = text_of(value).strip()
        found = self.days.read(text) if text else None
        if text and found is None and place:
            self.log.lose(phrase("imports.lost.unread"), place)
        return found

    @property
    def published(self) -> date | None:
        """The day on which the package was published, else that of its newest release."""
        stated = self.day(self.data.text("publishedDate"))
        if stated or not self.data.text("ocid"):
            return stated
        return self.day(self.data.text("date"))

    def _record(self, record: Object, place: str) -> None:
        found = _placed(record, "releases", f"{place}.")
        self._releases([(each, there) for each, there in found if "url" not in each])
        for contract in self._in(record.inner("compiledRelease"), f"{place}.compiledRelease"):
            known = self.contracts.setdefault((contract.ocid, contract.key), contract)
            if known is not contract:
                merged(known.now, contract.now)
            known.now = contract.now

    def _releases(self, releases: list[tuple[Object, str]]) -> None:
        """Compile the releases of each process in the order of their dates: the newest value of each key holds."""
        ordered = sorted(releases, key=lambda one: text_of(one[0].peek("date")))
        for release, place in ordered:
            for contract in self._in(release, place):
                known = self.contracts.setdefault((contract.ocid, contract.key), contract)
                day = self.day(release.text("date"), place)
                if known is not contract:
                    known.now = merged(known.now, contract.now)
                    known.title = known.title or contract.title
                    known.parties = known.parties or contract.parties
                known.dated.append((day, contract.now, contract.place))

    def _in(self, release: Object, place: str) -> Iterator[Contract]:
        ocid = release.text("ocid") or self.data.text("ocid")
        contracts = release.array("contracts")
        names = _party_names(release) if contracts else []
        for at, own in enumerate(contracts):
            where = f"{place}{'' if place.endswith(' ') else '.'}contracts[{at}]"
            if not isinstance(own, Object) or not own.text("id"):
                settle([own])
                self.log.reject(where, "missing-id", phrase("common.nothing"), phrase("imports.rows.id"))
                continue
            contract = Contract(ocid, own.text("id"))
            contract.now, contract.place, contract.parties = own, where, names
            contract.title = own.text("title") or release.inner("tender").text("title")
            yield contract

    def phase(self, contract: Contract, currency: str, on: date) -> dict[str, Any]:
        """The phase of a contract: its period, its values, its payments and its milestones."""
        now = contract.now
        period = self._period(now, contract.place)
        found: dict[str, Any] = {"source": contract.key, "name": contract.title, "planned": period}
        value = amount_of(now.inner("value"), currency, self.log, contract.place)
        found["budget"] = value
        found.update(self._earlier(contract, period, value, currency))
        found["spending"] = self.spending(contract, currency)
        found["milestones"] = self.milestones(contract, on)
        self.log.kept["contracts"] += 1
        self.log.kept["values"] += value is not None
        self.log.kept["milestones"] += len(found["milestones"])
        status = now.text("status")
        if status:
            found["custom"] = {"status": status}
        return found

    def settle(self, contract: Contract) -> None:
        """Account for a contract as a whole."""
        settle([contract.now, *(own for _, own, _ in contract.dated)])

    def _period(self, contract: Object, place: str) -> dict[str, Any]:
        period = contract.inner("period")
        ends = {
            "start": self.day(period.text("startDate"), place),
            "end": self.day(period.text("endDate"), place),
        }
        return {key: day for key, day in ends.items() if day}

    def _earlier(
        self, contract: Contract, period: dict[str, Any], value: str | None, currency: str
    ) -> dict[str, Any]:
        """The first plan, and each other dated one, as far as they differ from the current."""
        plans: list[tuple[date | None, dict[str, Any]]] = []
        for day, own, _ in contract.dated:
            content = {**self._period(own, ""), "budget": amount_of(own.inner("value"), currency, None, "")}
            content = {key: each for key, each in content.items() if each is not None}
            if content and all(content != known for _, known in plans):
                plans.append((day, content))
        current = {**period, **({"budget": value} if value is not None else {})}
        if not plans or (len(plans) == 1 and plans[0][1] == current):
            return {}
        ids = Ids()
        baselines = [
            {"id": ids.of(f"r-{day}" if day else "r", "r"), "on": day, **content} for day, content in plans
        ]
        return {"original": plans[0][1], "baselines": baselines}

    def spending(self, contract: Contract, currency: str) -> list[dict[str, Any]]:
        """The payments of a contract."""
        payments = Payments(currency, self.log, self.day)
        for day, own, place in contract.dated:
            payments.add(own.inner("implementation").array("transactions"), day, f"{place}.implementation")
        if not contract.dated or not payments.found:
            listed = contract.now.inner("implementation").array("transactions")
            payments.add(listed, None, f"{contract.place}.implementation")
        return payments.entries()

    def milestones(self, contract: Contract, on: date) -> list[dict[str, Any]]:
        """The milestones of a contract, those of its implementation included; of one id, the last counts."""
        now = contract.now
        found: dict[str, Object] = {}
        for own in (*now.objects("milestones"), *now.inner("implementation").objects("milestones")):
            key = own.text("id") or own.text("title")
            if key:
                found[key] = merged(found[key], own) if key in found else own
        ids = Ids()
        return [self._milestone(own, ids.of(key, "m"), key, contract.place, on) for key, own in found.items()]

    def _milestone(self, own: Object, name: str, key: str, place: str, on: date) -> dict[str, Any]:
        due, met = self.day(own.text("dueDate"), place), self.day(own.text("dateMet"), place)
        status = _STATUSES.get(text_of(own.peek("status")), "")
        if status:
            own.text("status")
        if status == "met" and met is None:
            self.log.tell("met-without-day", key)
        if status == "not met" and due and due > on:
            self.log.tell("not-met-before-due", key)
        if met and met > on:
            self.log.tell("after-the-day", key)
        entry = {"is": status, "on": on} if status else None
        title = own.text("title") or own.text("description")
        return {
            "id": name,
            "name": title,
            "source": key,
            "due": due,
            "met": met,
            "status": [entry] if entry else [],
        }


def _placed(data: Object, key: str, before: str) -> list[tuple[Object, str]]:
    """The objects of a list with their places."""
    data.objects(key)
    return [
        (each, f"{before}{key}[{at}]") for at, each in enumerate(data.array(key)) if isinstance(each, Object)
    ]


def _party_names(release: Object) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for own in release.objects("parties"):
        roles = {text_of(role) for role in items(own.peek("roles"))}
        key = own.text("id")
        if roles & {"buyer", "supplier", "procuringEntity"} and key:
            found[key] = own.text("name")
    suppliers = [one for each in release.objects("awards") for one in each.objects("suppliers")]
    for own in (release.inner("buyer"), *suppliers):
        key = own.text("id") or own.text("name")
        if key:
            found.setdefault(key, own.text("name"))
    return list(found.items())
