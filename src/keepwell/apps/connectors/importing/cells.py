"""From a cell of text to a value: SQL of the value, of when it does not fit, and the words for what would."""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.lake.statements import literal

KINDS = {
    "text": "Text", "number": "Number", "whole": "Whole number", "boolean": "Yes or no", "date": "Date",
    "time": "Date and time",
}  # fmt: skip
NUMBER_FORMS = {"": "1234.56", "comma thousands": "1,234.56", "comma decimals": "1.234,56"}
DATE_FORMS = {
    "": "2026-03-31", "%d/%m/%Y": "31/03/2026", "%m/%d/%Y": "03/31/2026", "%d.%m.%Y": "31.03.2026",
    "%d-%m-%Y": "31-03-2026", "%Y/%m/%d": "2026/03/31", "%Y%m%d": "20260331", "%d %b %Y": "31 Mar 2026",
    "%b %d, %Y": "Mar 31, 2026",
}  # fmt: skip
TIME_FORMS = {
    "": "2026-03-31 14:05", **{f"{form} %H:%M": f"{shown} 14:05" for form, shown in DATE_FORMS.items() if form},
    **{f"{form} %H:%M:%S": f"{shown} 14:05:09" for form, shown in DATE_FORMS.items() if form},
}  # fmt: skip
FORMS = {"number": NUMBER_FORMS, "whole": NUMBER_FORMS, "date": DATE_FORMS, "time": TIME_FORMS}
_OFFSET = "regexp_matches({x}, '(Z|z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$') and length({x}) > 10"


@dataclass(frozen=True)
class Cell:
    value: str
    misfit: str = ""
    noun: str = ""


def cell_of(column: str, kind: str, form: str, zone: str) -> Cell:
    """`column`: SQL of the text. Blank is null. Times without an offset are in `zone`."""
    x = f"nullif(trim({column}), '')"
    if kind == "text":
        return Cell(x)
    value = _VALUES[kind](x, form, zone)
    return Cell(value, f"{x} is not null and ({value}) is null", noun_of(kind, form))


def noun_of(kind: str, form: str) -> str:
    shown = FORMS.get(kind, {}).get(form, form)
    words = {
        "number": f"a number such as {shown}", "whole": "a whole number", "boolean": "yes or no",
        "date": f"a date such as {shown}", "time": f"a time such as {shown}",
    }  # fmt: skip
    return words[kind]


def _plain_number(x: str, form: str) -> str:
    if form == "comma thousands":
        return f"replace({x}, ',', '')"
    return f"replace(replace({x}, '.', ''), ',', '.')" if form == "comma decimals" else x


def _number(x: str, form: str, zone: str) -> str:
    n = f"try_cast({_plain_number(x, form)} as double)"
    return f"case when isfinite({n}) then {n} end"


def _whole(x: str, form: str, zone: str) -> str:
    n = _plain_number(x, form)
    return (
        f"case when regexp_full_match({n}, '[+-]?[0-9]+([.]0*)?') then try_cast(split_part({n}, '.', 1) as bigint) end"
    )


def _boolean(x: str, form: str, zone: str) -> str:
    low = f"lower({x})"
    return (
        f"case when {low} in ('true', 'yes', 't', 'y', '1') then true "
        f"when {low} in ('false', 'no', 'f', 'n', '0') then false end"
    )


def _date(x: str, form: str, zone: str) -> str:
    if form:
        day = f"cast(try_strptime({x}, {literal(form)}) as date)"
    else:
        midnight = f"regexp_full_match({x}, '\\d{{4}}-\\d{{1,2}}-\\d{{1,2}}([T ]00:00(:00([.]0+)?)?)?')"
        day = f"case when {midnight} then try_cast(left({x}, 10) as date) end"
    return f"case when {day} between date '0001-01-01' and date '9999-12-31' then {day} end"


def _time(x: str, form: str, zone: str) -> str:
    if form:
        moment = f"timezone({literal(zone)}, try_strptime({x}, {literal(form)}))"
    else:
        moment = (
            f"case when {_OFFSET.format(x=x)} then try_cast({x} as timestamptz) "
            f"else timezone({literal(zone)}, try_cast({x} as timestamp)) end"
        )
    possible = "timestamptz '0001-01-02 00:00:00+00' and timestamptz '9999-12-30'"
    return f"case when {moment} between {possible} then {moment} end"


_VALUES = {"number": _number, "whole": _whole, "boolean": _boolean, "date": _date, "time": _time}
