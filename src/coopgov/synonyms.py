"""The words of the vocabulary: the values that the library knows and displays, and their synonyms in its languages.

The synonyms are in section `words` of the locales, one table for each sort of value. Synonyms of all languages are
understood everywhere, because no file says in which language it is written. Case, spaces, hyphens, underscores and
the width of characters do not matter, nor whether a Chinese word is in simplified or traditional characters, or in
both: `項目經理`, `财務聯絡人`. What a word means depends on the table, and is never guessed: in one table, no
synonym has two meanings.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING

from coopgov.homophones import mistaken
from coopgov.languages import LANGUAGES
from coopgov.locales import texts
from coopgov.nearest import edits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = [
    "GROUPS",
    "MEANINGS",
    "TABLES",
    "UNITS",
    "among",
    "canonical",
    "choice",
    "in_both_scripts",
    "meant",
    "misspelt",
    "spellings",
    "synonyms",
]

UNITS = ("days", "working days", "weeks", "months", "hours", "minutes", "points", "%", "money")
"""The units that have synonyms."""
TABLES: Mapping[str, tuple[str, ...]] = {
    "roles": ("project-manager", "technical-liaison", "finance-liaison", "communication-officer"),
    "bodies": ("joint-lead", "steering", "resource-committee"),
    "kinds": (
        "delay", "overspend", "quality", "communication", "resource-conflict",
        "external", "alignment", "data", "planning",
    ),
    "categories": ("satisfaction",),
    "causes": ("resources", "technical"),
    "severities": ("notice", "minor", "major", "critical"),
    "task-statuses": ("not started", "in progress", "done", "cancelled"),
    "milestone-statuses": ("not met", "partially met", "met"),
    "risk-statuses": ("open", "closed", "occurred"),
    "directions": ("up", "down"),
    "leadership": ("joint", "rotating"),
    "strains": ("budget", "people", "time", "quality"),
    "weekdays": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "units": UNITS,
    "acknowledge": ("any", "each party"),
    "receivers": ("owner",),
    "counts": ("readings",),
    "events": (
        "acknowledge", "assign", "cause", "agree", "start", "done",
        "verify", "drop", "waive", "close", "reopen", "move",
    ),
    "outcomes": ("resolved", "accepted", "not-confirmed", "duplicate"),
}  # fmt: skip
"""The canonical values, which files and rules agree on, by table."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "role": ("roles", "bodies"),
    "kind": ("kinds",),
    "category": ("categories", "kinds"),
    "cause": ("causes", "kinds"),
    "leadership": ("leadership",),
    "strain": ("strains",),
    "unit": ("units",),
    "receiver": ("receivers",),
    "reading": ("counts",),
}
"""The tables that the values of a field or fact without fixed choices can be from; other words are its author's own."""
_MOST_REMEMBERED = 4096
_SHORTEST, _LONG = 4, 10
"""The letters of an English word of which one, and of which two may be wrong."""
_IDEOGRAPHS = re.compile("[\u4e00-\u9fff]{3,}")
"""A Chinese word of which a character may be wrong; with two characters, another word would be as likely."""
_TRADITIONAL = (
    "個劃動務協員問啟嚴執實專對導戶換據數時曆會標決沒減溝滿現環畫發監禮組結絡經緊繫聯處術衝規計誤調變負財責費資質"
    "蹤輕輪辦週進達遲鐘長閉開間關項預領頭題顧齊畢滯牽報暫棄測確約觀記認證讀轉錄雙驗複"
)
_SIMPLIFIED = (
    "个划动务协员问启严执实专对导户换据数时历会标决没减沟满现环画发监礼组结络经紧系联处术冲规计误调变负财责费资质"
    "踪轻轮办周进达迟钟长闭开间关项预领头题顾齐毕滞牵报暂弃测确约观记认证读转录双验复"
)
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
"""The traditional characters of the words of the locales, and only these: no conversion of other texts."""
_TO_TRADITIONAL = str.maketrans(_SIMPLIFIED, _TRADITIONAL)
_IGNORED = re.compile(r"[\s_‐‑–—-]+")


def canonical(text: str, group: str) -> str | None:
    """Return the canonical value that a word means as a `role`, `kind`, `category`, `cause` or `unit`; None for others.

    >>> canonical("项目经理", "role"), canonical("Working Days", "unit"), canonical("survey", "category")
    ('project-manager', 'working days', None)
    """
    tables = GROUPS[group]
    if any(text in TABLES[table] for table in tables):
        return text
    return _meaning(text, tables)


class _Meanings(dict[str, str]):
    """What the texts of hosts mean in a group, remembered: a look-up in a dictionary is all that most records cost."""

    def __init__(self, group: str) -> None:
        super().__init__()
        self._group = group

    def __missing__(self, text: str) -> str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[text] = value = meant(text, self._group)
        return value


MEANINGS: Mapping[str, Mapping[str, str]] = {group: _Meanings(group) for group in GROUPS}
"""The canonical value of every text by group: the text itself where it is no word of the vocabulary."""


def among(name: str, known: Collection[str], bodies: Collection[str] = ()) -> str | None:
    """Return the id or role that a name means: itself if it is known, a known role, or the only body of that meaning.

    Ids of members and parties only mean themselves: who is called `pm` may hold any role.

    >>> among("steering", {"pm", "指导委员会"}, {"指导委员会"}), among("项目经理", {"pm"})
    ('指导委员会', None)
    """
    if name in known:
        return name
    value = canonical(name, "role")
    if value is None or value in known:
        return value
    found = [each for each in bodies if canonical(each, "role") == value]
    return found[0] if len(found) == 1 else None


def meant(text: str, group: str) -> str:
    """Return the canonical value of a word, or the word itself if it is its author's own."""
    return canonical(text, group) or text


def choice(text: str, choices: Iterable[str]) -> str | None:
    """Return the one of several fixed values that a word means; None if it means none of them.

    >>> choice("已完成", ("not started", "in progress", "done")), choice("完成", ("not met", "met"))
    ('done', 'met')
    """
    allowed = tuple(choices)
    return text if text in allowed else _chosen(text, allowed)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _chosen(text: str, allowed: tuple[str, ...]) -> str | None:
    """The one of several fixed values that a word other than these means."""
    found = {_meaning(text, (table,)) for table in _tables_of(allowed)}
    named = [value for value in allowed if value in found]
    return named[0] if len(named) == 1 else None


@lru_cache(maxsize=_MOST_REMEMBERED)
def misspelt(text: str, group: str) -> str | None:
    """Return the standard word that a word is nearly the same as; None for a standard word, and for any other one.

    One character of a Chinese word may be another one that sounds or looks alike, two may have changed places, and one
    may be doubled. A letter of each longer English word may be wrong, but not the first, and two of a long one. So
    other words that are real are no slips: a project assistant (项目助理) is no project manager (项目经理).

    >>> misspelt("项目经里", "role"), misspelt("满意渡", "category"), misspelt("survey", "category")
    ('项目经理', '满意度', None)
    """
    if canonical(text, group) is not None:
        return None
    known = _meanings(GROUPS[group], LANGUAGES)
    plain = folded(text)
    near = {known[word]: word for word in known if _is_slip(plain, word)}
    if not near and text.isascii():
        words = (each for value in set(known.values()) for each in _words_of(value, GROUPS[group], ("en",)))
        for word in filter(partial(_is_english_slip, text), words):
            near.setdefault(known[folded(word)], folded(word))
    if len(near) != 1:
        return None
    ((value, plain),) = near.items()
    alike = [word for word in _words_of(value, GROUPS[group]) if folded(word) == plain]
    return max(alike, key=lambda word: len(set(word) & set(text)), default=None)


def _is_slip(plain: str, word: str) -> bool:
    """Whether a word is a Chinese one with one slip; words of two characters are too short to tell."""
    if not _IDEOGRAPHS.fullmatch(word) or plain == word:
        return False
    if len(plain) == len(word) + 1:
        return any(
            plain[at] == plain[at + 1] and plain[:at] + plain[at + 1 :] == word for at in range(len(word))
        )
    if len(plain) != len(word):
        return False
    wrong = [at for at, pair in enumerate(zip(plain, word, strict=True)) if len(set(pair)) == 2]
    if len(wrong) == 1:
        return mistaken(plain[wrong[0]], word[wrong[0]])
    first, last = wrong[0], wrong[-1]
    return len(wrong) == 2 and last == first + 1 and plain[first : last + 1] == word[last] + word[first]


def _is_english_slip(text: str, word: str) -> bool:
    """Whether a text is an English word or name with slips: few in each of its words, and none in short words."""
    parts, standard = (_IGNORED.sub(" ", each).casefold().split() for each in (text, word))
    if len(parts) != len(standard):
        parts, standard = ["".join(parts)], ["".join(standard)]
    pairs = list(zip(parts, standard, strict=True))
    return all(one[:1] == other[:1] and edits(one, other) <= _allowed(other) for one, other in pairs)


def _allowed(word: str) -> int:
    """How many letters of an English word may be wrong."""
    return 0 if len(word) < _SHORTEST else 1 if len(word) < _LONG else 2


@cache
def spellings(value: str, group: str) -> tuple[str, ...]:
    """Return the usual spellings of a canonical value, for engines that can only compare texts as they are.

    A word that is its author's own has no other spelling.
    """
    words = _words_of(value, GROUPS[group])
    if len(words) == 1:
        return (value,)
    written = [each for word in words for each in in_both_scripts(word)]
    forms = [form for word in written for form in (word, word.replace("-", " "), word.replace(" ", "-"))]
    return tuple(dict.fromkeys(each for form in forms for each in (form, form.capitalize())))


def synonyms(table: str, value: str, language: str) -> tuple[str, ...]:
    """Return the words of a language for a value of a table, the displayed one first.

    >>> synonyms("units", "points", "zh-Hans")
    ('分',)
    """
    return tuple(texts(language)[f"words.{table}.{value}"].split(" | "))


def in_both_scripts(word: str) -> tuple[str, ...]:
    """Return a word as it is, and, where these differ, in simplified and in traditional characters.

    >>> in_both_scripts("專案經理"), in_both_scripts("steering")
    (('專案經理', '专案经理'), ('steering',))
    """
    scripts = (word, word.translate(_TO_SIMPLIFIED), word.translate(_TO_TRADITIONAL))
    return tuple(dict.fromkeys(scripts))


def folded(text: str) -> str:
    """Return a word without what does not distinguish words: case, width, script, spaces, hyphens, underscores."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold().translate(_TO_SIMPLIFIED)


def _words_of(value: str, tables: tuple[str, ...], languages: tuple[str, ...] = LANGUAGES) -> list[str]:
    """The words of languages for a canonical value, itself the first."""
    named = [table for table in tables if value in TABLES[table]]
    return [
        value,
        *(word for table in named for language in languages for word in synonyms(table, value, language)),
    ]


def _meaning(text: str, tables: tuple[str, ...]) -> str | None:
    plain = folded(text)
    return _meanings(tables, ("en",) if plain.isascii() else LANGUAGES).get(plain)


@cache
def _meanings(tables: tuple[str, ...], languages: tuple[str, ...]) -> Mapping[str, str]:
    """The canonical values by folded words; English alone where that is enough, so that no other texts are read."""
    values = [value for table in tables for value in TABLES[table]]
    return {folded(word): value for value in values for word in _words_of(value, tables, languages)}


@lru_cache(maxsize=256)
def _tables_of(choices: tuple[str, ...]) -> tuple[str, ...]:
    """The table that has exactly these values; else, all tables that have some of them."""
    exact = tuple(table for table, values in TABLES.items() if set(values) == set(choices))
    return exact or tuple(table for table, values in TABLES.items() if set(values) & set(choices))
