"""The appendix: how good the data are, which rules applied, the evidence with its places, reviews, how to repeat it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from coopgov.reports.document import Code, Listing, Paragraph, Row, Section, Strong, line
from coopgov.reports.sections.parts import cells, note, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.reports.context import Context
    from coopgov.reports.document import Block, Line
    from coopgov.rules.rule import Parameter

__all__ = ["appendix"]


def appendix(context: Context, command: str, digests: Mapping[str, str]) -> Section:
    """What an auditor asks for.

    Args:
        context: the report in the making.
        command: the command that makes the same report again.
        digests: what the report was made from, each with its digest.
    """
    parts = (
        ("reviews", _reviews(context)),
        ("quality", _quality(context)),
        ("rules", _rules(context)),
        ("evidence", _evidence(context)),
        ("again", _again(context, command, digests)),
    )
    sections = (
        Section(f"appendix/{name}", context.phrased(f"appendix.{name}"), tuple(blocks))
        for name, blocks in parts
    )
    return Section(
        "appendix", context.phrased("sections.appendix"), (), tuple(each for each in sections if each.blocks)
    )


def _reviews(context: Context) -> Iterator[Block]:
    """For each party who reviewed the report and when; what is missing is shown."""
    heads = (("party", 3.0), ("reviewed-by", 3.0), ("reviewed-on", 2.0))
    yield table(
        context, "reviews", heads, (_review(context, party.id) for party in context.agreement.parties)
    )


def _review(context: Context, party: str) -> Row:
    by, day = context.notes.file.reviewed_by(party) if context.notes else (None, None)
    open_: Line = line(Strong(context.phrased("appendix.not-reviewed")))
    return Row(
        cells(
            context.party(party),
            context.person(by) if by else context.phrased("none"),
            str(day) if day else open_,
        )
    )


def _quality(context: Context) -> Iterator[Block]:
    assessment = context.assessment
    number = len(assessment.undetermined)
    decided = (
        context.count("appendix.undetermined", number) if number else context.phrased("appendix.decided")
    )
    entries: list[Line] = [line(decided)]
    for each in assessment.unknown:
        key = "appendix.missing-since" if each.due else "appendix.missing"
        names = context.comma(map(context.name, each.subjects))
        entries.append(line(context.phrased(key, names=names, day=each.due)))
    stale = [each for each in context.facts.subjects["kpi"] if context.value(each.id, "reading_overdue")]
    if stale:
        entries.append(
            line(
                context.phrased("appendix.stale", kpis=context.comma(context.name(each.id) for each in stale))
            )
        )
    if assessment.undated:
        names = context.semicolon(_undated(context, each) for each in assessment.undated)
        entries.append(line(context.count("appendix.undated", len(assessment.undated), names=names)))
    yield Listing(tuple(entries))


def _undated(context: Context, path: str) -> str:
    """The display name of an undated value."""
    subject, _, fact = path.rpartition(".")
    found = context.facts.catalogue.facts.get((subject.partition("/")[0], fact))
    name = found.name_in(context.language) if found else fact
    return context.phrased("appendix.value", name=context.name(subject), fact=name)


def _rules(context: Context) -> Iterator[Block]:
    rules = context.rules
    yield Paragraph(
        line(
            context.phrased("appendix.pack", pack=rules.pack, version=rules.version, number=len(rules.rules)),
            Code(rules.digest),
        )
    )
    changed = [each for each in rules.parameters.values() if each.text != each.default]
    if changed:
        heads = (("parameter", 5.0), ("value", 2.0), ("default", 2.0))
        yield table(context, "parameters", heads, (_parameter(context, each) for each in changed))
    if rules.parameters:
        listed = context.semicolon(f"{name} {each.text}" for name, each in rules.parameters.items())
        yield note(context.phrased("appendix.parameters", parameters=listed))


def _parameter(context: Context, parameter: Parameter) -> Row:
    means = parameter.means.in_language(context.language) if parameter.means else parameter.name
    return Row(cells(means, parameter.text, parameter.default))


def _evidence(context: Context) -> Iterator[Block]:
    """Each fact that a warning rests on, once, by its subject, with its place; only subjects that are in a file."""
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for warning in context.assessment.warnings:
        about = warning.about.partition("/")[0]
        for each in warning.evidence:
            fact = context.facts.catalogue.fact(about, each.fact)
            name = fact.name_in(context.language) if fact else each.fact
            found[warning.about][name] = each.figure.text, _place(each.at)
    rows = [
        Row(cells(context.name(about), context.semicolon(_facts(context, facts))))
        for about, facts in found.items()
        if any(place for _, place in facts.values())
    ]
    if rows:
        yield replace(table(context, "evidence", (("about", 2.0), ("evidence", 8.0)), rows), fine=True)
    else:
        yield note(context.phrased("appendix.no-evidence"))


def _facts(context: Context, facts: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """The facts of each place, then the place."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, (shown, place) in facts.items():
        places[place].append(context.phrased("appendix.fact", fact=name, value=shown))
    for place, said in places.items():
        listed = context.comma(said)
        yield context.phrased("appendix.facts-at", facts=listed, place=place) if place else listed


def _place(at: str | None) -> str:
    """The file without its folders, and the line."""
    if at is None:
        return ""
    file, line_, _ = at.rsplit(":", 2)
    return f"{PurePath(file).name}:{line_}"


def _again(context: Context, command: str, digests: Mapping[str, str]) -> Iterator[Block]:
    yield Paragraph(line(context.phrased("appendix.command")))
    yield Paragraph(line(Code(command)))
    heads = (("input", 3.0), ("digest", 7.0))
    rows = (Row(cells(name, line(Code(digest)))) for name, digest in digests.items())
    yield table(context, "inputs", heads, rows)
