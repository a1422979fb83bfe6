"""Exports of 禅道 (ZenTao): GBK, columns in Chinese, closed tasks that were cancelled."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from importing import codes, read, task, tasks

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = "from: zentao\nphase: {by: 所属执行, values: {一期: core}}\nfields: {owner: {from: 指派给, values: {王伟: pm}}}\n"  # noqa: E501  # a row as it is
TEXT = (
    "编号,所属执行,任务名称,预计开始,实际开始,截止日期,任务状态,进度,指派给,实际完成,关闭原因\n"
    "1,一期,接口,2026-05-01,2026-05-02,2026-06-01,进行中,60%,王伟,0000-00-00,\n"
    "2,一期,数据,2026-05-01,0000-00-00,2026-06-01,已关闭,0%,Closed,0000-00-00,已取消\n"
    "3,一期,看板,2026-05-01,2026-05-02,2026-06-01,已关闭,100%,Closed,2026-05-30,已完成\n"
    "4,一期,培训,2026-05-01,2026-05-02,2026-06-01,已暂停,10%,王伟,,\n"
)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-8"])
def test_the_shipped_mapping_knows_the_columns(tmp_path: Path, encoding: str) -> None:
    """GBK by default; UTF-8 where only that has the columns."""
    found = read(tmp_path, TEXT.encode(encoding), MAPPING)
    assert [each.status[0].value for each in tasks(found).values()] == [
        "in progress",
        "cancelled",
        "done",
        "in progress",
    ]
    assert (task(found, "1").owner, str(task(found, "1").name)) == ("pm", "接口")
    assert task(found, "3").actual.end == date(2026, 5, 30)  # type: ignore[union-attr]
    assert found.rejected == ()


def test_empty_days_closed_people_and_progress(tmp_path: Path) -> None:
    """0000-00-00 is empty, `Closed` is nobody, and the share of effort is not read as progress."""
    found = read(tmp_path, TEXT.encode("gbk"), MAPPING)
    assert task(found, "2").actual is None
    assert "unknown-person" not in codes(found)
    assert all(each.progress == () for each in tasks(found).values())
    assert {each.what: each.count for each in found.lost} == {"进度": 4}
    assert codes(found)["paused"] == "1 tasks are paused, and kept as in progress"


def test_progress_is_read_if_the_mapping_says_so(tmp_path: Path) -> None:
    """It is a share of effort, which only a person can take for progress."""
    found = read(tmp_path, TEXT.encode("gbk"), MAPPING.replace("fields: {", "fields: {progress: 进度, "))
    assert [str(each.progress[0].value) for each in tasks(found).values()] == ["0.60", "0.00", "1.00", "0.10"]


def test_columns_that_a_user_left_out_are_not_missed(tmp_path: Path) -> None:
    """The columns of an export are those that its user chose."""
    found = read(tmp_path, "编号,任务名称\n7,接口\n".encode("gbk"), "from: zentao\nphase: {id: core}\n")
    assert list(tasks(found)) == ["7"]
