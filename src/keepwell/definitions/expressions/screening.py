"""Refuses, by name and before anything is parsed, what the language does not have."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from sqlglot import Token, TokenType

from keepwell.definitions.expressions.functions import AGGREGATES
from keepwell.definitions.expressions.problems import ExpressionError, nearest

MOST_NESTING = 100

_T = TokenType
_NAMES = frozenset({_T.VAR, _T.IDENTIFIER, _T.DATE})
_OPERANDS = frozenset({*_NAMES, _T.STRING, _T.NUMBER, _T.NULL, _T.TRUE, _T.FALSE})
_ENDS_OPERAND = frozenset({*_OPERANDS, _T.R_PAREN, _T.END})
_STARTS_OPERAND = frozenset({*_OPERANDS, _T.CASE})
_PREFIXES = frozenset({_T.NOT, _T.DASH})
_ALLOWED = frozenset({
    *_ENDS_OPERAND, *_PREFIXES, _T.L_PAREN, _T.COMMA, _T.DOT, _T.PLUS, _T.STAR, _T.SLASH, _T.MOD, _T.EQ, _T.NEQ, _T.LT,
    _T.LTE, _T.GT, _T.GTE, _T.AND, _T.OR, _T.IN, _T.IS, _T.BETWEEN, _T.LIKE, _T.ILIKE, _T.CASE, _T.WHEN, _T.THEN,
    _T.ELSE, _T.ALIAS,
})  # fmt: skip

_HINTS = {
    ";": "write one expression", "[": "there are no lists", "::": "write cast(x as type)", "^": "write power(x, y)",
    "==": "write =", "!": "write not", "->": "there is no JSON", "->>": "there is no JSON",
    "?": "there are no parameters",
    ":": "there are no parameters", "@": "there are no parameters", "||": "texts cannot be joined", "&&": "write and",
    "//": "write floor(x / y)", "escape": "like has no escape character",
    "select": "queries are not allowed", "with": "queries are not allowed", "exists": "queries are not allowed",
    "insert": "statements are not allowed", "update": "statements are not allowed",
    "delete": "statements are not allowed",
    "drop": "statements are not allowed", "create": "statements are not allowed", "alter": "statements are not allowed",
    "over": "window functions are not allowed", "filter": "write the condition under `where`",
    "distinct": "write count_distinct(x)", "interval": "write date_add('day', n, date)",
    "timestamp": "write date '2024-01-31'", "similar": "write like", "rlike": "write like", "regexp": "write like",
    "div": "write floor(x / y)", "mod": "write x % y", "collate": "text always compares by code point",
    "as": "a name cannot be given here",
}  # fmt: skip
_INSTEAD = {
    "ceiling": "ceil", "pow": "power", "substr": None, "ifnull": "coalesce", "nvl": "coalesce", "datediff": "date_diff",
    "dateadd": "date_add", "len": "length", "char_length": "length", "startswith": "starts_with", "mean": "avg",
    "average": "avg", "log": "log10", "try_cast": "cast", "date": "cast", "first": "earliest", "last": "latest",
    "any": None, "if": None, "now": None, "today": None,
}  # fmt: skip
_BESIDES = {"if": "write case when ... then ... else ... end", "iff": "write case when ... then ... else ... end"} | (
    dict.fromkeys(("now", "today", "current_date", "current_timestamp"), "write as_of")
)

_AGGREGATE_INSIDE = "`{}` is an aggregate; aggregates stand only under `aggregate` and in reports{}"
_SCALAR_INSTEAD = {"max": "; the larger of two values is greatest(x, y)", "min": "; the smaller of two is least(x, y)"}


def screen(tokens: list[Token], text: str, functions: Collection[str]) -> None:
    """Raises ExpressionError for the first token that no expression of the language has, or that cannot stand there."""
    for token in tokens:
        _refuse_token(token, text)
    for before, token in pairwise(tokens):
        _refuse_pair(before, token, functions)
    for index, token in enumerate(tokens):
        if token.token_type is _T.DOT:
            _refuse_dot(tokens, index)
    _refuse_nesting(tokens)


def _refuse_token(token: Token, text: str) -> None:
    if token.comments:
        raise ExpressionError("comments are not allowed in an expression", _comment_offset(token, text))
    word = text[token.start : token.end + 1]
    if token.token_type not in _ALLOWED or word in ("==", "!", "^"):
        raise _not_in_language(token, word)
    if token.token_type is _T.VAR and not token.text.isidentifier():
        raise _not_in_language(token, word)
    if token.token_type is _T.IDENTIFIER and (not token.text or word[0] != '"'):
        raise ExpressionError(f"{word} is not a name", token.start)
    if token.token_type is _T.NUMBER and not re.fullmatch(r"[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?", token.text):
        raise ExpressionError(f"`{word[:40]}` is not a number", token.start)


def _comment_offset(token: Token, text: str) -> int | None:
    found = [at for mark in ("--", "/*") if (at := text.find(mark, token.end + 1)) >= 0]
    found = found or [at for mark in ("--", "/*") if (at := text.find(mark)) >= 0]
    return min(found, default=None)


def _not_in_language(token: Token, word: str) -> ExpressionError:
    hint = _HINTS.get(word.lower())
    return ExpressionError(
        f"`{word[:40]}` is not part of the expression language{f': {hint}' if hint else ''}", token.start
    )


def _refuse_pair(before: Token, token: Token, functions: Collection[str]) -> None:
    kinds = before.token_type, token.token_type
    if kinds == (_T.DATE, _T.STRING):
        return
    if kinds == (_T.STAR, _T.STAR):
        raise ExpressionError("`**` is not part of the expression language: write power(x, y)", before.start)
    if token.token_type is _T.L_PAREN and before.token_type in (_T.VAR, _T.DATE):
        _refuse_function(before, functions)
    elif before.token_type in _ENDS_OPERAND and token.token_type in (*_STARTS_OPERAND, _T.L_PAREN):
        raise _cannot_follow(before, token)


def _cannot_follow(before: Token, token: Token) -> ExpressionError:
    for one in (before, token):
        if one.token_type is _T.VAR and one.text.lower() in _HINTS:
            return _not_in_language(one, one.text)
    return ExpressionError(
        f"`{token.text[:40]}` cannot follow `{before.text[:40]}`; an operator is missing", token.start
    )


def _refuse_function(token: Token, functions: Collection[str]) -> None:
    name = token.text.lower()
    if name in functions:
        return
    if name in AGGREGATES:
        raise ExpressionError(_AGGREGATE_INSIDE.format(name, _SCALAR_INSTEAD.get(name, "")), token.start)
    allowed = ", ".join(sorted(functions))
    besides = f"; {_BESIDES[name]}" if name in _BESIDES else ""
    hint = _HINTS.get(name)
    instead = _INSTEAD.get(name, "")
    suggestion = instead if instead in functions else None if name in _INSTEAD else nearest(name, functions)
    message = f"`{token.text[:40]}` is not a function of the expression language{f': {hint}' if hint else ''}{besides}"
    raise ExpressionError(f"{message} (allowed: {allowed})", token.start, None if hint or besides else suggestion)


def _refuse_dot(tokens: list[Token], index: int) -> None:
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    beyond = tokens[index + 2] if index + 2 < len(tokens) else None
    if before is None or after is None or before.token_type not in _NAMES or after.token_type not in _NAMES:
        hint = (
            "write 0.5 for .5"
            if after is not None and after.token_type is _T.NUMBER
            else "a name is expected on both sides"
        )
        raise ExpressionError(f"`.` cannot stand here: {hint}", tokens[index].start)
    if beyond is not None and beyond.token_type is _T.L_PAREN:
        raise ExpressionError(f"`{after.text[:40]}` cannot be called on a name", after.start)


def _refuse_nesting(tokens: list[Token]) -> None:
    open_at: list[Token] = []
    prefixes = 0
    for token in tokens:
        prefixes = prefixes + 1 if token.token_type in _PREFIXES else 0
        if token.token_type in (_T.L_PAREN, _T.CASE):
            open_at.append(token)
        elif token.token_type in (_T.R_PAREN, _T.END):
            _close(open_at, token)
        if len(open_at) + prefixes > MOST_NESTING:
            raise too_deep(token.start)
    if open_at:
        raise ExpressionError(f"`{open_at[-1].text}` is not closed", open_at[-1].start)


def _close(open_at: list[Token], token: Token) -> None:
    wanted = _T.L_PAREN if token.token_type is _T.R_PAREN else _T.CASE
    if not open_at or open_at.pop().token_type is not wanted:
        raise ExpressionError(f"`{token.text}` closes nothing", token.start)


def too_deep(offset: int | None) -> ExpressionError:
    """The refusal of what is nested deeper than the language allows."""
    return ExpressionError(
        f"nested deeper than {MOST_NESTING} levels (each operator of a long chain is one, too); split it into several "
        "metrics, or write `in (...)` for a chain of `or`",
        offset,
    )
