"""Other methods on the same rows: what a card has to be compared with. Each gives a risk for every test row."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from outcomes.labelled import Labelled, Split

Risks = np.ndarray


def logistic_on_logs(one: Labelled, split: Split) -> Risks:
    """Signed log(1 + |x|), medians for nulls, one column for each text; ridge as scikit-learn has it."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    matrix = _matrix(one, split)
    numeric = np.array([one.columns[name].dtype != pl.String for name in one.columns.columns])
    wide = matrix.shape[1] - int(numeric.sum())
    logs = np.concatenate([np.repeat(True, int(numeric.sum())), np.repeat(False, wide)])
    matrix = np.where(logs, np.sign(matrix) * np.log1p(np.abs(matrix)), matrix)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2_000))
    model.fit(matrix[split.train], one.lost[split.train])
    return model.predict_proba(matrix[split.test])[:, 1]


def gradient_boosting(one: Labelled, split: Split) -> Risks:
    from sklearn.ensemble import HistGradientBoostingClassifier

    matrix = _matrix(one, split)
    model = HistGradientBoostingClassifier(max_iter=100, learning_rate=0.05, random_state=0)
    model.fit(matrix[split.train], one.lost[split.train])
    return model.predict_proba(matrix[split.test])[:, 1]


def optbinning_scorecard(one: Labelled, split: Split) -> Risks:
    """Weights of evidence of optimal bins under a logistic regression."""
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from optbinning import BinningProcess
        from sklearn.linear_model import LogisticRegression

        frame = one.columns.to_pandas()
        names = list(frame.columns)
        texts = [name for name in names if one.columns[name].dtype == pl.String]
        binning = BinningProcess(names, categorical_variables=texts)
        binned = binning.fit_transform(frame.iloc[split.train], one.lost[split.train].astype(int), metric="woe")
        model = LogisticRegression(max_iter=2_000).fit(binned, one.lost[split.train])
        found = model.predict_proba(binning.transform(frame.iloc[split.test], metric="woe"))[:, 1]
    logging.disable(logging.NOTSET)
    return found


METHODS: Mapping[str, Callable[[Labelled, Split], Risks]] = {
    "logistic on logs": logistic_on_logs,
    "gradient boosting": gradient_boosting,
    "optbinning scorecard": optbinning_scorecard,
}


def _matrix(one: Labelled, split: Split) -> np.ndarray:
    """Numbers first, then one column for each text; nulls become the median of the training rows."""
    numbers = [name for name in one.columns.columns if one.columns[name].dtype != pl.String]
    matrix = one.columns.select(numbers).cast(pl.Float64).to_numpy()
    medians = np.nanmedian(matrix[split.train], axis=0)
    matrix = np.where(np.isnan(matrix), medians, matrix)
    texts = one.columns.select([name for name in one.columns.columns if name not in numbers])
    return np.concatenate([matrix, texts.to_dummies().to_numpy()], axis=1) if texts.width else matrix
