"""Names in an agreement mean something, and only one thing."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest

from coopgov.errors import AgreementError
from coopgov.model import build_agreement, roles_of

WINDOW = {"start": "2026-01-05", "end": "2026-03-31"}
AGREEMENT: dict[str, Any] = {
    "coopgov": "agreement/1",
    "id": "a",
    "title": "A",
    "currency": "CNY",
    "term": {"start": "2026-01-05", "end": "2026-12-31"},
    "parties": [{"id": "port"}],
    "team": {
        "key_roles": ["safety-officer"],
        "members": [{"id": "li", "role": "secretary", "party": "port"}, {"id": "wang", "deputy": "li"}],
        "bodies": [{"id": "steering", "members": ["li", "wang"], "chair": "li"}],
    },
    "kpis": [{"id": "cost"}],
}


def task(name: str, *after: str) -> dict[str, Any]:
    """A task that comes after others."""
    return {"id": name, "planned": WINDOW, "after": list(after)}


def phases(**tasks: list[dict[str, Any]]) -> dict[str, Any]:
    """Phases with these tasks."""
    return {"phases": [{"id": name, "planned": WINDOW, "tasks": each} for name, each in tasks.items()]}


def faults(fields: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Path, code and hint of every fault."""
    with pytest.raises(AgreementError) as caught:
        build_agreement({**AGREEMENT, **fields})
    return [(fault.place.file, fault.code, fault.hint) for fault in caught.value.faults]


@pytest.mark.parametrize(
    "owner",
    ["li", "steering", "port", "secretary", "project-manager", "communication-officer", "safety-officer"],
)
def test_an_owner_is_a_member_body_party_or_role(owner: str) -> None:
    """Held roles, standard roles and key roles all count."""
    point = {"id": "x", "due": "2026-03-01", "owner": owner}
    build_agreement(
        {
            **AGREEMENT,
            "goals": [{"id": "g", "statement": "G", "owner": owner}],
            "kpis": [{"id": "cost", "owner": owner}],
            "risks": [{"id": "r", "title": "R", "owner": owner}],
            "phases": [
                {
                    "id": "x",
                    "planned": WINDOW,
                    "owner": owner,
                    "milestones": [point],
                    "deliverables": [point],
                    "tasks": [{"id": "t", "planned": WINDOW, "owner": owner}],
                }
            ],
        }
    )


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"goals": [{"id": "g", "statement": "G", "owner": "steerin"}]}, "goals[0].owner"),
        ({"kpis": [{"id": "cost", "owner": "steerin"}]}, "kpis[0].owner"),
        ({"risks": [{"id": "r", "title": "R", "owner": "steerin"}]}, "risks[0].owner"),
        ({"phases": [{"id": "x", "planned": WINDOW, "owner": "steerin"}]}, "phases[0].owner"),
        (phases(x=[{**task("t"), "owner": "steerin"}]), "phases[0].tasks[0].owner"),
    ],
)
def test_an_unknown_owner_is_refused(fields: dict[str, Any], place: str) -> None:
    """The nearest name is the hint."""
    assert faults(fields) == [(place, "unknown-owner", 'did you mean "steering"?')]


@pytest.mark.parametrize(
    ("fields", "place", "code", "near"),
    [
        (
            {"team": {"members": [{"id": "m", "party": "prot"}]}},
            "team.members[0].party",
            "unknown-party",
            "port",
        ),
        (
            {"team": {"members": [{"id": "amy", "deputy": "any"}]}},
            "team.members[0].deputy",
            "unknown-member",
            "amy",
        ),
        (
            {"team": {"members": [{"id": "amy"}], "bodies": [{"id": "b", "members": ["emy"]}]}},
            "team.bodies[0].members[0]",
            "unknown-member",
            "amy",
        ),
        (
            {"team": {"members": [{"id": "amy"}], "bodies": [{"id": "b", "chair": "emy"}]}},
            "team.bodies[0].chair",
            "unknown-member",
            "amy",
        ),
        ({"meetings": [{"id": "m", "body": "stering"}]}, "meetings[0].body", "unknown-body", "steering"),
        (
            {
                "risks": [
                    {"id": "r", "title": "R", "responses": [{"id": "s", "title": "S", "body": "stering"}]}
                ]
            },
            "risks[0].responses[0].body",
            "unknown-body",
            "steering",
        ),
        (
            {"team": {"members": [{"id": "amy"}], "chairs": [{"by": "emy", "from": "2026-01-05"}]}},
            "team.chairs[0].by",
            "unknown-member",
            "amy",
        ),
        (
            {
                "meetings": [
                    {
                        "id": "m",
                        "minutes": [
                            {"on": "2026-01-05", "decisions": [{"id": "d", "what": "D", "owner": "steerin"}]}
                        ],
                    }
                ]
            },
            "meetings[0].minutes[0].decisions[0].owner",
            "unknown-owner",
            "steering",
        ),
        (
            {
                "reports": [
                    {"id": "r", "period": WINDOW, "due": "2026-04-20", "signed_by": {"prt": "2026-01-05"}}
                ]
            },
            "reports[0].signed_by.prt",
            "unknown-party",
            "port",
        ),
        (
            {"goals": [{"id": "g", "statement": "G", "kpis": ["costs"]}]},
            "goals[0].kpis[0]",
            "unknown-kpi",
            "cost",
        ),
        (
            {"goals": [{"id": "g", "statement": "G", "agreed_by": {"prt": "2026-01-05"}}]},
            "goals[0].agreed_by.prt",
            "unknown-party",
            "port",
        ),
        (
            {"waivers": [{"rule": "x", "about": "kpi/cots", "until": "2026-02-01", "reason": "R"}]},
            "waivers[0].about",
            "unknown-subject",
            "kpi/cost",
        ),
        (phases(x=[task("dig"), task("t", "dib")]), "phases[0].tasks[1].after[0]", "unknown-task", "dig"),
        (
            phases(x=[task("dig")], y=[task("t", "x/dib")]),
            "phases[1].tasks[0].after[0]",
            "unknown-task",
            "x/dig",
        ),
    ],
)
def test_an_unknown_name_is_refused(fields: dict[str, Any], place: str, code: str, near: str) -> None:
    """Every reference resolves, or the fault suggests a close name."""
    assert faults(fields) == [(place, code, f'did you mean "{near}"?')]


def test_the_owner_of_a_plan_may_be_missing() -> None:
    """An assessment shows such a plan as vacant; the agreement still loads."""
    plan = {"id": "p", "title": "P", "answers": ["delay"], "owner": "nobody"}
    assert build_agreement({**AGREEMENT, "plans": [plan]}).plans[0].owner == "nobody"


def test_no_one_is_their_own_deputy() -> None:
    """A deputy is somebody else."""
    assert faults({"team": {"members": [{"id": "m", "deputy": "m"}]}}) == [
        ("team.members[0].deputy", "own-deputy", "")
    ]


def test_a_name_means_a_member_or_a_role() -> None:
    """Only the member who holds a role may have the same name as the role."""
    build_agreement(
        {**AGREEMENT, "team": {"members": [{"id": "project-manager", "role": "project-manager"}]}}
    )
    members = [{"id": "project-manager"}, {"id": "clerk", "role": "chair"}]
    assert [each[:2] for each in faults({"team": {"members": members, "bodies": [{"id": "chair"}]}})] == [
        ("team.bodies[0].id", "ambiguous-name"),
        ("team.members[0].id", "ambiguous-name"),
    ]


def test_roles_are_those_held_named_and_standard() -> None:
    """The roles of a team are one set of names."""
    assert roles_of(build_agreement(AGREEMENT).team) == {
        "secretary",
        "safety-officer",
        "project-manager",
        "technical-liaison",
        "finance-liaison",
        "communication-officer",
    }


def test_tasks_do_not_wait_for_themselves() -> None:
    """A circle is refused where it closes, within a phase and across phases."""
    assert faults(phases(x=[task("a", "a")])) == [("phases[0].tasks[0].after[0]", "task-circle", "")]
    circle = phases(x=[task("a", "y/b")], y=[task("b", "c"), task("c", "x/a")])
    with pytest.raises(AgreementError, match="a circle: x/a after y/b after y/c after x/a"):
        build_agreement({**AGREEMENT, **circle})
    diamond = phases(x=[task("a"), task("b", "a"), task("c", "a"), task("d", "b", "c")])
    build_agreement({**AGREEMENT, **diamond})


def test_a_long_chain_of_tasks_is_no_trouble() -> None:
    """Thousands of tasks in a row are checked without recursion, and quickly."""
    chain = [task("t0"), *(task(f"t{number}", f"t{number - 1}") for number in range(1, 5000))]
    build_agreement({**AGREEMENT, **phases(x=chain[::-1])})


def test_many_unknown_names_are_reported_in_time() -> None:
    """Looking for the nearest name stops after some; 200 faults of a sort are reported, and the rest is counted."""
    tasks = [{**task(f"t{number}", f"u{number}"), "owner": f"o{number}"} for number in range(2000)]
    started = time.perf_counter()
    assert Counter(code for _, code, _ in faults(phases(x=tasks))) == {
        "unknown-task": 200,
        "unknown-owner": 200,
    }
    assert time.perf_counter() - started < 10


def test_references_and_other_faults_come_together() -> None:
    """Faults of ids, names, order and money of a whole agreement are reported at once."""
    found = faults(
        {
            "kpis": [{"id": "k", "owner": "nobody-here"}, {"id": "k"}],
            **phases(x=[task("a", "b")]),
            "meetings": [{"id": "m", "body": "xyz"}],
        }
    )
    assert [each[1] for each in found] == ["unknown-owner", "duplicate-id", "unknown-body", "unknown-task"]


@pytest.mark.parametrize(
    ("owner", "hint"),
    [
        ("李伟", "write `m`"),
        ("Wei", "write `m`"),
        ("港务局", "write `port`"),
        ("理事会", "write `board`"),
        ("王芳", ""),
        ("项目经里", 'did you mean "项目经理"?'),
        ("專案經里", 'did you mean "專案經理"?'),
    ],
)
def test_an_owner_by_a_displayed_name_or_a_misspelt_role_has_a_hint(owner: str, hint: str) -> None:
    """Names are for people and may be shared, so an owner is an id; whose it is can be said where only one has it."""
    members = [
        {"id": "m", "name": {"en": "Wei", "zh-Hans": "李伟"}},
        {"id": "a", "name": "王芳"},
        {"id": "b", "name": "王芳"},
    ]
    fields = {
        "parties": [{"id": "port", "name": "港务局"}],
        "team": {"members": members, "bodies": [{"id": "board", "name": "理事会"}]},
        "kpis": [{"id": "cost", "owner": owner}],
    }
    assert faults(fields) == [("kpis[0].owner", "unknown-owner", hint)]
