"""What a store must do with cases: keep them, all or nothing, refuse what is stale, and black out texts."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from coopgov.cases.change import CaseChange, Step
from coopgov.cases.notice import Notice
from coopgov.cases.store.chain import BEFORE_THE_FIRST, Head
from coopgov.cases.store.rebase import record
from coopgov.cases.store.texts import REDACTED
from coopgov.store_errors import BrokenLogError, OtherAgreementError, StaleRevisionError, StoreError
from coopgov.testing.stores.expecting import raises, same
from coopgov.testing.stores.steps import (
    AGREEMENT,
    FIRST,
    answered,
    answering,
    first_day,
    following,
    next_day,
    of,
    withdrawn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgov.cases.cases import Cases
    from coopgov.cases.store.protocol import Store

    Opened = Callable[[str], Store]

__all__ = ["CASES_CHECKS"]

ODD = "nul \x00, half \ud800, 😀, “quoted” \"and\" 'so', \\u0041, 迟到, \r\n\t, " + "long " * 20_000
"""A text as somebody may paste it."""


def a_new_store_is_empty(opened: Opened) -> None:
    """Before the first step there are no cases, no log and no notices."""
    store = opened("new")
    same(store.read(), None)
    same(list(store.log()), [])
    same(store.verify(), Head(0, BEFORE_THE_FIRST))
    same(tuple(store.outbox.pending()), ())
    store.close()


def what_was_recorded_is_there_again(opened: Opened) -> None:
    """Every handle sees a step as soon as `update` has returned, and so does one that is opened later."""
    store, other = opened("again"), opened("again")
    step = store.update(lambda _: first_day(5))
    same(step.cases, first_day(5).cases)
    for handle, rule in ((store, "first"), (other, "second")):
        same(handle.read(), step.cases)
        later = handle.update(following(rule))
        step = handle.update(answering(2, "a note"))
        same(len(step.cases), len(later.cases))
    for handle in (store, other):
        same(handle.read(), step.cases)
        handle.close()
    reopened = opened("again")
    same(reopened.read(), step.cases)
    reopened.verify()
    reopened.close()


def a_step_is_kept_whole_or_not_at_all(opened: Opened) -> None:
    """A step that raises, or that cannot be stored, leaves no trace, and the store can be used again."""
    store = opened("whole")
    before = store.update(lambda _: first_day(3)).cases
    head = store.verify()

    def fails(_: Cases | None) -> Step:
        raise ZeroDivisionError

    raises(ZeroDivisionError, lambda: store.update(fails))
    good = answered(before, 1)
    bad = Step(
        good.cases, good.notices, (*good.changes, CaseChange(on=FIRST, case="", what="day", event={"": {1}}))
    )
    raises(Exception, lambda: store.update(lambda _: bad))
    same(store.read(), before)
    same(store.verify(), head)
    store.update(answering(1))
    store.close()


def a_step_without_changes_writes_nothing(opened: Opened) -> None:
    """So the same day again is nothing."""
    store = opened("nothing")
    store.update(lambda _: first_day(3))
    head = store.verify()
    store.update(lambda now: Step(of(now)))
    same(store.verify(), head)
    store.close()


def a_stale_step_is_refused(opened: Opened) -> None:
    """What somebody else changed meanwhile is not overwritten; what they did elsewhere stays."""
    store = opened("stale")
    old = store.update(lambda _: first_day(3)).cases
    store.update(answering(0))
    error = raises(StaleRevisionError, lambda: record(store, answered(old, 0)))
    same((error.what, error.found, error.expected), (old.cases[0].id, 2, 1))
    raises(StaleRevisionError, lambda: record(store, next_day(old)))
    merged = record(store, answered(old, 1)).cases
    same([case.revision for case in merged], [2, 2, 1])
    same(store.read(), merged)
    store.update(following())
    raises(StaleRevisionError, lambda: record(store, answered(merged, 2)))
    raises(StaleRevisionError, lambda: record(store, next_day(merged)))
    raises(StaleRevisionError, lambda: record(store, first_day(3)))
    store.verify()
    store.close()


def another_agreement_is_refused(opened: Opened) -> None:
    """A store holds the cases of one agreement."""
    store = opened("other")
    store.update(lambda _: first_day(1))
    error = raises(OtherAgreementError, lambda: store.update(lambda _: first_day(1, "another")))
    same((error.found, error.expected), (AGREEMENT, "another"))
    store.close()


def the_log_has_every_change_and_notice(opened: Opened) -> None:
    """In order, numbered from 1, with the time of recording or else the day, for all cases or for one."""
    store = opened("log")
    first = store.update(lambda _: first_day(2))
    moment = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
    answer = store.update(lambda now: answered(of(now), 1, "a note"), at=moment)
    entries = list(store.log())
    same(
        [entry.what for entry in entries], [*first.changes, *first.notices, *answer.changes, *answer.notices]
    )
    same([entry.seq for entry in entries], list(range(1, len(entries) + 1)))
    same({entry.at for entry in entries[: -len(answer.changes) - 1]}, {FIRST.isoformat()})
    same(entries[-1].at, moment.isoformat())
    same(entries[-1].hash, store.verify().hash)
    case = first.cases.cases[0].id
    same([each.what for each in store.log(case=case)], [first.changes[2], first.notices[0]])
    same(list(store.log(after=3)), entries[3:])
    store.close()


def an_earlier_head_is_found(opened: Opened) -> None:
    """A head that was written down is in the log for ever; one that never was is not."""
    store = opened("head")
    heads = [store.verify()]
    store.update(lambda _: first_day(2))
    for _ in range(3):
        heads.append(store.verify())
        store.update(answering(0))
    last = store.verify()
    for head in heads:
        same(store.verify(head.hash), last)
    error = raises(BrokenLogError, lambda: store.verify("f" * 64))
    same((error.found, error.expected), (last.hash, "f" * 64))
    store.close()


def cases_keep_their_order(opened: Opened) -> None:
    """In the order in which they began, without those that were withdrawn."""
    store = opened("order")
    store.update(lambda _: first_day(4))
    store.update(lambda now: withdrawn(of(now), 1))
    store.update(following("z"))
    store.update(following("a"))
    store.update(lambda now: withdrawn(of(now), 4))
    store.update(following("m"))
    expected = ["rule-0", "rule-2", "rule-3", "z", "m"]
    same([case.rule for case in of(store.read())], expected)
    other = opened("order")
    same([case.rule for case in of(other.read())], expected)
    other.verify()
    other.close()
    store.close()


def any_text_is_kept(opened: Opened) -> None:
    """Also control characters, half of a surrogate pair, and very long ones."""
    store = opened("texts")
    store.update(lambda _: first_day(1))
    store.update(answering(0, ODD))
    other = opened("texts")
    (change,) = (e.what for e in other.log() if isinstance(e.what, CaseChange) and e.what.note)
    same((change.note, (change.event or {})["note"]), (ODD, ODD))
    other.verify()
    other.close()
    store.close()


def a_text_can_be_redacted(opened: Opened) -> None:
    """It is gone wherever it was, the log says so, and everything else can still be verified."""
    store = opened("redacted")
    store.update(lambda _: first_day(2))
    store.update(answering(0, "secret"))
    store.update(answering(0, "harmless"))
    store.update(answering(1, "secret of another case"))
    before = store.verify()
    row = next(e.seq for e in store.log() if isinstance(e.what, CaseChange) and e.what.note == "secret")
    store.redact(row, by="dpo", reason="a request", at=date(2026, 11, 1))
    other = opened("redacted")
    notes = [e.what.note for e in other.log() if isinstance(e.what, CaseChange) and e.what.note]
    same(notes, [REDACTED, "harmless", "secret of another case"])
    case = of(other.read()).cases[0].id
    same([each for each in _texts_of(other, case) if "secret" in each], [])
    same(len([each for each in _texts_of(other, case) if "harmless" in each]), 1)
    same(other.verify(before.hash).seq, before.seq + 1)
    raises(StoreError, lambda: store.redact(1, by="dpo", reason="nothing there", at=date(2026, 11, 1)))
    raises(StoreError, lambda: store.redact(999, by="dpo", reason="no row", at=date(2026, 11, 1)))
    store.update(answering(0, "after"))
    same(other.read(), store.read())
    other.verify()
    other.close()
    store.close()


def _texts_of(store: Store, case: str) -> Iterator[str]:
    """The texts of the notices of a case."""
    return (str(e.what.text) for e in store.log(case=case) if isinstance(e.what, Notice))


def several_writers_lose_nothing(opened: Opened) -> None:
    """Handles in four threads, each with its own handle and one shared by all: every step is there, in one order."""
    shared = opened("writers")
    shared.update(lambda _: first_day(4))
    failed: list[BaseException] = []

    def write(own: int) -> None:
        try:
            store = opened("writers")
            for turn in range(10):
                handle = shared if turn % 2 else store
                handle.update(answering(own if turn % 3 else 0))
            store.close()
        except BaseException as error:  # noqa: BLE001  # it is raised below, in the thread of the caller
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in failed:
        raise error
    same(sum(case.revision for case in of(shared.read())), 4 + 4 * 10)
    shared.verify()
    shared.close()


CASES_CHECKS = (
    a_new_store_is_empty,
    what_was_recorded_is_there_again,
    a_step_is_kept_whole_or_not_at_all,
    a_step_without_changes_writes_nothing,
    a_stale_step_is_refused,
    another_agreement_is_refused,
    the_log_has_every_change_and_notice,
    an_earlier_head_is_found,
    cases_keep_their_order,
    any_text_is_kept,
    a_text_can_be_redacted,
    several_writers_lose_nothing,
)
