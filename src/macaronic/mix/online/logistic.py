"""A small model that can be trained again exactly, to hold estimates of influence against the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from macaronic.mix.online.named import Floats


@dataclass(frozen=True, eq=False)
class Domains:
    """Labelled points of several domains and of several validation tasks, for logistic regression.

    Args:
        names: names of the domains.
        points: points of each domain, each of shape (n_j, d).
        labels: their labels, 0 or 1, each of shape (n_j,).
        tasks: names of the tasks.
        task_points: points of each task.
        task_labels: their labels.
        ridge: weight of the squared parameters in the training loss.
    """

    names: tuple[str, ...]
    points: tuple[Floats, ...]
    labels: tuple[Floats, ...]
    tasks: tuple[str, ...]
    task_points: tuple[Floats, ...]
    task_labels: tuple[Floats, ...]
    ridge: float = 0.05

    def train(self, weights: Floats, *, rounds: int = 50) -> Floats:
        """The parameters (d,) that minimise sum_j weights_j mean loss_j + ridge / 2 |x|^2, by Newton's method."""
        place = np.zeros(self.points[0].shape[1])
        for _ in range(rounds):
            slope = weights @ self.domain_gradients(place) + self.ridge * place
            move = np.linalg.solve(self.curvature(place, weights), slope)
            place = place - move
            if float(np.abs(move).max()) < 1e-12:
                break
        return place

    def domain_gradients(self, place: Floats) -> Floats:
        """Gradients of the domains' mean losses, shape (m, d)."""
        return np.stack([gradient(place, x, y) for x, y in zip(self.points, self.labels, strict=True)])

    def task_gradients(self, place: Floats) -> Floats:
        """Gradients of the tasks' mean losses, shape (v, d)."""
        return np.stack([gradient(place, x, y) for x, y in zip(self.task_points, self.task_labels, strict=True)])

    def task_losses(self, place: Floats) -> Floats:
        """Mean losses of the tasks, shape (v,)."""
        return np.array([loss(place, x, y) for x, y in zip(self.task_points, self.task_labels, strict=True)])

    def curvature(self, place: Floats, weights: Floats) -> Floats:
        """Second derivatives of the training loss, shape (d, d)."""
        total = self.ridge * np.eye(len(place))
        for weight, x in zip(weights.tolist(), self.points, strict=True):
            chance = _chance(place, x)
            total += weight * (x.T * (chance * (1 - chance))) @ x / len(x)
        return total


def loss(place: Floats, points: Floats, labels: Floats) -> float:
    """Mean logistic loss.

    >>> round(loss(np.zeros(1), np.ones((2, 1)), np.array([0.0, 1.0])), 4)
    0.6931
    """
    scores = points @ place
    return float((np.logaddexp(0, scores) - labels * scores).mean())


def gradient(place: Floats, points: Floats, labels: Floats) -> Floats:
    """Gradient of the mean logistic loss, shape (d,).

    >>> gradient(np.zeros(1), np.ones((2, 1)), np.array([1.0, 1.0])).tolist()
    [-0.5]
    """
    slope: Floats = points.T @ (_chance(place, points) - labels) / len(points)
    return slope


def _chance(place: Floats, points: Floats) -> Floats:
    chance: Floats = 1 / (1 + np.exp(-(points @ place)))
    return chance


def draw(rng: np.random.Generator, *, domains: int = 5, tasks: int = 3, size: int = 200, width: int = 6) -> Domains:
    """Domains and tasks whose true directions differ, drawn at random.

    >>> draw(np.random.default_rng(0)).tasks
    ('task0', 'task1', 'task2')
    """
    base = rng.normal(size=width)

    def sample() -> tuple[Floats, Floats]:
        direction = base + rng.normal(size=width)
        points = rng.normal(size=(size, width)) * np.exp(0.3 * rng.normal(size=width))
        return points, (rng.random(size) < _chance(direction, points)).astype(np.float64)

    own, goals = [sample() for _ in range(domains)], [sample() for _ in range(tasks)]
    return Domains(
        tuple(f"d{j}" for j in range(domains)),
        tuple(x for x, _ in own),
        tuple(y for _, y in own),
        tuple(f"task{v}" for v in range(tasks)),
        tuple(x for x, _ in goals),
        tuple(y for _, y in goals),
    )
