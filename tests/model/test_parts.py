"""Parts: what sources observed, merged into an agreement with places."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from coopgov import (
    Agreement,
    AgreementError,
    AgreementPart,
    Place,
    assess,
    build_part,
    dump_agreement,
    dump_part,
    load_agreement,
    parse_agreement,
    parse_part,
)
from coopgov.model import place_of, plain_agreement
from coopgov.testing import agreements

EXAMPLES = Path(__file__).parents[2] / "examples"
WHOLE = """\
coopgov: agreement/1
id: t
title: T
currency: CNY
term: {start: 2026-01-05, end: 2026-12-31}
parties: [{id: a, name: {en: Port, zh-Hans: 港口}}]
team: {bodies: [{id: steering, held: [2026-02-02]}]}
meetings: [{id: weekly, every: 1 week, held: [2026-02-02], minutes: [{on: 2026-02-09, decisions: [{id: d, what: W}]}]}]
kpis: [{id: k, unit: points, scale: {from: 0, to: 100}, readings: [{on: 2026-03-31, value: 80}]}]
phases:
  - id: p
    name: {en: Core, zh-Hans: 核心}
    planned: {start: 2026-01-05, end: 2026-06-30}
    budget: 300000
    spending: [{on: 2026-02-02, amount: 500, note: Rent}]
    milestones: [{id: m, due: 2026-03-31}]
    deliverables: [{id: d, due: 2026-03-31}]
    tasks:
      - {id: own, owner: project-manager, planned: {start: 2026-02-02, end: 2026-03-31}, actual: {start: 2026-02-03}}
risks: [{id: r, title: R, responses: [{id: s, title: S}]}]
"""


def base() -> Agreement:
    """The agreement above, as a file would hold it."""
    return parse_agreement(WHOLE, "t.yaml")


def part(text: str, on: str = "2026-06-30", source: str = "jira", name: str = "") -> AgreementPart:
    """A part of a source, observed on a day."""
    head = f"coopgov: part/1\ninto: t\nfrom: {{format: {source}, on: {on}}}\n"
    return parse_part(head + text, name or f"{source}-{on}.yaml")


def tasks(*lines: str) -> str:
    """A part's phase with tasks."""
    return "phases:\n- id: p\n  tasks:\n" + "".join(f"  - {line}\n" for line in lines)


def of_parts(*parts: AgreementPart) -> Agreement:
    """The agreement with parts."""
    whole = base()
    for each in parts:
        whole = whole.with_part(each)
    return whole


def faults(*parts: AgreementPart) -> list[tuple[str, int, int, str]]:
    """The file, line, column and code of each fault of the agreement with parts."""
    with pytest.raises(AgreementError) as caught:
        of_parts(*parts)
    return [(each.place.file, each.place.line, each.place.column, each.code) for each in caught.value.faults]


OBSERVED = """\
team: {bodies: [{id: steering, held: [2026-02-02, 2026-05-04]}]}
meetings:
- id: weekly
  held: [2026-06-01]
  minutes: [{on: 2026-02-09, decisions: [{id: d, what: W, done: 2026-03-02}, {id: e, what: V}]}]
kpis: [{id: k, readings: [{on: 2026-03-31, value: 80, note: Again}, {on: 2026-06-30, value: 85}]}]
risks: [{id: r, status: {is: occurred, on: 2026-06-01}, responses: [{id: s, held: [2026-06-02]}]}]
phases:
- id: p
  actual: {start: 2026-01-08}
  progress: [{is: 40 %, on: 2026-06-30}]
  forecast: {end: 2026-07-31, on: 2026-06-30}
  spending: [{on: 2026-02-02, amount: 500, note: Rent}, {on: 2026-03-02, amount: 700}]
  milestones: [{id: m, met: 2026-04-02}]
  deliverables: [{id: d, delivered: 2026-04-02, accepted: 2026-04-09}]
  tasks:
  - {id: own, status: {is: in progress, on: 2026-06-30}, custom: {energy: 5}, source: J-1}
  - {id: new, name: New, planned: {start: 2026-05-04, end: 2026-05-29}, owner: project-manager, load: 50 %}
"""


def test_what_was_observed_is_added() -> None:
    """Everything that a part may hold ends up in the agreement; what was there stays, and equal values count once."""
    whole = of_parts(part(OBSERVED))
    phase = whole.phases[0]
    assert whole.team.bodies[0].held == (date(2026, 2, 2), date(2026, 5, 4))
    assert whole.meetings[0].held == (date(2026, 2, 2), date(2026, 6, 1))
    assert [(each.id, each.done) for each in whole.meetings[0].minutes[0].decisions] == [
        ("d", date(2026, 3, 2)),
        ("e", None),
    ]
    assert [(str(each.value), str(each.note or "")) for each in whole.kpis[0].readings] == [
        ("80", "Again"),
        ("85", ""),
    ]
    assert whole.risks[0].status[0].value == "occurred"
    assert whole.risks[0].responses[0].held == (date(2026, 6, 2),)
    assert phase.actual
    assert phase.actual.start == date(2026, 1, 8)
    assert [str(each.amount) for each in phase.spending] == ["500", "700"]
    assert (phase.milestones[0].met, phase.deliverables[0].accepted) == (date(2026, 4, 2), date(2026, 4, 9))
    assert [each.id for each in phase.tasks] == ["own", "new"]
    assert dict(phase.tasks[0].custom) == {"energy": "5"}


def test_places_are_those_of_each_file() -> None:
    """Values, evidence of warnings and findings know the file that they come from."""
    whole = of_parts(part(OBSERVED, name="j.yaml"))
    assert place_of(whole, ("phases", 0, "tasks", 1, "planned", "end")) == Place("j.yaml", 21, 60)
    assert place_of(whole, ("phases", 0, "tasks", 0, "planned", "end")) == Place("t.yaml", 19, 77)
    assert place_of(whole, ("phases", 0, "tasks", 0, "status", 0, "is")) == Place("j.yaml", 20, 28)
    assert place_of(whole, ("kpis", 0, "readings", 1, "value")) == Place("j.yaml", 9, 93)
    assert place_of(whole, ("kpis", 0, "readings", 0, "note")) == Place("j.yaml", 9, 61)
    found = assess(whole, as_of=date(2026, 9, 1), language="en").warnings
    evidence = {str(each.at).split(":")[0] for warning in found for each in warning.evidence if each.at}
    assert evidence == {"t.yaml", "j.yaml"}


def test_a_second_import_of_the_same_file_changes_nothing() -> None:
    """A part that is merged twice has the effect of one."""
    assert of_parts(part(OBSERVED), part(OBSERVED, name="again.yaml")) == of_parts(part(OBSERVED))


def test_a_merged_agreement_is_an_agreement() -> None:
    """It can be written and read, and pickled; it knows its parts."""
    whole = of_parts(part(OBSERVED))
    assert parse_agreement(dump_agreement(whole)) == whole
    assert pickle.loads(pickle.dumps(whole)) == whole  # noqa: S301  # our own
    assert [each.origin.name for each in whole.observed] == ["jira"]
    assert parse_part(dump_part(whole.observed[0])) == whole.observed[0]
    assert parse_part(dump_part(whole.observed[0], "json")) == whole.observed[0]


def test_terms_are_the_agreement_s() -> None:
    """A part repeats terms at most, in any language of a text; another one is a fault at its place."""
    same = tasks("{id: own, owner: 项目经理, planned: {end: 2026-03-31}}")
    assert of_parts(part(same)) == base()
    assert of_parts(part("phases: [{id: p, name: 核心, budget: 300000 CNY}]")) == base()
    other = "phases:\n- id: p\n  name: Kern\n  budget: 1\n  tasks: [{id: own, load: 50 %}]\nkpis: [{id: k, floor: 5}]"
    assert faults(part(other, name="f.yaml")) == [
        ("f.yaml", 6, 9, "part-sets-terms"),
        ("f.yaml", 7, 11, "part-sets-terms"),
        ("f.yaml", 8, 27, "part-sets-terms"),
        ("f.yaml", 9, 23, "part-sets-terms"),
    ]


def forecasts(whole: Agreement) -> list[tuple[str, str]]:
    """The day of each forecast of the first task, and the end that it expects."""
    found = whole.phases[0].tasks[0].forecast
    return sorted((each.on.isoformat() if each.on else "", each.end.isoformat()) for each in found)


def test_another_plan_is_a_forecast() -> None:
    """Only the agreement moves its plan: what a source plans later is what it expects, as of its day."""
    whole = of_parts(part(tasks("{id: own, planned: {start: 2026-02-09, end: 2026-04-30}}")))
    task = whole.phases[0].tasks[0]
    assert (task.planned.start, task.planned.end) == (date(2026, 2, 2), date(2026, 3, 31))
    assert task.forecast[0].start == date(2026, 2, 9)
    assert forecasts(whole) == [("2026-06-30", "2026-04-30")]
    assert place_of(whole, ("phases", 0, "tasks", 0, "forecast", 0, "end")) == Place(
        "jira-2026-06-30.yaml", 7, 49
    )
    assert place_of(whole, ("phases", 0, "tasks", 0, "forecast", 0, "on")) == Place(
        "jira-2026-06-30.yaml", 3, 26
    )


def test_forecasts_become_history() -> None:
    """Newer parts of a source add to its forecasts, and a plan that is back to the agreed one is news, too."""
    first = part(tasks("{id: own, planned: {end: 2026-04-30}}"), "2026-04-01")
    second = part(tasks("{id: own, planned: {end: 2026-03-31}}"), "2026-05-01")
    assert forecasts(of_parts(first, second)) == [("2026-04-01", "2026-04-30"), ("2026-05-01", "2026-03-31")]
    assert forecasts(of_parts(second, first)) == forecasts(of_parts(first, second))
    assert forecasts(of_parts(second)) == []


def test_the_newest_part_of_a_source_is_the_whole_truth() -> None:
    """Undated values of older parts are gone, dated ones stay, and of one day the newer one holds."""
    old = part(
        tasks(
            "{id: own, actual: {end: 2026-04-01}, "
            "status: [{is: done, on: 2026-04-30}, {is: in progress, on: 2026-02-28}]}"
        )
        + "  milestones: [{id: m, met: 2026-04-02}]\n",
        "2026-05-01",
    )
    new = part(tasks("{id: own, status: [{is: in progress, on: 2026-04-30}]}"))
    for order in ((old, new), (new, old)):
        whole = of_parts(*order)
        task = whole.phases[0].tasks[0]
        assert sorted((each.on, each.value) for each in task.status) == [
            (date(2026, 2, 28), "in progress"),
            (date(2026, 4, 30), "in progress"),
        ]
        assert task.actual
        assert task.actual.end is None
        assert [(each.subject, each.key, each.last, each.since) for each in whole.gone] == [
            ("milestone/p/m", "met", date(2026, 5, 1), date(2026, 6, 30)),
            ("task/p/own", "actual.end", date(2026, 5, 1), date(2026, 6, 30)),
        ]


def test_a_task_that_is_gone_is_listed() -> None:
    """A task that only one source knows goes with it; its history stays where somebody else has the task."""
    old = part(
        tasks("{id: x, planned: {start: 2026-02-02, end: 2026-03-31}, status: {is: done, on: 2026-03-01}}"),
        "2026-05-01",
    )
    whole = of_parts(old, part("phases: [{id: p}]"))
    assert [each.id for each in whole.phases[0].tasks] == ["own"]
    assert [each.to_dict() for each in whole.gone] == [
        {
            "subject": "task/p/x",
            "key": None,
            "source": "jira",
            "last": "2026-05-01",
            "since": "2026-06-30",
            "at": "jira-2026-05-01.yaml:7:5",
        }
    ]
    form = part(tasks("{id: x, planned: {start: 2026-02-02, end: 2026-03-31}}"), source="form")
    kept = of_parts(old, part("phases: [{id: p}]"), form).phases[0].tasks[1]
    assert [(each.on, each.value) for each in kept.status] == [(date(2026, 3, 1), "done")]


@pytest.mark.parametrize(
    ("text", "first", "second", "place"),
    [
        ("phases: [{id: p, actual: {start: 2026-01-0%s}}]", "8", "9", (4, 34)),
        ("kpis: [{id: k, readings: [{on: 2026%s}]}]", "-06-30, value: 85", "/6/30, value: 86", (4, 50)),
        ("phases: [{id: p, milestones: [{id: m, status: %s}]}]", "met", "not met", (4, 47)),
        ("phases: [{id: p, spending: [{on: 2026-06-01, amount: %s, id: V1}]}]", "5", "6", (4, 54)),
        ("phases: [{id: p, tasks: [{id: n, source: a, name: {en: %s}}]}]", "A", "B, zh: 乙", (4, 56)),
    ],
)  # fmt: skip
def test_two_values_that_differ_are_a_fault(
    text: str, first: str, second: str, place: tuple[int, int]
) -> None:
    """Between sources, two undated values or two of one day that differ are reported with both places."""
    line, column = place
    one, other = part(text % first, source="a"), part(text % second, source="b")
    assert faults(one, other) == [("b-2026-06-30.yaml", line, column, "set-twice")]
    with pytest.raises(AgreementError, match=r"at a-2026-06-30\.yaml:4:\d+"):
        of_parts(one, other)
    newer = part(text % second, on="2026-07-31", source="a")
    of_parts(one, newer)


def test_a_value_that_a_person_set_is_not_overwritten() -> None:
    """A value of the agreement itself that a source contradicts is a fault with both places."""
    assert faults(part(tasks("{id: own, actual: {start: 2026-02-09}}"))) == [
        ("jira-2026-06-30.yaml", 7, 31, "set-twice")
    ]


def payments(*files: str) -> list[str]:
    """The amounts of the first phase after spending of several sources."""
    parts = [part(f"phases: [{{id: p, spending: [{each}]}}]", source=f"s{n}") for n, each in enumerate(files)]
    return [str(each.amount) for each in of_parts(*parts).phases[0].spending]


def test_payments_count_once() -> None:
    """One number of a voucher counts once; equal payments count as often as the file that has them most often."""
    rent = "{on: 2026-02-02, amount: 500 CNY, note: Rent}"
    assert payments(rent) == ["500"]
    assert payments(f"{rent}, {rent}", rent) == ["500", "500 CNY"]
    assert payments("{on: 2026-02-02, amount: 500, id: V1}", "{on: 2026-02-02, amount: 500, id: V1}") == [
        "500",
        "500",
    ]
    assert payments(
        "{on: 2026-03-02, amount: 1}", "{on: 2026-03-02, amount: 1}, {on: 2026-03-02, amount: 1}"
    ) == [
        "500",
        "1",
        "1",
    ]


def test_texts_merge_by_language() -> None:
    """Two sources may give a text in a language each."""
    one = part(tasks("{id: n, source: x, name: {en: Dig}}"), source="a")
    other = part(tasks("{id: n, source: x, name: {zh-Hans: 挖掘}}"), source="b")
    name = of_parts(one, other).phases[0].tasks[1].name
    assert name
    assert dict(name.entries) == {"en": "Dig", "zh-Hans": "挖掘"}


def test_the_rules_of_the_agreement_hold_for_parts() -> None:
    """What does not fit the whole is a fault at its place: scale, owner, order, a missing plan, another agreement."""
    wrong = (
        "kpis: [{id: k, readings: [{on: 2026-06-30, value: 185}]}]\n"
        "phases:\n- id: p\n  tasks:\n"
        "  - {id: a, planned: {start: 2026-02-02, end: 2026-01-05}}\n"
        "  - {id: b}\n"
    )
    assert faults(part(wrong, name="f.yaml")) == [
        ("f.yaml", 4, 51, "off-scale"),
        ("f.yaml", 8, 47, "wrong-order"),
        ("f.yaml", 9, 5, "missing-key"),
    ]
    owner = tasks("{id: a, planned: {start: 2026-02-02, end: 2026-03-05}, owner: nobody}")
    assert faults(part(owner, name="f.yaml")) == [("f.yaml", 7, 67, "unknown-owner")]
    other = parse_part("coopgov: part/1\ninto: x\nfrom: {format: f, on: 2026-06-30}", "f.yaml")
    assert faults(other) == [("f.yaml", 2, 7, "other-agreement")]


def test_a_task_of_another_system_need_not_be_scheduled() -> None:
    """With `source`, a task can lack its plan, also in a strict agreement, and also when that is written and read."""
    whole = of_parts(part(tasks("{id: a, source: J-1}", "{id: b, source: J-2, planned: {end: 2026-03-05}}")))
    assert [each.planned.end for each in whole.phases[0].tasks[1:]] == [None, date(2026, 3, 5)]
    assert parse_agreement(dump_agreement(whole)) == whole


def test_python_objects_are_parts() -> None:
    """A part that was built has no file: faults name its source and the path of the value."""
    data: dict[str, Any] = {
        "coopgov": "part/1",
        "into": "t",
        "from": {"format": "form", "on": date(2026, 6, 30)},
    }
    built = build_part({**data, "kpis": [{"id": "k", "readings": [{"on": date(2026, 6, 30), "value": 81}]}]})
    whole = base().with_part(built)
    assert place_of(whole, ("kpis", 0, "readings", 1, "value")) is None
    with pytest.raises(AgreementError) as caught:
        base().with_part(build_part({**data, "kpis": [{"id": "x"}]}))
    assert str(caught.value).startswith("form.kpis[0].id: part-unknown: ")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an agreement that names its parts."""
    (tmp_path / "t.yaml").write_text(WHOLE + "parts: ['observed/*.part.yaml', form.yaml]\n", encoding="utf-8")
    (tmp_path / "observed").mkdir()
    write(tmp_path / "observed" / "b.part.yaml", part(tasks("{id: y, source: Y}"), source="b"))
    write(tmp_path / "observed" / "a.part.yaml", part(tasks("{id: x, source: X}"), source="a"))
    write(
        tmp_path / "form.yaml",
        part("kpis: [{id: k, readings: [{on: 2026-06-30, value: 81}]}]", source="form"),
    )
    return tmp_path


def write(path: Path, each: AgreementPart) -> None:
    """Write the file of a part."""
    path.write_text(dump_part(each), encoding="utf-8")


def test_an_agreement_names_its_parts(folder: Path) -> None:
    """Files that match its patterns are merged by their paths; more can be given in Python."""
    whole = load_agreement(folder / "t.yaml")
    assert [each.origin.name for each in whole.observed] == ["form", "a", "b"]
    assert [each.id for each in whole.phases[0].tasks] == ["own", "x", "y"]
    assert [str(each.value) for each in whole.kpis[0].readings] == ["80", "81"]
    more = part(tasks("{id: z, source: Z}"), source="c")
    again = load_agreement(folder / "t.yaml", parts=[more, folder / "form.yaml"])
    assert again == whole.with_part(more)
    assert parse_agreement(dump_agreement(again)) == again


def test_all_faults_of_all_files_are_reported_at_once(folder: Path) -> None:
    """Whatever is wrong in the agreement or a part is said in one go."""
    (folder / "t.yaml").write_text(
        WHOLE.replace("2026-12-31", "2026-13-31") + "parts: [observed/*.yaml, no.yaml]\n", encoding="utf-8"
    )
    (folder / "observed" / "a.part.yaml").write_text(
        "coopgov: part/1\ninto: t\nfrom: {format: f}\nx: 1\n", encoding="utf-8"
    )
    with pytest.raises(AgreementError) as caught:
        load_agreement(folder / "t.yaml")
    assert [(Path(each.place.file).name, each.code) for each in caught.value.faults] == [
        ("a.part.yaml", "missing-key"),
        ("a.part.yaml", "unknown-key"),
        ("t.yaml", "not-a-date"),
        ("t.yaml", "part-missing"),
    ]


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("../x.yaml", "part-outside"),
        ("observed/../form.yaml", "part-outside"),
        ("/etc/*.yaml", "part-outside"),
        ("C:\\\\x.yaml", "part-outside"),
        ("**/x.yaml", "part-outside"),
        ("none/*.yaml", "part-missing"),
        ("form.yml", "part-missing"),
        ("link.yaml", "part-outside"),
        ("linked/a.part.yaml", "part-outside"),
    ],
)
def test_parts_stay_in_the_folder(folder: Path, pattern: str, code: str) -> None:
    """A pattern that leaves the folder, follows a link or matches nothing is a fault at the pattern."""
    (folder / "link.yaml").symlink_to(folder / "form.yaml")
    (folder / "linked").symlink_to(folder / "observed")
    (folder / "t.yaml").write_text(f'{WHOLE}parts: ["{pattern}"]\n', encoding="utf-8")
    with pytest.raises(AgreementError) as caught:
        load_agreement(folder / "t.yaml")
    assert [(each.place.line, each.place.column, each.code) for each in caught.value.faults] == [
        (21, 9, code)
    ]


def test_an_agreement_without_a_folder_has_no_parts() -> None:
    """A text that names files is refused, since nobody knows where they are."""
    with pytest.raises(AgreementError, match="parts-without-folder"):
        parse_agreement(WHOLE + "parts: [x.yaml]\n")


_REPEATED = ("meetings", "kpis", "phases", "risks", "surveys")


def repeated(agreement: Agreement, on: str, source: str = "all") -> AgreementPart:
    """A part that says all that an agreement says about what a part can be about."""
    plain = plain_agreement(agreement)
    bodies = plain.get("team", {}).get("bodies")
    return build_part(
        {
            "coopgov": "part/1",
            "into": agreement.id,
            "from": {"format": source, "on": on},
            **{key: plain[key] for key in _REPEATED if key in plain},
            **({"team": {"bodies": bodies}} if bodies else {}),
        }
    )


@given(agreement=agreements())
@settings(max_examples=30)
def test_what_the_agreement_says_already_changes_nothing(agreement: Agreement) -> None:
    """A part that repeats all of an agreement adds nothing to it, however often and from however many sources."""
    once = agreement.with_part(repeated(agreement, "2026-06-30"))
    assert once == agreement
    again = once.with_part(repeated(agreement, "2026-07-31")).with_part(
        repeated(agreement, "2026-07-31", "other")
    )
    assert again == agreement
    assert again.gone == ()
