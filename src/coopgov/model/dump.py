"""Writes agreements as YAML or JSON that loads back to an equal agreement."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

import yaml

from coopgov.arguments import checked, one_of
from coopgov.model.agreement import A_PART, AN_AGREEMENT
from coopgov.model.dated import bare_key, is_dated
from coopgov.schema.base import Part
from coopgov.schema.problems import written
from coopgov.schema.scalars import Parsed
from coopgov.schema.text import LocalText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgov.model.agreement import Agreement
    from coopgov.model.parts.part import AgreementPart


__all__ = ["dump_agreement", "dump_part", "plain_agreement"]

_ESCAPED_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@checked(
    agreement=AN_AGREEMENT,
    format=one_of(("yaml", "json")),
)
def dump_agreement(agreement: Agreement, format: Literal["yaml", "json"] = "yaml") -> str:  # noqa: A002 — the usual name
    """Write an agreement as a text, with only the values that were set; it loads back to an equal agreement.

    Args:
        agreement: the agreement.
        format: `yaml` or `json`.

    >>> from coopgov import dump_agreement, load_agreement, parse_agreement
    >>> pilot = load_agreement("examples/pilot/agreement.yaml")
    >>> parse_agreement(dump_agreement(pilot)) == pilot
    True
    """
    return _text(plain_agreement(agreement), format)


@checked(part=A_PART, format=one_of(("yaml", "json")))
def dump_part(part: AgreementPart, format: Literal["yaml", "json"] = "yaml") -> str:  # noqa: A002  # the usual name
    """Write a part of an agreement as a text, with only the values that were set; it loads back to an equal part.

    Args:
        part: the part.
        format: `yaml` or `json`.

    >>> from coopgov import build_part, dump_part
    >>> part = build_part({
    ...     "coopgov": "part/1",
    ...     "into": "harbour-data",
    ...     "from": {"format": "survey", "on": "2026-06-30"},
    ...     "kpis": [{"id": "satisfaction", "readings": [{"on": "2026-06-29", "value": 81}]}],
    ... })
    >>> print(dump_part(part), end="")
    coopgov: part/1
    into: harbour-data
    from: {format: survey, on: 2026-06-30}
    kpis:
    - id: satisfaction
      readings:
      - {on: 2026-06-29, value: 81}
    """
    return _text(_plain_part(part), format)


def _text(data: dict[str, Any], format: str) -> str:  # noqa: A002  # as above
    if format == "json":
        text = json.dumps(_json(data), ensure_ascii=False, indent=2)
        return _ESCAPED_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"
    return yaml.dump(
        _yaml(data),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=1 << 30,
        default_flow_style=None,
    )


def plain_agreement(agreement: Agreement) -> dict[str, Any]:
    """Return an agreement as dictionaries, lists, texts and decimals, only the values that were set."""
    return _plain_part(agreement)


def _plain_part(part: Part) -> dict[str, Any]:
    fields = type(part).model_fields
    plain: dict[str, Any] = {}
    for name in fields:
        value = getattr(part, name)
        if name in part.model_fields_set and value is not None:
            plain[fields[name].alias or name] = _writer(type(part), name)(value)
    return plain


def _plain(value: object) -> Any:
    if isinstance(value, Part):
        return _plain_part(value)
    if isinstance(value, LocalText):
        return str(value) if not value.languages else dict(value.entries)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, (str, Decimal, int)) else str(value)


def _plain_entries(entries: tuple[Part, ...]) -> Any:
    """Write a single entry of a dated field without its list, and an undated one as the bare value."""
    items = [_plain_part(entry) for entry in entries]
    if len(items) != 1:
        return items
    return next(iter(items[0].values())) if items[0].keys() <= {"amount", "is"} else items[0]


@cache
def _writer(model: type[Part], name: str) -> Callable[[Any], Any]:
    """Return the function that writes a field: its annotation may define one, else its value decides."""
    field = model.model_fields[name]
    for each in _annotations((*field.metadata, field.annotation)):
        if isinstance(each, Parsed) and each.write is not None:
            return each.write
    if is_dated(field.metadata):
        return _plain_entries
    short = bare_key(field.metadata)
    return _plain if short is None else lambda entries: _plain_short(entries, short)


def _plain_short(entries: tuple[Part, ...], key: str) -> list[Any]:
    """Write entries that have only their main key as its value."""
    items = [_plain_part(entry) for entry in entries]
    return [item[key] if item.keys() == {key} else item for item in items]


def _annotations(parts: tuple[object, ...]) -> Iterator[object]:
    for part in parts:
        yield part
        yield from _annotations((*get_args(part), *getattr(part, "__metadata__", ())))


def _json(value: Any) -> Any:
    """Write numbers as JSON numbers where those are exact, else as texts."""
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    if not isinstance(value, Decimal):
        return value
    if value == value.to_integral_value() and abs(value) < 1 << 53:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)


def _yaml(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _yaml(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_yaml(item) for item in value]
    return written(value)


class _Dumper(yaml.SafeDumper):
    """Quotes only texts that would otherwise be read as YAML syntax or as absent: the reader never guesses types."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 — as PyYAML declares it

    def ignore_aliases(self, _data: object) -> bool:
        """Write every value in full, never an alias."""
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    escaped = "\\u" in text or not text.replace("\n", "").isprintable()
    style = '"' if escaped else "|" if "\n" in text.rstrip("\n") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|)$"), ["~", "n", ""])
