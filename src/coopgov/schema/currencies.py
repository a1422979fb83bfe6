"""Currency codes of ISO 4217, with the number of decimals of each currency's minor unit."""

from difflib import get_close_matches

from coopgov.faults import NO_HINT
from coopgov.hints import CURRENCY_WORDS
from coopgov.locales import Phrase, phrase
from coopgov.schema.problems import problem, shown, written

__all__ = ["MINOR_DIGITS", "a_currency", "nearest_currency", "parse_currency"]

_TWO = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP
CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG
"""
MINOR_DIGITS: dict[str, int] = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),  # noqa: SIM905
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),  # noqa: SIM905
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""Decimals of each currency: 2 for CNY, 0 for JPY, 3 for KWD."""


def parse_currency(value: object) -> str:
    """Parse a currency code of ISO 4217."""
    text = written(value)
    if text in MINOR_DIGITS:
        return text
    near = nearest_currency(text or "")
    hint = phrase("common.did-you-mean", near=near) if near else NO_HINT
    raise problem("unknown-currency", shown(value), a_currency(), hint)


def a_currency() -> Phrase:
    """Return what is expected where a currency is."""
    return phrase("schema.unknown-currency.expected")


def nearest_currency(name: str) -> str:
    """Return the currency code that a symbol, a name or a misspelt code means; empty where none is close."""
    known = CURRENCY_WORDS.get(name.strip()) or CURRENCY_WORDS.get(name.strip().upper())
    return known or next(iter(get_close_matches(name.strip().upper(), MINOR_DIGITS, n=1)), "")
