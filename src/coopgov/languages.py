"""Language tags: normalises their spelling by BCP 47, and finds the supported language that is closest to a tag."""

from __future__ import annotations

import re
from functools import lru_cache

from coopgov.nearest import nearest

__all__ = ["LANGUAGES", "TAG", "canonical_tag", "intended", "is_known", "is_supported", "relative"]

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
"""The languages of coopgov's own texts."""
_OWN = {tag.split("-")[0] for tag in LANGUAGES}
TAG = r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*"
_SCRIPTS = {"CN": "Hans", "SG": "Hans", "TW": "Hant", "HK": "Hant", "MO": "Hant"}
"""The script of Chinese in a region, for tags that do not name it."""
_NAMES = {
    "english": "en",
    "chinese": "zh-Hans",
    "simplified chinese": "zh-Hans",
    "traditional chinese": "zh-Hant",
    "中文": "zh-Hans",
    "简体中文": "zh-Hans",
    "繁體中文": "zh-Hant",
    "zho": "zh-Hans",
    "eng": "en",
}


_CODES = frozenset(
    [
        "aa",
        "ab",
        "ae",
        "af",
        "ak",
        "am",
        "an",
        "ar",
        "as",
        "av",
        "ay",
        "az",
        "ba",
        "be",
        "bg",
        "bh",
        "bi",
        "bm",
        "bn",
        "bo",
        "br",
        "bs",
        "ca",
        "ce",
        "ch",
        "co",
        "cr",
        "cs",
        "cu",
        "cv",
        "cy",
        "da",
        "de",
        "dv",
        "dz",
        "ee",
        "el",
        "en",
        "eo",
        "es",
        "et",
        "eu",
        "fa",
        "ff",
        "fi",
        "fj",
        "fo",
        "fr",
        "fy",
        "ga",
        "gd",
        "gl",
        "gn",
        "gu",
        "gv",
        "ha",
        "he",
        "hi",
        "ho",
        "hr",
        "ht",
        "hu",
        "hy",
        "hz",
        "ia",
        "id",
        "ie",
        "ig",
        "ii",
        "ik",
        "io",
        "is",
        "it",
        "iu",
        "ja",
        "jv",
        "ka",
        "kg",
        "ki",
        "kj",
        "kk",
        "kl",
        "km",
        "kn",
        "ko",
        "kr",
        "ks",
        "ku",
        "kv",
        "kw",
        "ky",
        "la",
        "lb",
        "lg",
        "li",
        "ln",
        "lo",
        "lt",
        "lu",
        "lv",
        "mg",
        "mh",
        "mi",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "mt",
        "my",
        "na",
        "nb",
        "nd",
        "ne",
        "ng",
        "nl",
        "nn",
        "no",
        "nr",
        "nv",
        "ny",
        "oc",
        "oj",
        "om",
        "or",
        "os",
        "pa",
        "pi",
        "pl",
        "ps",
        "pt",
        "qu",
        "rm",
        "rn",
        "ro",
        "ru",
        "rw",
        "sa",
        "sc",
        "sd",
        "se",
        "sg",
        "si",
        "sk",
        "sl",
        "sm",
        "sn",
        "so",
        "sq",
        "sr",
        "ss",
        "st",
        "su",
        "sv",
        "sw",
        "ta",
        "te",
        "tg",
        "th",
        "ti",
        "tk",
        "tl",
        "tn",
        "to",
        "tr",
        "ts",
        "tt",
        "tw",
        "ty",
        "ug",
        "uk",
        "ur",
        "uz",
        "ve",
        "vi",
        "vo",
        "wa",
        "wo",
        "xh",
        "yi",
        "yo",
        "za",
        "zh",
        "zu",
        "yue",
    ]
)
"""The languages of ISO 639-1, and Cantonese."""


@lru_cache(maxsize=256)
def canonical_tag(tag: str) -> str:
    """Return a tag in the spelling that BCP 47 recommends.

    >>> canonical_tag("ZH_hans_cn"), canonical_tag("zh_TW"), canonical_tag("en_gb")
    ('zh-Hans-CN', 'zh-Hant-TW', 'en-GB')
    """
    first, *others = tag.replace("_", "-").split("-")
    spelled = [
        each.title() if len(each) == 4 else each.upper() if len(each) == 2 else each.lower()
        for each in others
    ]
    if first.lower() == "zh" and spelled and spelled[0] in _SCRIPTS:
        spelled.insert(0, _SCRIPTS[spelled[0]])
    return "-".join([first.lower(), *spelled])


def relative(language: str) -> str:
    """Return the supported language that is closest to a requested one.

    >>> relative("zh_TW"), relative("zh"), relative("en_GB"), relative("de")
    ('zh-Hant', 'zh-Hans', 'en', 'en')
    """
    if language in LANGUAGES:
        return language
    first, *others = canonical_tag(language).split("-")
    if first == "zh":
        return "zh-Hant" if "Hant" in others else "zh-Hans"
    return first if first in LANGUAGES else "en"


def is_known(language: str) -> bool:
    """Whether a tag names a known language, of any region."""
    return re.fullmatch(TAG, language) is not None and canonical_tag(language).split("-")[0] in _CODES


def is_supported(language: str) -> bool:
    """Whether coopgov has its own texts in a language, of any region."""
    return re.fullmatch(TAG, language) is not None and canonical_tag(language).split("-")[0] in _OWN


def intended(language: str) -> str:
    """Return the supported language that a text means, such as its name; empty if none is close."""
    return _NAMES.get(language.lower()) or nearest(language.replace("_", "-"), LANGUAGES)
