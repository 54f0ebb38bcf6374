"""Weights: logistic regression of staying on the scores of measures, none below 0, within a person's limits.

    log odds of staying = a + sum(b_j s_j / 100),  b >= 0,  least -loglik + RIDGE/2 sum((b_j sd(s_j) / 100)^2)

Iteratively reweighted least squares (McCullagh and Nelder 1989, section 2.5); each step is a quadratic problem in as
many unknowns as there are measures, solved by non-negative least squares (Lawson and Hanson 1974) or, where shares are
limited, by sequential quadratic programming. A card's score is then a straight line of the log odds, with weights in
proportion to b.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwell.learning.outcomes import Flags, Floats

RIDGE = 5.0
"""In units of log likelihood: as if b_j sd_j were known to lie around 0 with standard deviation 1/sqrt(5)."""
STEPS = 30
_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Bounds:
    """Linear conditions on shares b_j / sum(b): rows @ b >= 0, and equal @ b = 0."""

    rows: Floats  # [k, m]
    equal: Floats  # [e, m]

    @property
    def is_free(self) -> bool:
        return not len(self.rows) and not len(self.equal)

    @staticmethod
    def free(measures: int) -> Bounds:
        return Bounds(np.empty((0, measures)), np.empty((0, measures)))


@dataclass(frozen=True)
class Fit:
    """`slopes`: [m] b_j, change of the log odds of staying from a score of 0 to one of 100."""

    intercept: float
    slopes: Floats

    @property
    def shares(self) -> Floats:
        """[m] of the card, summing to 1; all 0 where nothing has weight."""
        total = self.slopes.sum()
        return self.slopes / total if total > 0 else np.zeros_like(self.slopes)


def fit(
    scores: Floats,
    lost: Flags,
    bounds: Bounds,
    counts: Floats | None = None,
    start: Fit | None = None,
    steps: int = STEPS,
) -> Fit:
    """`scores`: [n, m] from 0 to 100 without NaN; `lost`: [n]; `counts`: [n] how often each row counts (None: once).

    `start`: a fit to begin from, near which few `steps` are enough.
    """
    spread = scores.std(axis=0) / 100
    spread = np.where(spread > 0, spread, 1.0)
    z = scores / 100 / spread
    problem = _Problem(z, (~lost).astype(np.float64), np.ones(len(z)) if counts is None else counts, spread, bounds)
    b = np.zeros(z.shape[1]) if start is None else start.slopes * spread
    a = problem.base if start is None else start.intercept
    for _ in range(steps):
        new_a, new_b = problem.step(a, b)
        moved = float(np.abs(new_b - b).max(initial=0)) + abs(new_a - a)
        a, b = problem.shortened(a, b, new_a, new_b)
        if moved < _TOLERANCE * 10:
            break
    return Fit(a, np.where(b > 1e-9, b, 0.0) / spread)


def certainty(scores: Floats, lost: Flags, found: Fit) -> Floats:
    """[m] how many standard errors each slope lies above 0, the others given; 0 where it is 0.

    Standard errors are those of the curvature at the optimum (Wald 1943), as if nothing were bounded.
    """
    spread = scores.std(axis=0) / 100
    spread = np.where(spread > 0, spread, 1.0)
    problem = _Problem(
        scores / 100 / spread, (~lost).astype(np.float64), np.ones(len(lost)), spread, Bounds.free(scores.shape[1])
    )
    hessian, _, _, _ = problem.quadratic(found.intercept, found.slopes * spread)
    return found.slopes * spread / np.sqrt(np.diag(np.linalg.inv(hessian)))


@dataclass(frozen=True)
class _Problem:
    z: Floats
    stayed: Floats
    counts: Floats
    spread: Floats
    bounds: Bounds

    @property
    def base(self) -> float:
        rate = float(np.clip(np.average(self.stayed, weights=self.counts), 1e-6, 1 - 1e-6))
        return float(np.log(rate / (1 - rate)))

    def step(self, a: float, b: Floats) -> tuple[float, Floats]:
        """The minimum of the quadratic that touches the objective at (a, b)."""
        hessian, gradient, z_mean, r_mean = self.quadratic(a, b)
        new_b = _least(hessian, gradient, b, self.spread, self.bounds)
        return r_mean - float(z_mean @ new_b), new_b

    def quadratic(self, a: float, b: Floats) -> tuple[Floats, Floats, Floats, float]:
        """Its curvature and slope in b, the best a for each b taken, and the means that give that a."""
        eta = a + self.z @ b
        p = 1 / (1 + np.exp(-np.clip(eta, -30, 30)))
        v = np.maximum(self.counts * p * (1 - p), 1e-12)
        response = eta + self.counts * (self.stayed - p) / v
        total = v.sum()
        z_mean, r_mean = (v @ self.z) / total, float(v @ response / total)
        centred = self.z - z_mean
        weighted = centred * v[:, None]
        hessian = weighted.T @ centred + RIDGE * np.eye(self.z.shape[1])
        gradient = weighted.T @ (response - r_mean)
        return hessian, gradient, z_mean, r_mean

    def shortened(self, a: float, b: Floats, new_a: float, new_b: Floats) -> tuple[float, Floats]:
        """Half the step, and half again, while the objective would rise."""
        here = self.objective(a, b)
        for _ in range(10):
            if self.objective(new_a, new_b) <= here + 1e-9:
                return new_a, new_b
            new_a, new_b = (a + new_a) / 2, (b + new_b) / 2
        return new_a, new_b

    def objective(self, a: float, b: Floats) -> float:
        eta = a + self.z @ b
        likelihood = self.counts @ (np.logaddexp(0, eta) - self.stayed * eta)
        return float(likelihood + RIDGE / 2 * (b @ b))


def _least(hessian: Floats, gradient: Floats, start: Floats, spread: Floats, bounds: Bounds) -> Floats:
    """argmin of b'Hb/2 - g'b over b >= 0 and the bounds, which hold for b / spread."""
    from scipy.linalg import solve_triangular
    from scipy.optimize import nnls

    root = np.linalg.cholesky(hessian).T
    right = solve_triangular(root.T, gradient, lower=True)
    free: Floats = nnls(root, right)[0]
    if bounds.is_free or _meets(free / spread, bounds):
        return free
    return _bounded(hessian, gradient, start if start.any() else free, spread, bounds)


def _meets(slopes: Floats, bounds: Bounds) -> bool:
    return bool((bounds.rows @ slopes >= -1e-9).all() and (np.abs(bounds.equal @ slopes) <= 1e-9).all())


def _bounded(hessian: Floats, gradient: Floats, start: Floats, spread: Floats, bounds: Bounds) -> Floats:
    from scipy.optimize import minimize

    scale = max(float(np.abs(hessian).max()), 1e-9)
    rows, equal = bounds.rows / spread, bounds.equal / spread
    conditions = []
    if len(rows):
        conditions.append({"type": "ineq", "fun": lambda b: rows @ b, "jac": lambda _: rows})
    if len(equal):
        conditions.append({"type": "eq", "fun": lambda b: equal @ b, "jac": lambda _: equal})
    found = minimize(
        lambda b: (float(b @ hessian @ b / 2 - gradient @ b) / scale, (hessian @ b - gradient) / scale),
        start,
        jac=True,
        method="SLSQP",
        bounds=[(0, None)] * len(start),
        constraints=conditions,
        options={"maxiter": 300, "ftol": 1e-12},
    )
    return np.maximum(found.x, 0.0)
