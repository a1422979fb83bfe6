"""A service that assesses agreements: `fastapi dev examples/hosts/fastapi_app.py`, from the folder of the clone."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse

import coopgov

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Language = Literal["en", "zh-Hans", "zh-Hant"]


@asynccontextmanager
async def ready(app: FastAPI) -> AsyncIterator[None]:
    """Compile the rules before the first request."""
    rules = coopgov.load_rules("examples/pilot/tolerances.yaml")
    app.state.engine = await asyncio.to_thread(coopgov.Engine, rules)
    yield


app = FastAPI(title="Early warnings", lifespan=ready)


@app.post("/assessments")
def assess(
    request: Request, agreement: dict[str, Any], as_of: date, language: Language = "en"
) -> dict[str, Any]:
    """Assess an agreement that the client sends; a plain function, so FastAPI runs it in a thread."""
    built = coopgov.build_agreement(agreement)
    engine: coopgov.Engine = request.app.state.engine
    return coopgov.assess(built, engine, as_of=as_of, language=language).to_dict()


@app.get("/rules")
def rules(request: Request, language: Language = "en") -> HTMLResponse:
    """Show the rules with their ladders."""
    return HTMLResponse(coopgov.to_html(request.app.state.engine.rules, language))


@app.exception_handler(coopgov.InputError)
def faults(request: Request, error: coopgov.InputError) -> JSONResponse:
    """Say all that is wrong with an agreement, each with the path of the value, in the language that was asked for."""
    language = request.query_params.get("language", "en")
    told = [
        {
            "path": fault.place.file,
            "code": fault.code,
            "found": fault.found.in_language(language),
            "expected": fault.expected.in_language(language),
            "hint": fault.hint.in_language(language),
        }
        for fault in error.faults
    ]
    return JSONResponse({"faults": told}, status_code=422)
