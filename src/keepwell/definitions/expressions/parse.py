"""From text to the syntax tree: sqlglot reads, an allow-list decides what of its tree is an expression of ours."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection

from sqlglot import exp

from keepwell.definitions.expressions.functions import (
    AGGREGATES,
    FUNCTIONS,
    MOST_DAYS_BACK,
    PAST,
    SPECIAL_FUNCTIONS,
    FunctionSpec,
)
from keepwell.definitions.expressions.grammar import tokens_of, tree_of
from keepwell.definitions.expressions.moments import date_of
from keepwell.definitions.expressions.nodes import (
    Aggregate,
    AsOf,
    Between,
    Binary,
    Case,
    Cast,
    Expression,
    Function,
    InList,
    InSegment,
    IsNull,
    Like,
    Literal,
    Name,
    Past,
    Unary,
    When,
)
from keepwell.definitions.expressions.problems import ExpressionError, nearest
from keepwell.definitions.expressions.screening import MOST_NESTING, screen, too_deep
from keepwell.definitions.expressions.types import SPELLINGS, WHOLE_NUMBER_SPELLINGS, ValueType

MOST_CHARACTERS = 10_000

_SCALAR = frozenset({*FUNCTIONS, *SPECIAL_FUNCTIONS})
_BINARY: dict[type[exp.Expression], str] = {
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%", exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<",
    exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=", exp.And: "and", exp.Or: "or",
}  # fmt: skip


def parse(text: str) -> Expression:
    """The expression that `text` writes. Raises ExpressionError for anything that is not in the language.

    Names are taken as written (quoted or not) and nothing is looked up: that is `check`'s part.
    """
    _refuse_text(text)
    tokens = tokens_of(text)
    screen(tokens, text, _SCALAR)
    return _node(tree_of(tokens, text), 0)


def parse_aggregate(text: str) -> Aggregate:
    """The aggregate that `text` writes: one call of an aggregate over a row expression. Raises ExpressionError."""
    _refuse_text(text)
    tokens = tokens_of(text)
    screen(tokens, text, {*_SCALAR, *AGGREGATES})
    tree = tree_of(tokens, text)
    name = _call_name(tree)
    if name not in AGGREGATES:
        allowed = ", ".join(sorted(AGGREGATES))
        raise ExpressionError(
            f"an aggregate is expected here (allowed: {allowed})", 0, nearest(text.partition("(")[0], AGGREGATES)
        )
    arguments = tree.expressions
    _refuse_aggregate_arguments(name, arguments)
    return Aggregate(name, _node(arguments[0], 0) if arguments else None)


def _refuse_text(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(f"an expression has at most {MOST_CHARACTERS} characters, this one has {len(text)}")
    if not text.strip():
        raise ExpressionError("the expression is empty")
    for offset, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise ExpressionError(f"the character {character!r} is not allowed", offset)


def _refuse_aggregate_arguments(name: str, arguments: list[exp.Expression]) -> None:
    spec = AGGREGATES[name]
    if spec.argument is None and arguments:
        raise ExpressionError(f"`{name}()` takes no argument", _offset(arguments[0]))
    if spec.argument is not None and not arguments and not spec.optional:
        raise ExpressionError(f"`{name}(x)` takes one argument, none was given")
    if len(arguments) > 1:
        raise ExpressionError(f"`{name}(x)` takes one argument, {len(arguments)} were given", _offset(arguments[1]))


def _node(tree: exp.Expression | None, depth: int) -> Expression:
    while isinstance(tree, exp.Paren):
        tree = tree.this
    if depth > MOST_NESTING:
        raise too_deep(None)
    if tree is None:
        raise ExpressionError("the expression ends too early")
    operator = _BINARY.get(type(tree))
    if operator is not None:
        left, right = _node(tree.this, depth + 1), _node(tree.expression, depth + 1)
        return Binary(operator, left, right, offset=left.offset)
    convert = _CONVERTERS.get(type(tree))
    if convert is None:
        raise _not_ours(tree)
    return convert(tree, depth + 1)


_SPELLED = {"tuple": "(a, b)", "bitwiseleftshift": "<<", "bitwiserightshift": ">>"}


def _not_ours(tree: exp.Expression) -> ExpressionError:
    if isinstance(tree, exp.Alias):
        return ExpressionError(f"the expression cannot be read at `{tree.alias[:40]}`", _offset(tree.args["alias"]))
    return ExpressionError(
        f"`{_SPELLED.get(tree.key, tree.key)}` is not part of the expression language", _offset(tree)
    )


def _offset(tree: exp.Expression) -> int | None:
    for node in tree.walk(bfs=False):
        if "start" in node.meta:
            return int(node.meta["start"])
    return None


def _literal(tree: exp.Expression, _: int) -> Expression:
    if tree.is_string:
        return Literal(str(tree.this), offset=_offset(tree))
    number = float(tree.this)
    if math.isinf(number):
        raise ExpressionError(f"the number {str(tree.this)[:40]} is too large", _offset(tree))
    return Literal(number, offset=_offset(tree))


def _name(tree: exp.Expression, _: int) -> Expression:
    parts = tree.parts if isinstance(tree, exp.Column | exp.Dot) else []
    if not parts or not all(isinstance(part, exp.Identifier) for part in parts):
        raise ExpressionError("`*` cannot stand for all columns here; write count() to count rows", _offset(tree))
    if len(parts) == 1 and not parts[0].args.get("quoted") and parts[0].name.lower() == "as_of":
        return AsOf(offset=_offset(tree))
    return Name(tuple(part.name for part in parts), offset=_offset(parts[0]))


def _star(tree: exp.Expression, _: int) -> Expression:
    raise ExpressionError("`*` cannot stand for all columns here; write count() to count rows", _offset(tree))


def _unary(operator: str) -> Callable[[exp.Expression, int], Expression]:
    def convert(tree: exp.Expression, depth: int) -> Expression:
        operand = _node(tree.this, depth)
        if operator == "-" and isinstance(operand, Literal) and isinstance(operand.value, float):
            return Literal(-operand.value, offset=operand.offset)
        return (
            _negated(operand)
            if operator == "not" and _was_infix(tree)
            else Unary(operator, operand, offset=operand.offset)
        )

    return convert


def _was_infix(tree: exp.Expression) -> bool:
    """Whether `not` stood inside: `x not in (...)`, which sqlglot reads as `not x in (...)`; both mean the same."""
    return isinstance(tree.this, exp.In | exp.Between | exp.Is | exp.Like | exp.ILike)


def _negated(operand: Expression) -> Expression:
    if isinstance(operand, InList):
        return InList(operand.operand, operand.items, not operand.negated, offset=operand.offset)
    if isinstance(operand, Between):
        return Between(operand.operand, operand.low, operand.high, not operand.negated, offset=operand.offset)
    if isinstance(operand, IsNull):
        return IsNull(operand.operand, not operand.negated, offset=operand.offset)
    assert isinstance(operand, Like)
    return Like(operand.operand, operand.pattern, operand.ignore_case, not operand.negated, offset=operand.offset)


def _in(tree: exp.Expression, depth: int) -> Expression:
    unknown = [key for key in ("query", "unnest", "field") if tree.args.get(key) is not None]
    if unknown or not tree.expressions:
        raise ExpressionError("`in` takes a list of values in brackets, such as in ('a', 'b')", _offset(tree))
    operand = _node(tree.this, depth)
    return InList(operand, tuple(_node(item, depth) for item in tree.expressions), offset=operand.offset)


def _between(tree: exp.Expression, depth: int) -> Expression:
    if tree.args.get("symmetric"):
        raise ExpressionError("`symmetric` is not part of the expression language", _offset(tree))
    operand = _node(tree.this, depth)
    return Between(operand, _node(tree.args["low"], depth), _node(tree.args["high"], depth), offset=operand.offset)


def _is(tree: exp.Expression, depth: int) -> Expression:
    if not isinstance(tree.expression, exp.Null):
        raise ExpressionError(
            "after `is` only null or not null may stand; a condition is written as it is", _offset(tree)
        )
    operand = _node(tree.this, depth)
    return IsNull(operand, offset=operand.offset)


def _like(ignore_case: bool) -> Callable[[exp.Expression, int], Expression]:
    def convert(tree: exp.Expression, depth: int) -> Expression:
        operand = _node(tree.this, depth)
        return Like(operand, _node(tree.expression, depth), ignore_case, offset=operand.offset)

    return convert


def _case(tree: exp.Expression, depth: int) -> Expression:
    operand = _node(tree.this, depth) if tree.this is not None else None
    if not tree.args.get("ifs"):
        raise ExpressionError("`case` needs at least one `when ... then ...`", _offset(tree))
    whens = tuple(When(_node(one.this, depth), _node(one.args.get("true"), depth)) for one in tree.args["ifs"])
    default = tree.args.get("default")
    otherwise = _node(default, depth) if default is not None else None
    first = operand if operand is not None else whens[0].condition
    return Case(operand, whens, otherwise, offset=first.offset)


def _date_literal(tree: exp.Expression, _: int) -> Expression:
    if not (isinstance(tree.this, exp.Literal) and tree.this.is_string and tree.args["to"].is_type("date")):
        raise ExpressionError("write cast(x as type)", _offset(tree))
    day = date_of(str(tree.this.this))
    if day is None:
        raise ExpressionError(f"'{str(tree.this.this)[:40]}' is not a date such as '2024-01-31'", _offset(tree))
    return Literal(day, offset=_offset(tree))


def _call_name(tree: exp.Expression) -> str:
    return str(tree.this).lower() if isinstance(tree, exp.Anonymous) else ""


def _call(tree: exp.Expression, depth: int) -> Expression:
    name, arguments, offset = _call_name(tree), tree.expressions, _offset(tree)
    if name == "cast":
        return Cast(_node(arguments[0], depth), _cast_type(arguments[1]), offset=offset)
    if name == "in_segment":
        return _in_segment(arguments, offset)
    if name in PAST:
        return _past(name, arguments, offset)
    spec = FUNCTIONS.get(name)
    if spec is None:
        raise ExpressionError(f"the aggregate `{name}` cannot stand inside an expression", offset)
    _refuse_count(spec, len(arguments), offset)
    return Function(name, tuple(_node(argument, depth) for argument in arguments), offset=offset)


def _refuse_count(spec: FunctionSpec, count: int, offset: int | None) -> None:
    if spec.fewest <= count and (spec.most is None or count <= spec.most):
        return
    wanted = (
        f"at least {spec.fewest}"
        if spec.most is None
        else " or ".join(str(n) for n in sorted({spec.fewest, spec.most}))
    )
    plural = "" if wanted.endswith("1") else "s"
    raise ExpressionError(f"`{spec.name}` takes {wanted} argument{plural}, {count} given", offset)


def _cast_type(word: exp.Expression) -> ValueType:
    name = word.name.lower()
    if name in SPELLINGS:
        return SPELLINGS[name]
    hint = (
        "; there is no cast to whole numbers, write floor(cast(x as number))" if name in WHOLE_NUMBER_SPELLINGS else ""
    )
    message = f"cannot cast to `{word.name[:40]}` (allowed: number, text, boolean, date){hint}"
    raise ExpressionError(message, _offset(word), None if hint else nearest(name, SPELLINGS))


def _in_segment(arguments: Collection[exp.Expression], offset: int | None) -> Expression:
    first = next(iter(arguments), None)
    if len(arguments) != 1 or not (isinstance(first, exp.Literal) and first.is_string):
        raise ExpressionError(
            "`in_segment` takes the name of one segment in quotes, such as in_segment('large')", offset
        )
    return InSegment(str(first.this), offset=offset)


def _past(function: str, arguments: list[exp.Expression], offset: int | None) -> Expression:
    name = _node(arguments[0], 0) if arguments and isinstance(arguments[0], exp.Column | exp.Dot) else None
    days = arguments[1] if len(arguments) == 2 else None
    number = str(days.this) if isinstance(days, exp.Literal) and not days.is_string else ""
    if not isinstance(name, Name) or not number.isdigit() or not 1 <= int(number) <= MOST_DAYS_BACK:
        raise ExpressionError(
            f"`{function}` takes a name and a number of days from 1 to {MOST_DAYS_BACK}, such as {function}(score, 28)",
            offset,
        )
    return Past(function, name, int(number), offset=offset)


def _constant(value: bool | None) -> Callable[[exp.Expression, int], Expression]:
    return lambda tree, _: Literal(value, offset=_offset(tree))


_CONVERTERS: dict[type[exp.Expression], Callable[[exp.Expression, int], Expression]] = {
    exp.Literal: _literal,
    exp.Boolean: lambda tree, _: Literal(bool(tree.this), offset=_offset(tree)),
    exp.Null: _constant(None),
    exp.Column: _name,
    exp.Dot: _name,
    exp.Star: _star,
    exp.Neg: _unary("-"),
    exp.Not: _unary("not"),
    exp.In: _in,
    exp.Between: _between,
    exp.Is: _is,
    exp.Like: _like(False),
    exp.ILike: _like(True),
    exp.Case: _case,
    exp.Cast: _date_literal,
    exp.Anonymous: _call,
}
