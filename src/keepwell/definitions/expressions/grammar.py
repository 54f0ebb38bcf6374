"""The part of sqlglot that reads expressions: its lexer and parser, cut down to the words of the language.

No function is known here, so every call comes out as a plain name with arguments, untouched by any dialect.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlglot import Token, Tokenizer, TokenType, exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, TokenError
from sqlglot.parser import Parser

from keepwell.definitions.expressions.problems import ExpressionError

_WORDS = {
    "AND": TokenType.AND, "OR": TokenType.OR, "NOT": TokenType.NOT, "IN": TokenType.IN, "IS": TokenType.IS,
    "BETWEEN": TokenType.BETWEEN, "NULL": TokenType.NULL, "LIKE": TokenType.LIKE, "ILIKE": TokenType.ILIKE,
    "CASE": TokenType.CASE, "WHEN": TokenType.WHEN, "THEN": TokenType.THEN, "ELSE": TokenType.ELSE,
    "END": TokenType.END, "TRUE": TokenType.TRUE, "FALSE": TokenType.FALSE, "DATE": TokenType.DATE,
    "AS": TokenType.ALIAS, "ESCAPE": TokenType.ESCAPE,
}  # fmt: skip

_FRAMES = 6000
"""Room for sqlglot, which needs some 30 Python frames a level of nesting; the deepest text allowed stays well below."""

_limit_lock = threading.Lock()


def _cast(parser: Parser) -> exp.Expression:
    """`cast(x as word)` as a call of `cast` with the word as text: which types there are is not sqlglot's business."""
    operand = parser._parse_disjunction()
    if not parser._match(TokenType.ALIAS):
        parser.raise_error("Expected `as` and a type in `cast`")
    word = parser._advance_any()
    if word is None:
        parser.raise_error("Expected a type in `cast`")
    name = exp.Literal.string(word.text if word else "")
    name.update_positions(word)
    return exp.Anonymous(this="cast", expressions=[operand, name])


class _Parser(Parser):
    FUNCTIONS = {}  # noqa: RUF012
    NO_PAREN_FUNCTIONS = {}  # noqa: RUF012
    FUNCTION_PARSERS = {"CAST": _cast}  # noqa: RUF012
    NO_PAREN_FUNCTION_PARSERS = {"CASE": lambda self: self._parse_case()}  # noqa: RUF012


class _Tokenizer(Tokenizer):
    KEYWORDS = {  # noqa: RUF012
        **{word: kind for word, kind in Tokenizer.KEYWORDS.items() if not word[0].isalpha()},
        **_WORDS,
    }


class KeepwellExpressions(Dialect):
    """Registered with sqlglot under its name, as every dialect is."""

    Tokenizer = _Tokenizer
    Parser = _Parser


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text. Raises ExpressionError where a quote or comment is not closed."""
    try:
        return KeepwellExpressions().tokenize(text)
    except TokenError:
        raise ExpressionError("a quoted text or name, or a comment, is not closed") from None


def tree_of(tokens: list[Token], text: str) -> exp.Expression:
    """sqlglot's tree. Raises ExpressionError where the tokens make no sense."""
    try:
        with _room_to_recurse():
            trees = KeepwellExpressions().parser().parse(tokens, text)
    except ParseError as error:
        raise _refused(error, text) from None
    except RecursionError:
        raise ExpressionError("the expression is nested too deeply; split it into several metrics") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Expression):
        raise ExpressionError("one expression is expected")
    return trees[0]


@contextmanager
def _room_to_recurse() -> Iterator[None]:
    """Lifts Python's limit of frames while sqlglot parses: at the usual 1000 it gives up at about 30 levels."""
    with _limit_lock:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(before, _FRAMES))
        try:
            yield
        finally:
            sys.setrecursionlimit(before)


def _refused(error: ParseError, text: str) -> ExpressionError:
    first = error.errors[0] if error.errors else {}
    word = str(first.get("highlight") or "").strip()
    lines = text.splitlines(keepends=True)[: int(first.get("line") or 1) - 1]
    offset = max(0, sum(map(len, lines)) + int(first.get("col") or 0) - len(word))
    expected = str(first.get("description") or "")
    detail = (
        "" if not expected.startswith("Expected") or "TokenType" in expected else f": {expected.rstrip('.').lower()}"
    )
    near = f"cannot be read at `{word[:40]}`" if word else "ends too early or cannot be read"
    return ExpressionError(f"the expression {near}{detail}", offset if word else None)
