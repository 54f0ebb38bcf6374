"""A classifier of the team's own, trained at night from texts that carry a score, and used once it is better."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

import numpy as np
from django.db import transaction

from keepwell.apps.sentiment.in_use import model_path, training_in_use
from keepwell.apps.sentiment.judging import BY_SOURCE
from keepwell.apps.sentiment.models import Judgement, Training
from keepwell.apps.sentiment.sources import Source, Text, sources
from keepwell.errors import KeepwellError, RequestRefused
from keepwell.text.classifier import SENTIMENTS
from keepwell.text.own.figures import Comparison, Told, compare
from keepwell.text.own.scales import Scale
from keepwell.text.own.storing import load, save
from keepwell.text.own.training import MOST_TEXTS, Trained, told_by, train
from keepwell.text.reading import readable

_PAGE = 2_000
_WORDS = Scale("words", -1, 1, -0.5, 0.5)
_SCORES = dict(zip(SENTIMENTS, (-1.0, 0.0, 1.0), strict=True))
_SEED = 7
LEAST_UNSEEN, LEAST_OF_EACH = 30, 5
SLACK = 0.01


@dataclass(frozen=True)
class Learned:
    """Texts whose sentiment somebody said: beside them by a score, where they stand, or on a page."""

    texts: list[Text]
    words: list[str]

    @property
    def digest(self) -> str:
        said = sha256()
        for text, word in zip(self.texts, self.words, strict=True):
            said.update(f"{word}\0{readable(text.text)}\0".encode())
        return said.hexdigest()[:16]


def train_own() -> Training | None:
    """Keeps what came of it; None where nothing was said since the last time."""
    learned, used, last = _learned(), _readable(), Training.objects.first()
    is_known = last is not None and last.figures.get("learned") == learned.digest
    if last is not None and is_known and last.version and (used is not None or not last.is_used):
        return None
    scores = [_SCORES[word] for word in learned.words]
    try:
        trained = train([one.text for one in learned.texts], scores, _WORDS, _SEED)
    except RequestRefused as refused:
        if last is not None and is_known and last.verdict == str(refused):
            return None
        return _kept(Training(texts=len(scores), by_label=_counts(learned.words), verdict=str(refused)), learned)
    beside = _beside(trained, learned, used) if used is not None else None
    better, verdict = _verdict(trained, used, beside)
    row = Training(
        texts=len(scores), by_label=_counts(learned.words), version=trained.classifier.version, verdict=verdict,
        figures={**asdict(trained.comparison), "in_use": asdict(beside) if beside else None},
    )  # fmt: skip
    if better:
        row.file = f"own-{trained.classifier.version}.npz"
        model_path(row.file).parent.mkdir(parents=True, exist_ok=True)
        save(trained.classifier, model_path(row.file))
    return _kept(row, learned, is_used=better)


@transaction.atomic
def _kept(row: Training, learned: Learned, *, is_used: bool = False) -> Training:
    row.figures = {**row.figures, "learned": learned.digest}
    if is_used:
        Training.objects.filter(is_used=True).update(is_used=False)
        row.is_used = True
        transaction.on_commit(lambda: _remove_others(row.file))
    row.save()
    return row


def _remove_others(file: str) -> None:
    """Words of texts that are gone stand in no file longer than needed."""
    for other in model_path(file).parent.glob("own-*.npz"):
        if other.name != file:
            other.unlink(missing_ok=True)


def _readable() -> Training | None:
    """The one in use; None where its file is gone, or was made beside another lexicon and has to be trained again."""
    used = training_in_use()
    try:
        return used if used is not None and load(model_path(used.file)) else None
    except KeepwellError:
        return None


def _verdict(trained: Trained, used: Training | None, beside: Comparison | None) -> tuple[bool, str]:
    """Whether it is used from now on, and why."""
    if not trained.comparison.is_better:
        stays = "the lexicon" if used is None else "the one in use"
        return False, f"On texts held out it is not surely better than the lexicon: {stays} stays."
    if used is None:
        return True, "On texts held out it is surely better than the lexicon: it is used."
    if beside is not None:
        if beside.auc.value >= 0 and beside.macro_f1.value >= -SLACK:
            return True, "On texts that neither had seen it is no worse than the one in use: it takes its place."
        return False, "On texts that neither had seen it is worse than the one in use, which stays."
    before, now = (used.figures.get("own") or {}).get("auc"), trained.comparison.own.auc
    if before is not None and now is not None and now < before - SLACK:
        return False, f"On texts held out its AUC is {now:.3f}, that of the one in use was {before:.3f}, which stays."
    return True, "On texts held out it is no worse than the one in use was: it takes its place."


def _beside(trained: Trained, learned: Learned, used: Training) -> Comparison | None:
    """Against the one in use, on texts that came after it was trained; None where there are too few."""
    unseen = np.array([one.recorded_at > used.at for one in learned.texts], bool)
    truth = trained.truth[unseen]
    if len(truth) < LEAST_UNSEEN or min((truth == 0).sum(), (truth == 2).sum()) < LEAST_OF_EACH:
        return None
    old = load(model_path(used.file))
    new = Told(trained.held_out.scores[unseen], trained.held_out.labels[unseen])
    texts = [readable(one.text) for one, is_new in zip(learned.texts, unseen, strict=True) if is_new]
    return compare(truth, new, told_by(old, texts), _SEED)


def _learned() -> Learned:
    """The newest texts of each source, as many as training takes."""
    kept: deque[tuple[Text, str]] = deque(maxlen=MOST_TEXTS)
    for source in sources().values():
        kept.extend(_of_source(source))
    return Learned([text for text, _ in kept], [word for _, word in kept])


def _of_source(source: Source) -> Iterator[tuple[Text, str]]:
    """What a person said of a text on its page counts before the score beside it."""
    corrected = dict(_corrections(source.name))
    for texts in _pages(source):
        for text in texts:
            word = corrected.get(text.id) or text.truth
            if word in _SCORES and readable(text.text):
                yield text, word


def _corrections(source: str) -> Iterator[tuple[str, str]]:
    said = Judgement.objects.filter(source=source).exclude(said="").exclude(said_by__startswith=BY_SOURCE)
    yield from said.values_list("text_id", "said")


def _pages(source: Source) -> Iterator[Sequence[Text]]:
    after = ""
    while texts := source.page(after, _PAGE):
        yield texts
        after = texts[-1].id


def _counts(words: Sequence[str]) -> dict[str, int]:
    return {name: words.count(name) for name in SENTIMENTS}
