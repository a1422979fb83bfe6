"""`coopgov backtest`: show when each warning would have begun and ended, with one set of rules or against another."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgov.cli.arguments import add_output, add_rules, current_day, day
from coopgov.cli.output import about_file, json_text, to_stderr, write
from coopgov.cli.progress import doing
from coopgov.errors import InputError, PeriodError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from coopgov.cli.parser import Parser
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet
    from coopgov.simulation.comparison import Comparison
    from coopgov.simulation.history import History
    from coopgov.simulation.timelines import Tally

__all__ = ["add_arguments", "run"]


class _Tested(NamedTuple):
    """The result for one agreement, and whether the period ends today because no other end was given."""

    new: History
    comparison: Comparison | None
    today: bool


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreements", nargs="+", metavar="AGREEMENT", help="shared.agreements")
    add_rules(command)
    command.add_argument("--against", nargs="+", action="extend", metavar="FILE", help="backtest.against")
    read_day = command.reader(day)
    command.add_argument("--from", dest="first", type=read_day, metavar="DATE", help="backtest.from")
    command.add_argument("--to", dest="last", type=read_day, metavar="DATE", help="backtest.to")
    add_output(command, ("text", "json", "svg"))
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Test every agreement; one that cannot be read does not stop the others."""
    from coopgov.model import load_agreement
    from coopgov.rules import load_rules

    rules = load_rules(*(options.rules or ()))
    against = load_rules(*options.against) if options.against else None
    tested: list[_Tested] = []
    for number, name in enumerate(options.agreements, 1):
        place = {"number": number, "total": len(options.agreements), "name": name}
        try:
            tested.append(_tested(options, load_agreement(name), rules, against, place))
        except (InputError, PeriodError) as error:
            to_stderr(about_file(name, error, options.message_lang))
    if tested:
        _print(options, tested, rules, against)
    return 0 if len(tested) == len(options.agreements) else 2


def _tested(
    options: Namespace,
    agreement: Agreement,
    rules: RuleSet,
    against: RuleSet | None,
    place: Mapping[str, object],
) -> _Tested:
    """The result for one agreement, which has a place among several."""
    from coopgov.simulation.backtest import backtest
    from coopgov.simulation.comparison import compare

    term, now = agreement.term.sound, current_day()
    first = options.first or term.start
    last = options.last or max(filter(None, (first, min(term.end or now, now))))
    today = options.last is None and last == now

    def history(rules: RuleSet) -> History:
        return backtest(
            agreement,
            rules,
            first=first,
            last=last,
            language=options.lang,
            progress=lambda _, share: doing("share-of-file", share=f"{share:.0%}", **place),
        )

    new = history(rules)
    if against is None:
        return _Tested(new, None, today)
    return _Tested(new, compare(new, history(against)), today)


def _print(options: Namespace, tested: list[_Tested], rules: RuleSet, against: RuleSet | None) -> None:
    from coopgov.simulation.timelines import tallies

    if options.format == "svg":
        from coopgov.charts.history import history_svg

        write(history_svg([each.comparison or each.new for each in tested], options.lang))
        return
    new = tallies([each.new for each in tested], (rule.id for rule in rules.rules))
    old: tuple[Tally, ...] = ()
    if against is not None:
        histories = [each.comparison.old for each in tested if each.comparison]
        old = tallies(histories, (rule.id for rule in against.rules))
    if options.format == "json":
        write(json_text(_json(tested, new, old), options.lang))
        return
    write("\n\n".join(_texts(options, tested, new, old)))


def _json(tested: list[_Tested], new: tuple[Tally, ...], old: tuple[Tally, ...]) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "agreements": [(each.comparison or each.new).to_dict() for each in tested],
        "rules": [tally.to_dict() for tally in new],
    }
    return {**whole, "against": [tally.to_dict() for tally in old]} if old else whole


def _texts(
    options: Namespace, tested: list[_Tested], new: tuple[Tally, ...], old: tuple[Tally, ...]
) -> list[str]:
    from coopgov.cli.histories import comparison_text, history_text, tally_text
    from coopgov.cli.text import Terminal

    terminal = Terminal.of(sys.stdout, options.lang, options.color)
    texts = [
        comparison_text(terminal, each.comparison, today=each.today)
        if each.comparison
        else history_text(terminal, each.new, today=each.today)
        for each in tested
    ]
    return [*texts, tally_text(terminal, new, len(tested), old)] if len(tested) > 1 else texts
