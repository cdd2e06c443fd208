"""A function for the pool python: docker compose --profile python up."""

import numpy as np


def f(x, factor=2.0):
    """The square roots of a chunk, times a factor."""
    return np.sqrt(x) * factor
