"""Evidence packs: verified elsewhere, and every changed byte is named."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from coopgov.errors import InputError
from coopgov.reports.evidence import EvidenceInputs, make_evidence
from coopgov.reports.verify import Difference, verify_evidence
from pilot import PILOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
extends: [cooperation-plan]
rules:
  - {id: goal-without-reason, override: true, enabled: false}
"""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A pack with an agreement, rules and notes, made in a folder that is gone when it is verified."""
    folder = tmp_path_factory.mktemp("inputs")
    for source in (PILOT / "agreement.yaml", PILOT.parent / "reports" / "notes.yaml"):
        (folder / source.name).write_bytes(source.read_bytes())
    (folder / "own.yaml").write_text(RULES)
    inputs = EvidenceInputs(
        agreement=folder / "agreement.yaml",
        period="2026-Q2",
        rules=(str(folder / "own.yaml"),),
        notes=folder / "notes.yaml",
        languages=("en", "zh-Hans"),
    )
    made = make_evidence(inputs, {"extra.pdf": b"%PDF"})
    assert make_evidence(inputs, {"extra.pdf": b"%PDF"}) == made
    for each in folder.iterdir():
        each.unlink()
    return made


def _members(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as file:
        return {name: file.read(name) for name in file.namelist()}


def _verified(members: Mapping[str, bytes], folder: Path) -> tuple[Difference, ...]:
    return verify_evidence(_written(members, folder)).differences


def _written(members: Mapping[str, bytes], folder: Path, compression: int = zipfile.ZIP_STORED) -> Path:
    path = folder / "pack.zip"
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def test_a_pack_is_verified_without_its_inputs(pack: bytes, tmp_path: Path) -> None:
    """It holds them; the report is made again in both languages and three formats."""
    path = tmp_path / "pack.zip"
    path.write_bytes(pack)
    result = verify_evidence(path)
    assert result.differences == ()
    assert result.ok
    assert len(result.checked) == 6


def test_a_pack_lists_what_it_was_made_from(pack: bytes) -> None:
    """The command, the versions, the calendar, and each input."""
    manifest = json.loads(_members(pack)["manifest.json"])
    assert manifest["command"].startswith("coopgov report agreement.yaml --period 2026-Q2 --rules own.yaml")
    assert manifest["calendar"]["holidays"] == ["2026-05-01", "2026-06-19"]
    assert [each["name"] for each in manifest["inputs"]] == [
        "inputs/agreement/agreement.yaml",
        "inputs/rules/own.yaml",
        "inputs/notes/notes.yaml",
    ]
    assert manifest["versions"]["python"]


def test_one_changed_byte_of_any_member_is_named(pack: bytes, tmp_path: Path) -> None:
    """Of an input, of a report, or of another file of the report."""
    members = _members(pack)
    for name in members:
        if name != "manifest.json":
            data = bytearray(members[name])
            data[-1] ^= 1
            assert _verified({**members, name: bytes(data)}, tmp_path) == (Difference("changed", name),)


def test_a_missing_and_an_unlisted_member_are_named(pack: bytes, tmp_path: Path) -> None:
    """Whatever they are."""
    members = _members(pack)
    name = "inputs/notes/notes.yaml"
    without = {key: data for key, data in members.items() if key != name}
    assert _verified(without, tmp_path) == (Difference("missing", name),)
    assert _verified({**members, "report/new": b""}, tmp_path) == (Difference("unlisted", "report/new"),)


def test_a_report_that_does_not_follow_is_named(pack: bytes, tmp_path: Path) -> None:
    """Even if its digest in the manifest was corrected: it is made again."""
    members = _members(pack)
    manifest = json.loads(members["manifest.json"])
    manifest["options"]["period"] = "2026-Q1"
    changed = {**members, "manifest.json": json.dumps(manifest).encode()}
    assert {each.what for each in _verified(changed, tmp_path)} == {"different"}


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "inputs/../../evil", "inputs\\evil", "report/a/../b", "other/x", "C:/x"],
)
def test_a_member_that_leads_elsewhere_is_refused(name: str, pack: bytes, tmp_path: Path) -> None:
    """Nothing is written."""
    with pytest.raises(InputError) as caught:
        verify_evidence(_written({**_members(pack), name: b"x"}, tmp_path))
    assert caught.value.faults[0].code == "not-evidence"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["pack.zip"]


def test_what_is_no_pack_is_refused(tmp_path: Path) -> None:
    """No file, no ZIP file, compressed members, or no manifest."""
    path = tmp_path / "x.zip"
    for data in (b"", b"PK\x03\x04", b"coopgov"):
        path.write_bytes(data)
        with pytest.raises(InputError):
            verify_evidence(path)
    with pytest.raises(InputError):
        verify_evidence(tmp_path / "none.zip")
    with pytest.raises(InputError):
        verify_evidence(_written({"manifest.json": b"{}"}, tmp_path))
    with pytest.raises(InputError):
        verify_evidence(_written({"manifest.json": b"{}" * 99}, tmp_path, zipfile.ZIP_DEFLATED))


def test_a_difference_is_said_in_the_language_of_the_reader() -> None:
    """With the name of the member."""
    found = Difference("changed", "inputs/agreement/agreement.yaml")
    assert str(found) == "inputs/agreement/agreement.yaml has changed since the pack was made"
    assert found.in_language("zh-Hans").startswith("inputs/agreement/agreement.yaml 在")
