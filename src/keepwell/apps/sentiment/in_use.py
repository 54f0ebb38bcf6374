"""By what texts are judged now: the classifier that the definitions ask for, and the team's topics."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.place import data_dir
from keepwell.apps.sentiment.models import Training
from keepwell.definitions.sentiment import LEXICON, OWN, Sentiment
from keepwell.definitions.topics import Topic
from keepwell.errors import KeepwellError
from keepwell.text.classifier import Classifier
from keepwell.text.lexicon import lexicon
from keepwell.text.own.storing import load
from keepwell.text.registry import classifier
from keepwell.text.topics.dictionary import is_in

log = logging.getLogger("keepwell.sentiment")


@dataclass(frozen=True)
class InUse:
    """`name`: own, lexicon or as it was asked for. `problem`: why another one than `asked` judges."""

    classifier: Classifier
    name: str
    asked: str
    topics: Mapping[str, Topic]
    problem: str = ""

    @property
    def stamp(self) -> str:
        """Changes whenever a text may be judged otherwise."""
        said = {name: [one.phrases, one.but_not] for name, one in self.topics.items()}
        digest = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]
        return f"{self.name} {self.classifier.version} {digest}"[:200]

    def topics_in(self, text: str) -> list[str]:
        return [name for name, topic in self.topics.items() if is_in(topic, text)]


def in_use() -> InUse:
    """What cannot be had is told, and the lexicon judges meanwhile."""
    project = current_project()
    asked = (project.settings.sentiment if project else Sentiment()).classifier
    topics = project.topics if project else {}
    if asked == LEXICON:
        return InUse(lexicon(), LEXICON, asked, topics)
    try:
        found = _own() if asked == OWN else classifier(asked)
    except KeepwellError as error:
        log.warning("the lexicon judges texts: %s", error)
        return InUse(lexicon(), LEXICON, asked, topics, str(error))
    return InUse(found, asked, asked, topics) if found is not None else InUse(lexicon(), LEXICON, asked, topics)


def training_in_use() -> Training | None:
    """The newest that was better; the file of an earlier one is gone."""
    return Training.objects.filter(is_used=True).first()


def model_path(name: str) -> Path:
    return data_dir() / "sentiment" / name


def _own() -> Classifier | None:
    """The team's own where there is one that is better."""
    used = training_in_use()
    return None if used is None else _loaded(str(model_path(used.file)))


@lru_cache(maxsize=2)
def _loaded(path: str) -> Classifier:
    """A file is written once and never changed."""
    return load(Path(path))
