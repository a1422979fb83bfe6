"""Parses the text of an expression into a tree, by operator precedence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from coopgov.errors import ExpressionError
from coopgov.faults import NO_HINT, did_you_mean
from coopgov.language import syntax as s
from coopgov.language.other_spelling import other_spelling
from coopgov.language.tokens import MAX_LENGTH, Token, code, tokens, write
from coopgov.language.units import is_currency
from coopgov.language.words import AGGREGATES, COMPARISONS, FUNCTIONS, NAMED
from coopgov.locales import Phrase, listed, phrase
from coopgov.numerals import SCALES

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "parse", "parse_band"]

MAX_DEPTH = 64

_OF_ITEMS = AGGREGATES - FUNCTIONS
_NAME_OF_ONE = re.compile(r"[^\W_][\w.-]*")

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY = range(7)
_WORDS = {"or": _OR, "and": _AND} | dict.fromkeys(("above", "below", "at", "between", "is", "in"), _COMPARE)
_ARITHMETIC: dict[str, tuple[int, type[s.Arithmetic]]] = {
    "+": (_SUM, s.Add),
    "-": (_SUM, s.Subtract),
    "*": (_PRODUCT, s.Multiply),
    "/": (_PRODUCT, s.Divide),
}


@lru_cache(maxsize=1024)
def parse(text: str) -> s.Expr:
    """Parse one expression; the last thousand are cached, because every rule set has the formulas of the catalogue.

    Raises:
        ExpressionError: the text is not an expression of the language, or exceeds its limits.
    """
    return _Parser(text).whole()


def parse_band(text: str, measure: s.Expr, start: int = 0) -> s.Expr:
    """Parse the text of a band (`above 10 %`), from `start` on, as a comparison of the measure."""
    return _Parser(text, start).band(measure)


class _Parser:
    def __init__(self, text: str, start: int = 0) -> None:
        if len(text) - start > MAX_LENGTH:
            found = phrase("language.characters", number=f"{len(text) - start:,}")
            expected = phrase("language.at-most", most=f"{MAX_LENGTH:,}")
            raise ExpressionError("expression-too-long", found, expected, start=start, end=start + 1)
        self.text = text
        self.tokens = tokens(text, start)
        self.at = 0
        self.depth = 0

    def whole(self) -> s.Expr:
        return self._finish(self._expression(_OR))

    def band(self, measure: s.Expr) -> s.Expr:
        if self._strength(self._peek()) != _COMPARE:
            self._fail("language.comparison")
        return self._finish(self._comparison(measure))

    def _finish(self, node: s.Expr) -> s.Expr:
        if self._peek().kind != "end":
            self._fail("language.operator-or-end")
        _check_depth(node)
        return node

    def _expression(self, level: int) -> s.Expr:
        """Parse operators that bind at least as strongly as `level`."""
        left = self._prefix(level)
        while True:
            strength = self._strength(self._peek())
            if strength < level:
                return left
            if strength <= _AND:
                left = self._logic(left, strength)
            elif strength == _COMPARE:
                left = self._comparison(left)
                if self._strength(self._peek()) == _COMPARE:
                    self._fail("language.and-or-end", phrase("language.join-comparisons"))
            else:
                left = self._arithmetic(left, strength)

    def _strength(self, token: Token) -> int:
        if token.kind == "symbol":
            if token.text in _ARITHMETIC:
                return _ARITHMETIC[token.text][0]
            return _COMPARE if token.text in COMPARISONS else -1
        if token.kind != "word":
            return -1
        if token.text == "not" and self.tokens[self.at + 1].text == "in":
            return _COMPARE
        return _WORDS.get(token.text, -1)

    def _prefix(self, level: int) -> s.Expr:
        token = self._peek()
        if level <= _NOT and self._word("not"):
            self._descend()
            operand = self._expression(_NOT)
            self.depth -= 1
            return s.Not(operand, start=token.start, end=operand.end)
        if self._symbol("-"):
            self._descend()
            operand = self._prefix(_UNARY)
            self.depth -= 1
            return s.Negative(operand, start=token.start, end=operand.end)
        return self._else()

    def _logic(self, first: s.Expr, strength: int) -> s.Expr:
        word, kind = ("or", s.Or) if strength == _OR else ("and", s.And)
        operands = [first]
        while self._word(word):
            operands.append(self._expression(strength + 1))
        return kind(tuple(operands), start=first.start, end=operands[-1].end)

    def _arithmetic(self, left: s.Expr, strength: int) -> s.Expr:
        token = self._peek()
        if token.text == "-":
            self._spaced_minus(token)
        self.at += 1
        right = self._expression(strength + 1)
        return _ARITHMETIC[token.text][1](left, right, start=left.start, end=right.end)

    def _spaced_minus(self, token: Token) -> None:
        before, after = self.text[token.start - 1 : token.start], self.text[token.end : token.end + 1]
        if not (before.isspace() and (after.isspace() or not after)):
            spaced = " " * (not before.isspace()) + "-" + " " * (not after.isspace())
            expected = phrase("language.spaced-minus")
            self._fail_at(token, "minus-without-spaces", expected, write(spaced))

    def _else(self) -> s.Expr:
        node = self._atom()
        parts = [node]
        while self._word("else"):
            parts.append(self._atom())
        node = parts.pop()
        for left in reversed(parts):
            node = s.Else(left, node, start=left.start, end=node.end)
        return node

    def _comparison(self, left: s.Expr) -> s.Expr:
        token = self._peek()
        if token.kind == "symbol":
            self.at += 1
            return self._compared(COMPARISONS[token.text], left)
        if self._word("above"):
            return self._compared(s.Above, left)
        if self._word("below"):
            return self._compared(s.Below, left)
        if self._word("at"):
            if self._word("least"):
                return self._compared(s.AtLeast, left)
            self._expect_word("most", "language.least-or-most")
            return self._compared(s.AtMost, left)
        if self._word("between"):
            low = self._expression(_SUM)
            self._expect_word("and", "language.upper-end")
            high = self._expression(_SUM)
            return s.Between(left, low, high, start=left.start, end=high.end)
        return self._is_or_in(left)

    def _is_or_in(self, left: s.Expr) -> s.Expr:
        if self._word("is"):
            negated = self._word("not")
            if self._peek().kind == "name" and self._peek().text.lower() in ("null", "none", "nil"):
                self._nothing()
            if self._word("known"):
                node: s.Expr = s.Known(left, start=left.start, end=self._last_end())
                return s.Not(node, start=node.start, end=node.end) if negated else node
            return self._compared(s.NotEqual if negated else s.Equal, left)
        negated = self._word("not")
        self._expect_word("in", "language.in")
        right = self._choices() if self._peek().text == "[" else self._expression(_SUM)
        node = s.In(left, right, start=left.start, end=right.end)
        return s.Not(node, start=node.start, end=node.end) if negated else node

    def _nothing(self) -> NoReturn:
        """Report a comparison with null, which other languages use to ask whether a value is present."""
        first = next(each for each in reversed(self.tokens[: self.at]) if each.text == "is")
        asked = "is known" if self.tokens[self.at - 1].text == "not" else "is not known"
        start, end = first.start, self._peek().end
        found, expected = code(self.text[start:end]), phrase("language.presence")
        raise ExpressionError("syntax", found, expected, start=start, end=end, hint=write(asked))

    def _compared(self, kind: type[s.Comparison], left: s.Expr) -> s.Expr:
        right = self._expression(_SUM)
        return kind(left, right, start=left.start, end=right.end)

    def _choices(self) -> s.Choices:
        start = self._next().start
        items = [self._literal()]
        while self._symbol(","):
            items.append(self._literal())
        self._expect_symbol("]", "language.comma-or-square-bracket")
        return s.Choices(tuple(items), start=start, end=self._last_end())

    def _literal(self) -> s.Literal:
        node = self._atom()
        if not isinstance(node, s.Literal):
            found, expected = code(self.text[node.start : node.end]), phrase("language.literal")
            raise ExpressionError("syntax", found, expected, start=node.start, end=node.end)
        return node

    def _atom(self) -> s.Expr:
        token = self._peek()
        if token.kind == "number":
            return self._number()
        if token.kind == "name":
            return self._name()
        if token.kind == "text":
            self.at += 1
            return s.Literal(token.text[1:-1], start=token.start, end=token.end)
        if token.kind == "date":
            return self._date()
        if token.kind == "word" and token.text in ("true", "false"):
            self.at += 1
            return s.Literal(token.text == "true", start=token.start, end=token.end)
        if self._symbol("("):
            self._descend()
            node = self._expression(_OR)
            self.depth -= 1
            self._expect_symbol(")", "language.bracket")
            return replace(node, start=token.start, end=self._last_end())
        return self._fail("language.operand")

    def _number(self) -> s.Expr:
        token = self._next()
        if (
            len(token.text.lower().partition("e")[2]) > 4
            or abs((value := Decimal(token.text)).adjusted()) > 30
        ):
            self._fail_at(token, "number-too-large", phrase("language.thirty-digits"))
        unit, end = self._unit(), self._last_end()
        return s.Literal(value, unit, start=token.start, end=end)

    def _unit(self) -> str:
        token = self._peek()
        if token.kind == "symbol" and token.text == "%":
            self.at += 1
            return "%"
        if token.kind == "text":
            self.at += 1
            return token.text[1:-1]
        if token.kind != "name" or "." in token.text:
            return ""
        self.at += 1
        following = self._peek()
        if token.text == "working" and following.text in ("day", "days"):
            self.at += 1
            return f"working {following.text}"
        if token.text in SCALES and following.kind == "name" and is_currency(following.text):
            self.at += 1
            return f"{token.text} {following.text}"
        return token.text

    def _date(self) -> s.Expr:
        token = self._next()
        try:
            value = date.fromisoformat(token.text)
        except ValueError:
            self._fail_at(token, "not-a-date", phrase("language.day-of-calendar"))
        return s.Literal(value, start=token.start, end=token.end)

    def _name(self) -> s.Expr:
        token = self._next()
        if self._peek().text == "(" and self._peek().kind == "symbol":
            return self._call(token)
        owner, _, name = token.text.rpartition(".")
        return s.Name(name, owner, start=token.start, end=token.end)

    def _named(self, token: Token, owner: str, fact: str) -> s.Name:
        """A fact with the name of one of several things: the text in its brackets becomes part of its own name."""
        self.at += 1
        given = self._next()
        if given.kind != "text" or not _NAME_OF_ONE.fullmatch(given.text[1:-1]):
            hint = write(f'{token.text}("{given.text}")') if given.kind == "name" else None
            self._fail_at(given, "syntax", phrase("language.name-in-quotes"), hint)
        self._expect_symbol(")", "language.bracket")
        return s.Name(f'{fact}("{given.text[1:-1]}")', owner, start=token.start, end=self._last_end())

    def _call(self, token: Token) -> s.Expr:
        owner, _, fact = token.text.rpartition(".")
        if fact in NAMED:
            return self._named(token, owner, fact)
        if token.text not in AGGREGATES | FUNCTIONS:
            known = sorted(AGGREGATES | FUNCTIONS | NAMED)
            expected, hint = phrase("errors.one-of", choices=listed(known)), did_you_mean(token.text, known)
            self._fail_at(token, "unknown-function", expected, hint)
        self._descend()
        self.at += 1
        first = self._expression(_OR)
        node = self._aggregate(token, first)
        if node is None:
            arguments = [first]
            while self._symbol(","):
                arguments.append(self._expression(_OR))
            self._expect_symbol(")", "language.comma-or-bracket")
            node = s.Call(token.text, tuple(arguments), start=token.start, end=self._last_end())
        self.depth -= 1
        return node

    def _aggregate(self, token: Token, first: s.Expr) -> s.Expr | None:
        value: s.Expr | None = None
        collection = first
        if self._word("of"):
            value, collection = first, self._atom()
        where = self._expression(_OR) if self._word("where") else None
        if value is None and where is None and token.text not in _OF_ITEMS:
            return None
        if token.text not in AGGREGATES:
            self._fail_at(token, "syntax", phrase("language.collection-function"))
        if not isinstance(collection, s.Name):
            found = code(self.text[collection.start : collection.end])
            expected = phrase("language.collection-name")
            raise ExpressionError("syntax", found, expected, start=collection.start, end=collection.end)
        self._expect_symbol(")", "language.where-or-bracket")
        return s.Aggregate(token.text, collection, value, where, start=token.start, end=self._last_end())

    def _peek(self) -> Token:
        return self.tokens[self.at]

    def _next(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _last_end(self) -> int:
        return self.tokens[self.at - 1].end

    def _word(self, word: str) -> bool:
        token = self._peek()
        if token.kind == "word" and token.text == word:
            self.at += 1
            return True
        return False

    def _symbol(self, symbol: str) -> bool:
        token = self._peek()
        if token.kind == "symbol" and token.text == symbol:
            self.at += 1
            return True
        return False

    def _expect_word(self, word: str, expected: str) -> None:
        if not self._word(word):
            self._fail(expected)

    def _expect_symbol(self, symbol: str, expected: str) -> None:
        if not self._symbol(symbol):
            self._fail(expected)

    def _descend(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._too_deep()

    def _too_deep(self) -> NoReturn:
        self._fail_at(self._peek(), "expression-too-deep", phrase("language.depth", most=MAX_DEPTH))

    def _fail(self, expected: str, hint: Phrase | None = None) -> NoReturn:
        """Report the next token; `expected` is the key of a text, so that parsing makes none that nobody reads."""
        self._fail_at(self._peek(), "syntax", phrase(expected), hint)

    def _fail_at(self, token: Token, fault: str, expected: Phrase, hint: Phrase | None = None) -> NoReturn:
        start, end, words = other_spelling(self.tokens, self.tokens.index(token), self.text)
        if words and not hint:
            if token.text == ",":
                fault, expected = "not-a-number", phrase("language.number-such-as")
            found = code(self.text[start:end])
            raise ExpressionError(fault, found, expected, start=start, end=end, hint=write(*words))
        found = phrase("language.end") if token.kind == "end" else code(token.text)
        raise ExpressionError(fault, found, expected, start=token.start, end=token.end, hint=hint or NO_HINT)


def _check_depth(node: s.Expr) -> None:
    level = [node]
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            deepest = level[0]
            found = phrase("language.deeper", most=MAX_DEPTH)
            expected = phrase("language.depth", most=MAX_DEPTH)
            raise ExpressionError(
                "expression-too-deep", found, expected, start=deepest.start, end=deepest.end
            )
        level = [child for parent in level for child in s.children(parent)]
