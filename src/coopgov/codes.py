"""Every fault code of the library, in one sentence: what it means and how to mend it.

>>> CODES["tab"]
'A tab stands as indentation; YAML indents with blanks.'
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CODES"]

CODES: Mapping[str, str] = MappingProxyType(
    {
        "alias-explosion": "Aliases (`*name`) stand for more than a million values; write fewer of them out of each other.",
        "alias-loop": "An alias (`*name`) stands inside the value that it names; write the value out.",
        "ambiguous-name": "A member or body is called like a role it does not hold, so an owner could mean either; rename it.",
        "bad-name": "A fact or parameter has a name that the language cannot read; use letters, digits and `_`, no word of the language.",
        "broken-text": "A text of a Python object holds half of a surrogate pair; repair the text where it comes from.",
        "character": "The file holds a control character; remove it.",
        "complex-key": "A list or mapping stands as a key; keys are texts.",
        "duplicate-action": "An action occurs twice in one file; give one of them another id.",
        "duplicate-date": "A dated value has two entries for one day, or two without a day; keep one.",
        "duplicate-fact": "A fact occurs twice in one file, or has the name of a base fact; choose another name.",
        "duplicate-id": "An id occurs twice where it must be unique, or a currency has two rates on one day; rename or remove one.",
        "duplicate-key": "A mapping has the same key twice; keep one.",
        "duplicate-language": "A text gives a language twice; keep one.",
        "duplicate-rule": "A rule with this id was defined before; choose another id, or write `override: true` to change it.",
        "duplicate-subject": "A rule file declares a type of subject that is built in; choose another name.",
        "empty-file": "The file holds nothing; it needs a mapping of keys and values.",
        "empty-text": "A text that must say something is empty or blank; write it, or leave the key out.",
        "encoding": "The file is not in UTF-8; save it as UTF-8.",
        "expression-too-deep": "An expression nests more than 64 levels; move a part of it to a fact of its own.",
        "expression-too-long": "An expression has more than 4,000 characters; move a part of it to a fact of its own.",
        "extends-circle": "Rule files extend each other in a circle; remove one `extends`.",
        "fact-circle": "The formula of a fact needs the fact itself, perhaps by way of others; break the circle.",
        "fact-too-deep": "More formulas stand on top of each other than the limit allows; write some of them out.",
        "file-too-large": "The file has more than 5 MB; split it, or check that it is the right one.",
        "holiday-and-working": "A day stands both in `calendar.holidays` and in `calendar.working`; remove it from one.",
        "ladder-order": "A worse band is as easy to reach as a milder one; make bands rise with severity (fall, for `below`), also by way of their parameters.",
        "measure-and-severity": "A rule has bands on a measure and a severity of its own; the bands give the severity.",
        "measure-and-when": "A rule has both a measure and `when`; keep the measure with bands, or `when` with a severity.",
        "minus-without-blanks": "A minus between two values has no blanks around it; write `a - b`.",
        "missing-key": "A required key is not there or has no value; add it.",
        "missing-library": "`calendar.country` needs an optional library; run `pip install coopgov[calendars]`.",
        "missing-rate": "An amount in another currency has no rate on or before its own day (undated: the start of the term); add one to `rates`.",
        "negative-amount": "A budget or forecast cost is below 0; write an amount of 0 or more.",
        "no-parties": "The list of parties is empty; name at least one.",
        "no-working-day": "The weekend has all seven days; leave at least one working day.",
        "not-a-count": "A value is not a whole number of 0 or more; write one.",
        "not-a-country": "A country is not a code of two capital letters; write one of ISO 3166, such as CN.",
        "not-a-date": "A value is not a day of the calendar; write YYYY-MM-DD.",
        "not-a-language": "A key of a text is not a language tag; write one such as en or zh-Hans.",
        "not-a-literal": "A parameter is not a single value; write a number with its unit, a text or a date.",
        "not-a-number": "A value is not a plain decimal number; write digits, without leading zeros and thousands separators.",
        "not-a-share": "A value is not a share; write it with its sign, such as `50 %`.",
        "not-a-span": "A value is not a positive length of time; write one such as `10 working days`.",
        "not-a-truth-value": "A value is neither `true` nor `false`; write one of them.",
        "not-an-amount": "A value is not an amount of money; write `300000`, or `100 USD`.",
        "not-an-escalation": "An escalation does not say who and within what time; write `joint-lead within 2 working days`.",
        "not-an-identifier": "An id holds something besides letters, digits, `-`, `_` and `.`, or begins with a sign; rename it.",
        "number-too-large": "A number of an expression is too large or too small to count with; use fewer than 31 digits.",
        "number-too-long": "A number has more than 30 digits, or an exponent further than 30; round it.",
        "out-of-range": "A value is outside what its field allows (shares, impact 1 to 5, a rate above 0); correct it.",
        "own-deputy": "A member is named as its own deputy; name another member.",
        "role-rules-run-last": (
            "A rule about roles reads warnings, or a rule reads warnings of rules about roles; roles come after all others."
        ),
        "rule-circle": "Rules about warnings name each other in a circle; break it.",
        "several-documents": "The file holds a second document after `---`; put it into a file of its own.",
        "split-text": "A comma cut a text in braces or brackets in two; put the text in quotes.",
        "syntax": "A file or an expression cannot be read at this place; the message says what was expected there.",
        "tab": "A tab stands as indentation; YAML indents with blanks.",
        "task-circle": "A task comes, perhaps by way of others, after itself; remove one `after`.",
        "too-deep": "The file nests more than 50 levels; flatten it.",
        "too-fine-money": "An amount is finer than the minor unit of its currency; round it.",
        "too-many-rules": "A rule file has more than 10,000 rules; split it.",
        "type-mismatch": "An operator meets a value of a type it cannot use; the message names both types.",
        "unit-mismatch": "Values of different units meet, or a unit is missing; write the unit that is expected.",
        "unknown-alias": "An alias (`*name`) names an anchor that does not stand above it; define `&name` first.",
        "unknown-body": "A meeting or response names a body that the agreement does not have; correct the name or add the body.",
        "unknown-choice": "A text is none of those that the fact can have; choose one of those listed.",
        "unknown-country": "The library `holidays` does not know the country or subdivision; correct it, or list `holidays` by hand.",
        "unknown-currency": "A currency is not a code of ISO 4217; correct it.",
        "unknown-fact": "A name is neither a fact about this type of subject nor a parameter; correct it, or quote it if it is a text.",
        "unknown-function": "A function of that name does not exist; use one of those listed.",
        "unknown-key": "A key is none of those that its mapping may have; correct or remove it.",
        "unknown-kpi": "A goal names a KPI that the agreement does not have; correct the name or add the KPI.",
        "unknown-member": "A deputy, chair or body names a member that the agreement does not have; correct the name or add the member.",
        "unknown-owner": "An owner is no member, body, party or role of the agreement; correct the name or add it.",
        "unknown-pack": "`extends` names neither a shipped pack nor a file; paths are relative to the file that extends.",
        "unknown-parameter": "A parameter is set that no rule names; correct its name or remove it.",
        "unknown-party": "A member or signature names a party that the agreement does not have; correct the name or add the party.",
        "unknown-placeholder": "A placeholder of a text is no fact of the rule's subject; correct it, or double a brace that is meant as such.",
        "unknown-rule": "A rule of that id does not exist among those loaded; correct it, or extend the pack that has it.",
        "unknown-severity": "A severity is none of notice, minor, major, critical; use one of them.",
        "unknown-subject": "A type of subject, or the subject of a waiver, does not exist or is not in reach; use one of those listed.",
        "unknown-task": "A task comes after one that does not exist; name a task of the same phase, or `phase/task`.",
        "unquoted-sign": "A text begins with a sign that YAML keeps for itself, such as `>` or `%`; put the text in quotes.",
        "unreadable-file": "The file does not exist or cannot be read; check its path and its rights.",
        "vacant-role": "A rule or action names a role, body or member that this agreement does not have; correct the name, or fill the role.",
        "warnings-in-fact": "The formula of a fact reads warnings; only rules can, so move the condition to a rule.",
        "wrong-choice": "A value is none of the words that its field allows; use one of those listed.",
        "wrong-number-of-values": "A function has too many or too few values; the message says how many it takes.",
        "wrong-order": "An end lies before its start, or a scale does not rise; exchange or correct them.",
        "wrong-type": "A text, list or mapping stands where another of them is expected; the message says which.",
        "wrong-unit": "A length of time is in a unit that its field does not allow; use one of those named.",
        "wrong-version": "`coopgov:` names another format or version; write the one that is expected.",
    }
)
