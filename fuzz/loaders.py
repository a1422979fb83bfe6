"""Feed the loaders with what a coverage-guided fuzzer thinks of.

`pip install atheris`, then `python fuzz/loaders.py -runs=100000`.
"""

import sys

import atheris

with atheris.instrument_imports():
    from coopgov import CoopgovError, load_rules, parse_agreement, parse_rules
    from coopgov.language import parse
    from coopgov.portfolio.bind_mapping import parse_mapping

RULES = load_rules()


def one_input(data: bytes) -> None:
    """Try one input on every loader; anything but a `CoopgovError` is a find."""
    provider = atheris.FuzzedDataProvider(data)
    which = provider.ConsumeIntInRange(0, 3)
    rest = provider.ConsumeBytes(10_000)
    try:
        if which == 0:
            parse_agreement(b"coopgov: agreement/1\n" + rest)
        elif which == 1:
            parse_rules(b"coopgov: rules/1\npack: fuzz\nversion: 1.0.0\n" + rest)
        elif which == 2:
            parse_mapping(b"coopgov: mapping/1\nabout: phase\n" + rest, RULES)
        else:
            parse(rest.decode("utf-8", errors="replace"))
    except CoopgovError:
        pass


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
