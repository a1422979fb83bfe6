"""Files of other systems, damaged in every way that the readers must survive; also a program that runs for long.

`python tests/damaged_files.py --seed 7 --minutes 60` prints every input, by its seed, that crashes or takes over a
second.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from coopgov.errors import InputError
from coopgov.imports import Import, load_import_mapping, read_import, read_new
from coopgov.model import Agreement, dump_agreement, dump_part, load_agreement, parse_agreement, parse_part

__all__ = ["SOURCES", "damaged", "outcome"]

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples" / "imports"
DAY = date(2026, 6, 30)
_FILES = {
    "csv": ("tasks.csv", "tasks"),
    "iati": ("activities.xml", "activities"),
    "jira-csv": ("jira.csv", "jira"),
    "jira-json": ("issues.json", "issues"),
    "mspdi": ("plan.xml", "plan"),
    "ocds": ("contracts.json", "contracts"),
    "trello": ("board.json", "board"),
    "zentao": ("zentao.csv", "zentao"),
}
SOURCES = {
    name: ((EXAMPLES / file).read_bytes(), load_import_mapping(EXAMPLES / f"{mapping}.import.yaml"))
    for name, (file, mapping) in _FILES.items()
}
"""The example of each format, and its mapping."""
_LANGUAGES = ("en", "zh-Hans", "zh-Hant")
_WHOLE = {"iati", "mspdi", "ocds"}
"""The formats of which whole agreements are made."""
_EXTREMES = (
    "", " ", "0", "-1", "1e400", "NaN", "-Infinity", "9" * 30, "9" * 5000, "0.0000001", "1E+17", "-0", "1,000",
    "2026-02-30", "0001-01-01T00:00:00", "9999-12-31T24:00:00", "2026-06-01T00:00:00+99:99", "1984-01-01T08:00:00",
    "25/13/2026", "03/04/26", "2026-06-01T10:00:00.123456789Z", "٢٠٢٦-٠٦-٠١", "２０２６年６月１日", "NA", "null",
    "true", "PT999999999H0M0S", "P1Y", "100", "101", "60%", "=1+1", "\u202e", "\u0000", "\ud800", "é" * 300, "x" * 3000,
    "../../etc/passwd", "a/b", "core", "#", "-", "‑", "任务", "\u2028", "'", '"', "{}", "{{", "%s", "{0.__class__}",
)  # fmt: skip
_BYTES = (
    b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"\x80", b"\xed\xa0\x80", b"<!DOCTYPE a>", b"<![CDATA[", b"]]>", b"<!--",
    b"&#0;", b"&lt;", b"&a;", b"<?x?>", b'"', b"'", b",", b";", b"\r", b"\n", b"\r\n", b"\t", b"{", b"}", b"[", b"]",
    b":", b"\\u0000", b"\\ud800", b"\\", b"<", b">", b"/>", b"sep=;\n", b"PK\x03\x04", b"\x1f\x8b",
)  # fmt: skip
_NUMBER = re.compile(rb"[0-9][0-9.:T-]*")
_NAME = re.compile(rb"</?[A-Za-z-]+")
_TEXT = re.compile(rb">[^<>]+<|\"[^\"]*\"|(?<=,)[^,\r\n]*(?=,)")


def _sane(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _bytewise(data: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(data) + 1)
    end = min(len(data), start + draw.choice((0, 1, 2, 8, 60, 400)))
    middle = draw.choice(
        (
            b"",
            draw.choice(_BYTES) * draw.choice((1, 1, 2, 70)),
            data[start:end] * draw.choice((2, 3, 40)),
            bytes(draw.randrange(256) for _ in range(draw.randrange(9))),
            data[draw.randrange(len(data) + 1) :][:80],
        )
    )
    return data[:start] + middle + data[end:]


def _textwise(data: bytes, draw: random.Random) -> bytes:
    """Another number, text or name."""
    found = list(draw.choice((_NUMBER, _TEXT, _NAME)).finditer(data))
    if not found:
        return data
    one, other = draw.choice(found), draw.choice(found)
    new = draw.choice((other[0], _sane(draw.choice(_EXTREMES))))
    if one[0][:1] in b'>"' and new is not other[0]:
        new = one[0][:1] + new + one[0][-1:]
    return data[: one.start()] + new + data[one.end() :]


def _linewise(data: bytes, draw: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    at, to = draw.randrange(len(lines)), draw.randrange(len(lines))
    how = draw.randrange(4)
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(to, lines[at])
    elif how == 2:
        lines[at], lines[to] = lines[to], lines[at]
    else:
        lines[at] = lines[at] * draw.choice((2, 30))
    return b"".join(lines)


def _treewise(data: bytes, draw: random.Random) -> bytes:
    """JSON with a value of another type, without a key, with an unknown one, or nested deep."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return _textwise(data, draw)
    holders: list[Any] = []
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        if isinstance(each, (dict, list)) and each:
            holders.append(each)
            waiting += each.values() if isinstance(each, dict) else each
    if not holders:
        return data
    holder = draw.choice(holders)
    key = draw.choice(list(holder)) if isinstance(holder, dict) else draw.randrange(len(holder))
    deep: Any = 1
    for _ in range(draw.choice((3, 90, 900))):
        deep = [deep] if draw.random() < 0.5 else {"fields": deep}
    values = [None, True, 0, -1.5, 10**25, float("inf"), "", {}, [], [[]], [None], [3], {"id": {}}, deep]
    values += [draw.choice(_EXTREMES), holder[key], [holder[key]], [holder[key]] * 3, {"id": holder[key]}]
    how = draw.randrange(5)
    if how == 0:
        del holder[key]
    elif how == 1 and isinstance(holder, dict):
        holder[draw.choice(_EXTREMES)] = draw.choice(values)
    else:
        holder[key] = draw.choice(values)
    try:
        return json.dumps(tree, ensure_ascii=draw.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return data


def _enclosed(data: bytes, draw: random.Random) -> bytes:
    """In another encoding, as an archive, cut off, or of another format."""
    how = draw.randrange(7)
    if how == 0:
        return data.decode("utf-8", "replace").encode(
            draw.choice(("utf-16", "utf-32", "gb18030", "utf-7")), "replace"
        )
    if how == 1:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(draw.choice(("[Content_Types].xml", "../a.xml", "a" * 200)), data)
        return made.getvalue()[: draw.choice((40, 10**9))]
    if how == 2:
        return data[: draw.randrange(len(data) + 1)]
    if how == 3:
        return draw.choice(list(SOURCES.values()))[0]
    if how == 4:
        return data * draw.choice((2, 5))
    if how == 5:
        return data.replace(b"\n", draw.choice((b"\r", b"\r\n", b"", b"\x0b")))
    return draw.choice(_BYTES) + data


_WAYS = (_bytewise, _textwise, _textwise, _linewise, _treewise, _treewise, _enclosed)


def damaged(data: bytes, draw: random.Random) -> bytes:
    """A file with some damages."""
    for _ in range(draw.choice((1, 1, 2, 3, 6))):
        data = draw.choice(_WAYS)(data, draw)
    return data[:2_000_000]


def outcome(
    name: str, data: bytes, folder: Path, agreement: Agreement, *, new: bool = False
) -> Import | None:
    """What a reader makes of a file: an import that can be written and read again, or None for one that is refused."""
    path = folder / f"source.{name}"
    path.write_bytes(data)
    mapping = SOURCES[name][1]
    try:
        found = read_new(path, as_of=DAY) if new else read_import(path, mapping, agreement, as_of=DAY)
    except InputError as error:
        json.dumps([error.in_language(language) for language in _LANGUAGES])
        return None
    json.dumps([found.to_dict(language) for language in _LANGUAGES])
    for each in found.agreements:
        assert parse_agreement(dump_agreement(each)) == each
    if found.part is not None:
        assert parse_part(dump_part(found.part)) == found.part
        try:
            agreement.with_part(found.part)
        except InputError:
            return None
    return found


def main() -> int:
    """Read damaged files for some minutes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--minutes", type=float, default=1)
    options = parser.parse_args()
    agreement = load_agreement(ROOT / "examples" / "pilot" / "agreement.yaml")
    end = time.monotonic() + options.minutes * 60
    counts: Counter[str] = Counter()
    slowest = 0.0
    bad: Counter[str] = Counter()
    number = 0
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            number += 1
            draw = random.Random(f"{options.seed}/{number}")  # noqa: S311  # damages are no secrets
            name = draw.choice(list(SOURCES))
            new = name in _WHOLE and draw.random() < 0.5
            data = damaged(SOURCES[name][0], draw)
            start = time.process_time()
            try:
                found = outcome(name, data, Path(folder), agreement, new=new)
            except Exception:  # noqa: BLE001  # any at all is what is looked for
                text = traceback.format_exc()
                where = "".join(text.splitlines()[-3:])
                bad[where] += 1
                if bad[where] == 1:
                    sys.stdout.write(f"CRASH seed {options.seed}/{number} {name} new={new}\n{text}\n")
                    sys.stdout.flush()
                continue
            spent = time.process_time() - start
            if spent > 1:
                sys.stdout.write(
                    f"SLOW seed {options.seed}/{number} {name} new={new}: {spent:.2f} s, {len(data)} bytes\n"
                )
            slowest = max(slowest, spent)
            counts[f"{name} {'read' if found else 'refused'}"] += 1
            if number % 5000 == 0:
                sys.stdout.write(
                    f"seed {options.seed}: {number} inputs, slowest {slowest:.2f} s, {sum(bad.values())} crashes\n"
                )
                sys.stdout.flush()
    sys.stdout.write(
        f"seed {options.seed}: {number} inputs, slowest {slowest:.2f} s, {sum(bad.values())} crashes\n"
    )
    sys.stdout.write(f"{dict(sorted(counts.items()))}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
