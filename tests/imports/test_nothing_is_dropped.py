"""Whatever a file holds beside what a reader knows is in its account, with its place: nothing is dropped silently."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from coopgov.imports import Import, read_import, read_new
from coopgov.model import load_agreement
from damaged_files import DAY, ROOT, SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = Path(__file__).parent / "files"
CONTRACT: dict[str, Any] = {
    "id": "core",
    "title": "Works",
    "status": "active",
    "value": {"amount": 5, "currency": "CNY"},
    "period": {"startDate": "2026-01-01", "endDate": "2026-12-31"},
    "milestones": [{"id": "go", "title": "Go", "status": "met", "dueDate": "2026-05-01"}],
    "implementation": {
        "transactions": [
            {
                "id": "p1",
                "date": "2026-02-01",
                "value": {"amount": 1, "currency": "CNY"},
                "payee": {"name": "X"},
            },
            {"id": "p2", "value": {"amount": "much"}},
        ]
    },
}
RELEASES: dict[str, Any] = {
    "publishedDate": "2026-06-30",
    "releases": [
        {
            "ocid": "o",
            "date": "2026-01-01",
            "tag": ["contract"],
            "parties": [{"id": "b", "name": "Buyer", "roles": ["buyer"]}, {"id": "t", "roles": ["tenderer"]}],
            "awards": [{"id": "a", "suppliers": [{"id": "s", "name": "S"}]}],
            "contracts": [CONTRACT, {"title": "no id"}, {"id": "other"}],
        },
        {
            "ocid": "o",
            "date": "2026-03-01",
            "contracts": [{**CONTRACT, "value": {"amount": 7, "currency": "CNY"}}],
        },
    ],
}
RECORDS: dict[str, Any] = {
    "publishedDate": "2026-06-30",
    "records": [
        {
            "ocid": "o",
            "releases": RELEASES["releases"],
            "compiledRelease": {"ocid": "o", "contracts": [CONTRACT]},
        },
        {"ocid": "l", "releases": [{"url": "https://example.org/1"}]},
    ],
}
FILES = {name: [SOURCES[name][0].decode()] for name in ("iati", "jira-json", "mspdi", "ocds", "trello")}
FILES["mspdi"].append((OWN / "plan.xml").read_text(encoding="utf-8"))
FILES["iati"].append((OWN / "activities.xml").read_text(encoding="utf-8"))
FILES["ocds"] += [json.dumps(RELEASES), json.dumps(RECORDS)]
AGREEMENT = load_agreement(ROOT / "examples" / "pilot" / "agreement.yaml")


def account(folder: Path, name: str, text: str, *, new: bool) -> Import:
    """What is read of a file."""
    path = folder / "source"
    path.write_text(text, encoding="utf-8")
    return read_new(path, as_of=DAY) if new else read_import(path, SOURCES[name][1], AGREEMENT, as_of=DAY)


def placed(found: Import) -> set[str]:
    """The places of everything that is lost or rejected."""
    return {place for each in found.lost for place in each.places} | {each.place for each in found.rejected}


def with_element(text: str) -> Iterator[tuple[str, set[str]]]:
    """The file with one unknown element or attribute, at each possible place, and the places that account for it.

    These are those of the element above and of all that it is in; of the unknown one itself, its name is asked for.
    """
    for how in ("element", "attribute"):
        for number in range(text.count("</") + text.count("/>")):
            root = ET.fromstring(text)  # noqa: S314  # a file of our own
            above = {child: parent for parent in root.iter() for child in parent}
            target = list(root.iter())[number]
            if how == "element":
                ET.SubElement(target, "zz-unknown").text = "1"
            else:
                target.set("zz-unknown", "1")
            whole: list[ET.Element] = [target]
            while whole[-1] in above:
                whole.append(above[whole[-1]])
            ET.indent(root)
            lines = (
                ET.tostring(root, encoding="unicode").replace(' xmlns:ns0="', ' xmlns="').replace("ns0:", "")
            )
            starts = [at for at, line in enumerate(lines.split("\n"), 1) if not line.strip().startswith("</")]
            order = list(root.iter())
            yield lines, {f"source:{starts[order.index(each)]}" for each in whole[:-1]}


@pytest.mark.parametrize("new", [False, True])
@pytest.mark.parametrize(("name", "at"), [("mspdi", 0), ("mspdi", 1), ("iati", 0), ("iati", 1)])
def test_an_unknown_element_or_attribute_is_listed(tmp_path: Path, name: str, at: int, new: bool) -> None:  # noqa: FBT001
    """By its name, or with something that is lost or rejected as a whole."""
    for text, whole in with_element(FILES[name][at]):
        found = account(tmp_path, name, text, new=new)
        named = any("zz-unknown" in each.what for each in found.lost)
        assert named or placed(found) & whole, text


def with_key(data: Any, value: object) -> Iterator[tuple[str, set[str]]]:
    """The file with one unknown key in each object, and the places that account for it: those of the objects around."""

    def objects(tree: Any, path: str) -> Iterator[tuple[Any, str]]:
        if isinstance(tree, dict):
            yield tree, path
            for key, each in tree.items():
                yield from objects(each, f"{path}.{key}" if path else key)
        elif isinstance(tree, list):
            for at, each in enumerate(tree):
                yield from objects(each, f"{path}[{at}]")

    for number in range(len(list(objects(data, "")))):
        tree = json.loads(json.dumps(data))
        target, path = list(objects(tree, ""))[number]
        target["zz-unknown"] = value
        around = {path[:at] for at in range(len(path) + 1) if path[at : at + 1] in {"", ".", "["}} - {""}
        yield json.dumps(tree), {f"source: {each}" for each in around}


@pytest.mark.parametrize("value", ["x", {"a": [1]}, False])
@pytest.mark.parametrize(
    ("name", "at"), [("jira-json", 0), ("trello", 0), ("ocds", 0), ("ocds", 1), ("ocds", 2)]
)
def test_an_unknown_key_is_listed(tmp_path: Path, name: str, at: int, value: object) -> None:
    """By its name, or with something that is lost or rejected as a whole."""
    for text, whole in with_key(json.loads(FILES[name][at]), value):
        for new in (False, True) if name == "ocds" else (False,):
            found = account(tmp_path, name, text, new=new)
            named = any("zz-unknown" in each.what for each in found.lost)
            assert named or placed(found) & whole, text


@pytest.mark.parametrize("name", ["csv", "jira-csv", "zentao"])
def test_an_unknown_column_is_listed(tmp_path: Path, name: str) -> None:
    """Wherever it is in the header, with as many cells as are filled and the first place."""
    text = SOURCES[name][0].decode("gb18030" if name == "zentao" else "utf-8-sig")
    rows = text.strip().split("\n")
    ends = [len(rows[0]), *(at for at, sign in enumerate(rows[0]) if sign == ",")]
    for at in range(len(ends)):
        made = "\n".join(inserted(row, at, "zz-unknown" if row is rows[0] else "1") for row in rows)
        path = tmp_path / "source"
        path.write_text(made, encoding="utf-8")
        found = read_import(path, SOURCES[name][1], AGREEMENT, as_of=DAY)
        assert {str(each.what): (each.count, each.places[0]) for each in found.lost}["zz-unknown"] == (
            len(rows) - 1,
            "source:2",
        )


def inserted(row: str, at: int, cell: str) -> str:
    """A row with another cell."""
    cells = row.split(",")
    return ",".join([*cells[:at], cell, *cells[at:]])


@pytest.mark.parametrize("value", [5, "x", [5], {"a": 1}, [["x"]]])
@pytest.mark.parametrize("key", ["tender", "awards", "contracts", "parties", "buyer"])
def test_a_key_of_another_type_is_listed(tmp_path: Path, key: str, value: object) -> None:
    """What a reader knows by name, but not in this form, is no silent loss either."""
    data = {**RELEASES, "releases": [*RELEASES["releases"], {"ocid": "p", "date": "2026-03-01", key: value}]}
    found = account(tmp_path, "ocds", json.dumps(data), new=True)
    assert any(each.startswith(f"source: releases[2].{key}") for each in placed(found))


def test_a_key_that_is_there_twice_is_listed(tmp_path: Path) -> None:
    """JSON keeps the last one."""
    text = json.dumps(RELEASES).replace('"title": "Works"', '"title": "Old", "title": "Works"')
    found = account(tmp_path, "ocds", text, new=True)
    assert "contracts.title" in {each.what for each in found.lost}


def test_columns_that_are_passed_over_are_listed(tmp_path: Path) -> None:
    """Of a list of columns the first filled one counts; what the others say differently is lost."""
    mapping = SOURCES["jira-csv"][1]
    text = (
        "Issue key,Issue Type,Epic Link,Status,Assignee,"
        "Custom field (Target start),Due date,Custom field (Target end)\n"
        "HD-1,Task,HD-100,,,,2026-06-01,2026-06-01\nHD-2,Task,HD-100,,,,2026-06-01,2026-06-02\n"
    )
    path = tmp_path / "source"
    path.write_text(text, encoding="utf-8")
    found = read_import(path, mapping, AGREEMENT, as_of=DAY)
    assert [(each.what, each.count, each.places) for each in found.lost] == [
        ("Custom field (Target end)", 1, ("source:3",))
    ]
