"""A site in one file that shows the warnings about its agreements: `python examples/hosts/django_app.py runserver`.

In a project of your own, the settings are where they always are, and `Engine` is made in `AppConfig.ready`.
"""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

import coopgov

if TYPE_CHECKING:
    from django.http import HttpRequest

settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY="only an example",
    ALLOWED_HOSTS=["localhost", "testserver"],
    MIDDLEWARE=["django.middleware.locale.LocaleMiddleware"],
    LANGUAGES=[("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")],
)
django.setup()

AGREEMENTS = {
    each.id: each
    for each in [
        coopgov.load_agreement("examples/pilot/agreement.yaml"),
        coopgov.load_agreement("examples/compact/agreement.yaml"),
    ]
}
ENGINE = coopgov.Engine(coopgov.load_rules())


def assessed(request: HttpRequest, name: str) -> coopgov.Assessment:
    """The assessment of an agreement on the day of the query, by default today, in the language of the visitor."""
    if name not in AGREEMENTS:
        raise Http404(name)
    day = parse_date(request.GET.get("as_of", "")) or date.today()
    return coopgov.assess(AGREEMENTS[name], ENGINE, as_of=day, language=get_language() or "en")


def page(request: HttpRequest, name: str) -> HttpResponse:
    """The warnings about an agreement as a table; `to_html` has escaped what people wrote."""
    table = mark_safe(coopgov.to_html(assessed(request, name), get_language() or "en"))
    return HttpResponse(format_html("<!doctype html><title>{}</title>{}", name, table))


def data(request: HttpRequest, name: str) -> JsonResponse:
    """The same as JSON."""
    return JsonResponse(assessed(request, name).to_dict())


urlpatterns = [path("agreements/<str:name>.json", data), path("agreements/<str:name>", page)]

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
