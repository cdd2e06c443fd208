"""The Mandelbrot set as people write it with NumPy."""
import numpy as np

ITERATIONS = 200


def mandelbrot(c):
    """Escape counts of complex points, int32: the same that Fanfold's function of this name answers."""
    z = np.zeros_like(c)
    counts = np.full(c.shape, ITERATIONS, dtype=np.int32)
    inside = np.ones(c.shape, dtype=bool)
    for n in range(1, ITERATIONS):
        z[inside] = z[inside] * z[inside] + c[inside]
        escaped = inside & (np.abs(z) > 2)
        counts[escaped] = n
        inside &= ~escaped
    return counts
