"""A page on which people answer cases: the link in a message leads here.

Run it with `COOPGOV_STORE=cases.db fastapi dev examples/hosts/case_answers.py`, from the folder of the clone.
"""

from __future__ import annotations

import asyncio
import os
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse

import coopgov

if TYPE_CHECKING:
    from coopgov.cases.store import SqlStore

app = FastAPI(title="Cases")
AGREEMENT = coopgov.load_agreement("examples/casework/agreement.yaml")
ENGINE = coopgov.Engine(coopgov.load_rules("examples/casework/rules.yaml"))


def _store() -> SqlStore:
    return coopgov.open_store(os.environ["COOPGOV_STORE"], agreement=AGREEMENT.id, create=False)


@app.get("/cases/{case}", response_class=HTMLResponse)
def show(case: str) -> str:
    """A case, and a form to acknowledge it."""
    with _store() as store:
        cases = store.read()
    if cases is None:
        raise coopgov.UnknownCaseError(case)
    found = cases.find(case)
    return f"""<h1>{escape(found.name)}</h1><p>{found.severity}, {found.state} since {found.since}</p>
<form method="post"><input name="by"><input name="note"><button>Acknowledge</button></form>"""


@app.post("/cases/{case}")
async def acknowledge(case: str, request: Request) -> dict[str, str]:
    """Acknowledge a case; `by` should come from your own log-in, not from a form."""
    form = parse_qs((await request.body()).decode())
    by, note = form["by"][0], form.get("note", [None])[0]

    def step(cases: coopgov.Cases | None) -> coopgov.Step:
        if cases is None or cases.last is None:
            raise coopgov.UnknownCaseError(case)
        event = coopgov.Event(on=cases.last, case=case, event="acknowledge", by=by, note=note)
        return coopgov.answer(cases, event, agreement=AGREEMENT, rules=ENGINE)

    def recorded() -> str:
        with _store() as store:
            return store.update(step).cases.find(case).state

    return {"state": await asyncio.to_thread(recorded)}


@app.exception_handler(coopgov.UnknownCaseError)
def unknown(_request: Request, error: coopgov.UnknownCaseError) -> JSONResponse:
    """There is no such case."""
    return JSONResponse({"error": str(error)}, 404)


@app.exception_handler(coopgov.RefusedEventError)
def refused(_request: Request, error: coopgov.RefusedEventError) -> JSONResponse:
    """The case does not allow it now; the answer says what it allows."""
    return JSONResponse({"error": str(error), "possible": list(error.possible)}, 409)
