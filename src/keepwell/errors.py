"""The error tree. Its first fork is whose fault it was.

KeepwellError
├── InputError              somebody gave us something we cannot use; the message says what, where and what to do
│   ├── DefinitionsRefused  a folder of definitions, with all its issues
│   ├── ExpressionError     a text that is no expression of the language (definitions.expressions)
│   ├── DataRefused         rows, files or columns that do not fit what was declared
│   └── RequestRefused      a call that asks for something that does not exist (an account, a card, a date)
│       └── FieldRefused    one thing that was asked is not allowed: told beside its field
└── EngineFault             ours: a promise of the engine did not hold
"""

from __future__ import annotations

from collections.abc import Sequence


class KeepwellError(Exception):
    """Everything Keepwell raises on purpose."""


class InputError(KeepwellError):
    """Bad input: `problems` holds every one that was found, each a sentence or an object that prints as one.

    `notes`: what helps to understand them, and is no problem by itself.
    """

    def __init__(self, *problems: object, notes: Sequence[object] = ()) -> None:
        self.problems: Sequence[object] = problems
        self.notes: Sequence[object] = notes
        super().__init__("\n".join(str(one) for one in (*problems, *notes)))


class DefinitionsRefused(InputError):
    """A folder of definitions is refused as a whole; `problems` are `definitions.issues.Issue`s."""


class DataRefused(InputError):
    """Files, columns or rows that do not fit what a dataset declares."""


class RequestRefused(InputError):
    """A request that names something which does not exist."""


class FieldRefused(RequestRefused):
    """What an operation refuses, told beside the field of a form or of the API that it is about.

    `field`: empty for the whole of it. The message says what is allowed.
    """

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class EngineFault(KeepwellError):
    """A defect of Keepwell itself."""
