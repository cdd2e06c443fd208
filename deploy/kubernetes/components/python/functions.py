import numpy as np


def roots(x, factor=1.0):
    return np.sqrt(x) * factor
