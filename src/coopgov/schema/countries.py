"""The codes of countries, by their names."""

from coopgov.hints import plain

__all__ = ["countries"]

_COUNTRIES = {
    "CN": "中国|中國|china|prc|中华人民共和国", "HK": "香港|hong kong", "TW": "台湾|台灣|臺灣|taiwan",
    "MO": "澳门|澳門|macao|macau",
    "SG": "新加坡|singapore", "JP": "日本|japan", "KR": "韩国|韓國|south korea|korea", "EG": "埃及|egypt",
    "DE": "德国|德國|germany|deutschland",
    "FR": "法国|法國|france", "GB": "英国|英國|uk|united kingdom|great britain|england",
    "US": "美国|美國|usa|united states|america",
}  # fmt: skip


def countries(text: object) -> list[str]:
    """The code of a country that is named, or written in small letters."""
    name = plain(text).casefold()
    named = [code for code, names in _COUNTRIES.items() if name in names.split("|")]
    return named or [name.upper()]
