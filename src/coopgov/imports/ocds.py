"""Reads contracts in OCDS 1.0 and 1.1: packages of releases or of records, or one release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.imports.dates import Days
from coopgov.imports.json_source import fields, items, text_of
from coopgov.imports.ocds_money import Payments, amount_of
from coopgov.imports.whole import Ids
from coopgov.locales import phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, tzinfo

    from coopgov.imports.result import Log

__all__ = ["Contract", "OcdsReader"]

_STATUSES = {"met": "met", "notMet": "not met", "partiallyMet": "partially met"}
_MOST_CONTRACTS = 10_000
_KEPT = {
    "id",
    "awardID",
    "title",
    "description",
    "status",
    "period",
    "value",
    "dateSigned",
    "milestones",
    "implementation",
    "amendments",
    "amendment",
}


class Contract:
    """A contract of a process: its newest content, and its content in each dated release."""

    def __init__(self, ocid: str, key: str) -> None:
        self.ocid, self.key = ocid, key
        self.now: dict[str, Any] = {}
        self.dated: list[tuple[date | None, dict[str, Any]]] = []
        self.title = ""
        self.parties: list[tuple[str, str]] = []
        self.place = ""


class OcdsReader:
    """One file: its contracts, and the keys of an agreement that each has."""

    def __init__(self, data: dict[str, Any], file: str, zone: tzinfo, log: Log) -> None:
        self.data, self.file, self.log = data, file, log
        self.days = Days((), zone, ())
        self.contracts: dict[tuple[str, str], Contract] = {}
        records = items(data.get("records"))
        for at, record in enumerate(records):
            self._record(fields(record), f"{file}: records[{at}]")
        releases = items(data.get("releases")) or ([data] if data.get("ocid") and not records else [])
        placed = [(fields(each), f"{file}: releases[{at}]") for at, each in enumerate(releases)]
        self._releases(placed)

    def day(self, value: object, place: str = "") -> date | None:
        """The day of a moment; one that cannot be read is lost."""
        text = text_of(value)
        found = self.days.read(text) if text else None
        if text and found is None and place:
            self.log.lose(phrase("imports.lost.unread"), place)
        return found

    @property
    def published(self) -> date | None:
        """The day on which the package was published, else that of its newest release."""
        stated = self.day(self.data.get("publishedDate"))
        if stated or not self.data.get("ocid"):
            return stated
        return self.day(self.data.get("date"))

    def _record(self, record: dict[str, Any], place: str) -> None:
        releases = [
            (fields(each), f"{place}.releases[{at}]")
            for at, each in enumerate(items(record.get("releases")))
            if "url" not in fields(each)
        ]
        self._releases(releases)
        compiled = fields(record.get("compiledRelease"))
        for contract in self._in(compiled, f"{place}.compiledRelease", compiled=True):
            found = self.contracts.setdefault((contract.ocid, contract.key), contract)
            found.now = contract.now

    def _releases(self, releases: list[tuple[dict[str, Any], str]]) -> None:
        """Compile the releases of each process in the order of their dates: the newest value of each key holds."""
        ordered = sorted(releases, key=lambda one: text_of(one[0].get("date")))
        for release, place in ordered:
            for contract in self._in(release, place):
                known = self.contracts.setdefault((contract.ocid, contract.key), contract)
                day = self.day(release.get("date"), place)
                tags = {text_of(each) for each in items(release.get("tag"))}
                if "contractAmendment" not in tags or known is contract:
                    known.now = _merged(known.now, contract.now)
                else:
                    before = {key: value for key, value in contract.now.items() if key not in known.now}
                    known.now = _merged(known.now, {**contract.now, **before})
                known.dated.append((day, contract.now))

    def _in(self, release: dict[str, Any], place: str, *, compiled: bool = False) -> Iterator[Contract]:
        ocid = text_of(release.get("ocid")) or text_of(self.data.get("ocid"))
        names = _party_names(release)
        for at, each in enumerate(items(release.get("contracts"))[:_MOST_CONTRACTS]):
            own = fields(each)
            key = text_of(own.get("id"))
            if not key:
                found, expected = phrase("common.nothing"), phrase("imports.rows.id")
                self.log.reject(f"{place}.contracts[{at}]", "missing-id", found, expected)
                continue
            contract = Contract(ocid, key)
            contract.now, contract.place, contract.parties = own, f"{place}.contracts[{at}]", names
            contract.title = text_of(own.get("title")) or text_of(fields(release.get("tender")).get("title"))
            if compiled or (ocid, key) not in self.contracts:
                for name in own:
                    if name not in _KEPT:
                        self.log.lose(verbatim(f"contracts.{name}"), contract.place)
            yield contract

    def phase(self, contract: Contract, currency: str, on: date) -> dict[str, Any]:
        """The phase of a contract: its period, its values, its payments and its milestones."""
        now = contract.now
        period = self._period(now, contract.place)
        found: dict[str, Any] = {"source": contract.key, "name": contract.title, "planned": period}
        value = amount_of(now.get("value"), currency, self.log, contract.place)
        found["budget"] = value
        found.update(self._earlier(contract, period, value, currency))
        found["spending"] = self.spending(contract, currency)
        found["milestones"] = self.milestones(contract, on)
        self.log.kept["contracts"] += 1
        self.log.kept["values"] += value is not None
        if text_of(now.get("status")):
            found["custom"] = {"status": text_of(now["status"])}
        return found

    def _period(self, contract: dict[str, Any], place: str) -> dict[str, Any]:
        period = fields(contract.get("period"))
        ends = {
            "start": self.day(period.get("startDate"), place),
            "end": self.day(period.get("endDate"), place),
        }
        return {key: day for key, day in ends.items() if day}

    def _earlier(
        self, contract: Contract, period: dict[str, Any], value: str | None, currency: str
    ) -> dict[str, Any]:
        """The first plan, and each other dated one, as far as they differ from the current."""
        plans: list[tuple[date | None, dict[str, Any]]] = []
        for day, own in contract.dated:
            content = {**self._period(own, ""), "budget": amount_of(own.get("value"), currency, None, "")}
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
        for day, own in contract.dated:
            payments.add(items(fields(own.get("implementation")).get("transactions")), day, contract.place)
        if not contract.dated or not payments.found:
            payments.add(
                items(fields(contract.now.get("implementation")).get("transactions")), None, contract.place
            )
        return payments.entries()

    def milestones(self, contract: Contract, on: date) -> list[dict[str, Any]]:
        """The milestones of a contract, those of its implementation included; of one id, the last counts."""
        now = contract.now
        found: dict[str, dict[str, Any]] = {}
        for each in (
            *items(now.get("milestones")),
            *items(fields(now.get("implementation")).get("milestones")),
        ):
            own = fields(each)
            key = text_of(own.get("id")) or text_of(own.get("title"))
            if key:
                found[key] = {**found.get(key, {}), **own}
        ids = Ids()
        return [self._milestone(own, ids.of(key, "m"), key, contract.place, on) for key, own in found.items()]

    def _milestone(self, own: dict[str, Any], name: str, key: str, place: str, on: date) -> dict[str, Any]:
        due, met = self.day(own.get("dueDate"), place), self.day(own.get("dateMet"), place)
        status = _STATUSES.get(text_of(own.get("status")), "")
        if status == "met" and met is None:
            self.log.tell("met-without-day", key)
        if status == "not met" and due and due > on:
            self.log.tell("not-met-before-due", key)
        if met and met > on:
            self.log.tell("after-the-day", key)
        self.log.kept["milestones"] += 1
        entry = {"is": status, "on": on} if status else None
        title = text_of(own.get("title")) or text_of(own.get("description"))
        return {
            "id": name,
            "name": title,
            "source": key,
            "due": due,
            "met": met,
            "status": [entry] if entry else [],
        }


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The newest value of each key, key by key in mappings; null removes nothing that was said before."""
    made = dict(old)
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(made.get(key), dict):
            made[key] = _merged(made[key], value) if len(made) < 1000 else value
        elif value is not None:
            made[key] = value
    return made


def _party_names(release: dict[str, Any]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for each in items(release.get("parties")):
        own = fields(each)
        roles = {text_of(role) for role in items(own.get("roles"))}
        if roles & {"buyer", "supplier", "procuringEntity"} and text_of(own.get("id")):
            found[text_of(own["id"])] = text_of(own.get("name"))
    buyer = fields(release.get("buyer"))
    suppliers = [
        fields(one) for each in items(release.get("awards")) for one in items(fields(each).get("suppliers"))
    ]
    for own in (buyer, *suppliers):
        key = text_of(own.get("id")) or text_of(own.get("name"))
        if key:
            found.setdefault(key, text_of(own.get("name")))
    return list(found.items())
