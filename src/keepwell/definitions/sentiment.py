"""What judges how people feel in what they write, and which columns of the data hold texts of theirs."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from keepwell.definitions.base import Definition, one_or_several
from keepwell.definitions.names import Name

OWN, LEXICON = "own", "lexicon"
TABLE = "keepwell.sentiments"
"""The table of what texts say, which datasets give as their `table`."""
TOPICS_TABLE = "keepwell.text_topics"


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


class Texts(Definition):
    """The columns of a dataset that hold what somebody wrote."""

    text: Annotated[tuple[str, ...], BeforeValidator(_several), one_or_several()] = Field(
        min_length=1, description="Columns that are read one after another, such as [subject, body]"
    )
    person: str | None = Field(None, description="Column of who wrote it: the person's id, as the source says it")


class Sentiment(Definition):
    """How texts are judged, and which of the data are texts."""

    classifier: str = Field(
        OWN,
        min_length=1,
        description=(
            "`own`: trained on your texts that carry a score, once it is surely better, the lexicon until then; "
            "`lexicon`; or the name or path of another classifier"
        ),
    )
    texts: dict[Name, Texts] = Field(default_factory=dict, description="By dataset, the columns that hold texts")
