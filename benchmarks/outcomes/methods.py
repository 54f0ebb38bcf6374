"""Other methods on the same rows: what a card has to be compared with. Each gives a risk for every test row.

Each is set up as somebody who knows it would: what has to be chosen is chosen by AUC in folds of the training rows that
keep accounts together, and nulls tell something by themselves.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import polars as pl

from outcomes.labelled import Labelled, Split

Risks = np.ndarray
FOLDS = 4
PENALTIES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0)
"""C of a logistic regression."""


def logistic_on_logs(one: Labelled, split: Split) -> Risks:
    """Signed log(1 + |x|), medians for nulls with a flag, one column for each text, ridge."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    numbers, words = _numbers(one), _words(one)
    medians = np.nanmedian(numbers[split.train], axis=0)
    nulls = np.isnan(numbers)
    logs = np.where(nulls, medians, numbers)
    logs = np.sign(logs) * np.log1p(np.abs(logs))
    matrix = np.concatenate([logs, nulls[:, nulls[split.train].any(axis=0)], words], axis=1)
    models = [make_pipeline(StandardScaler(), _logistic(penalty)) for penalty in PENALTIES]
    return _best(models, matrix, one, split)


def gradient_boosting(one: Labelled, split: Split) -> Risks:
    """Trees of few leaves learned slowly, up to trees of many; texts as categories."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    numbers, words = _numbers(one), _categories(one)
    categorical = np.arange(numbers.shape[1] + words.shape[1]) >= numbers.shape[1]
    models = [
        HistGradientBoostingClassifier(
            learning_rate=rate,
            max_iter=rounds,
            max_leaf_nodes=leaves,
            min_samples_leaf=smallest,
            l2_regularization=1.0,
            categorical_features=categorical if categorical.any() else None,
            random_state=0,
        )
        for rate, rounds in ((0.05, 60), (0.05, 150), (0.02, 150))
        for leaves, smallest in ((3, 50), (6, 100), (15, 50))
    ]
    return _best(models, np.concatenate([numbers, words], axis=1), one, split)


def optbinning_scorecard(one: Labelled, split: Split) -> Risks:
    """Weights of evidence of optimal bins, nulls a bin of their own, under a logistic regression."""
    from optbinning import BinningProcess

    frame = one.columns.to_pandas()
    texts = [name for name in one.columns.columns if one.columns[name].dtype == pl.String]
    binning = BinningProcess(list(frame.columns), categorical_variables=texts)
    binning.fit(frame.iloc[split.train], one.lost[split.train].astype(int))
    matrix = np.asarray(binning.transform(frame, metric="woe", metric_missing="empirical"), float)
    return _best([_logistic(penalty) for penalty in PENALTIES], matrix, one, split)


def _quietly(method: Callable[[Labelled, Split], Risks]) -> Callable[[Labelled, Split], Risks]:
    def run(one: Labelled, split: Split) -> Risks:
        logging.disable(logging.CRITICAL)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return method(one, split)
        finally:
            logging.disable(logging.NOTSET)

    return run


METHODS: Mapping[str, Callable[[Labelled, Split], Risks]] = {
    "logistic on logs": _quietly(logistic_on_logs),
    "gradient boosting": _quietly(gradient_boosting),
    "optbinning scorecard": _quietly(optbinning_scorecard),
}


def _logistic(penalty: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=penalty, max_iter=2_000)


def _best(models: Iterable[Any], matrix: np.ndarray, one: Labelled, split: Split) -> Risks:
    """Risks by the model that does best in folds of the training rows, learned from all of them."""
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_score

    x, y, groups = matrix[split.train], one.lost[split.train], one.account[split.train]
    folds = list(StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0).split(x, y, groups))
    every = list(models)
    areas = [float(cross_val_score(model, x, y, cv=folds, scoring="roc_auc").mean()) for model in every]
    chosen = every[int(np.argmax(areas))].fit(x, y)
    return chosen.predict_proba(matrix[split.test])[:, 1]


def _numbers(one: Labelled) -> np.ndarray:
    """NaN for null."""
    names = [name for name in one.columns.columns if one.columns[name].dtype != pl.String]
    return one.columns.select(names).cast(pl.Float64).to_numpy()


def _texts(one: Labelled) -> pl.DataFrame:
    return one.columns.select([name for name in one.columns.columns if one.columns[name].dtype == pl.String])


def _words(one: Labelled) -> np.ndarray:
    """One column for each text."""
    texts = _texts(one)
    return texts.to_dummies().to_numpy() if texts.width else np.empty((len(one.columns), 0))


def _categories(one: Labelled) -> np.ndarray:
    """A number for each text, column by column."""
    texts = _texts(one)
    if not texts.width:
        return np.empty((len(one.columns), 0))
    return texts.select(pl.all().rank("dense") - 1).cast(pl.Float64).to_numpy()
