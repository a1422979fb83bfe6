"""What is particular about exports of 禅道 (ZenTao): closed tasks that were cancelled, and paused ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coopgov.imports.result import Log
    from coopgov.imports.table import Table

__all__ = ["zentao_rows"]

_STATUS, _REASON = ("任务状态", "状态"), "关闭原因"
_CLOSED, _CANCELLED, _PAUSED, _DONE = "已关闭", "已取消", "已暂停", "已完成"


def zentao_rows(table: Table, log: Log) -> Table:
    """The table with the statuses that the reason of closing decides; paused tasks are counted."""
    positions = next((found for name in _STATUS if (found := table.positions(name))), [])
    if not positions:
        return table
    rows = []
    for row in table.rows:
        status = row.cells[positions[0]].strip() if positions[0] < len(row.cells) else ""
        if status == _PAUSED:
            log.tell("paused")
        reasons = table.values(row, _REASON)
        for each in reasons:
            if status != _CLOSED or each not in {_CANCELLED, _DONE}:
                log.lose_column(_REASON, row.place)
        if status == _CLOSED and _CANCELLED in reasons:
            cells = [*row.cells]
            cells[positions[0]] = _CANCELLED
            rows.append(replace(row, cells=cells))
        else:
            rows.append(row)
    return replace(table, rows=tuple(rows), used=frozenset({_REASON}))
