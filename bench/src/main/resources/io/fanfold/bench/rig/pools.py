"""A pool of processes that maps a function over an array that is in memory.

    python3 pools.py pool|executor|fresh PROCESSES X.npy sqrt|mandelbrot

The pool is made once, or for each map (fresh). For each line that is read the array is mapped once, as 128 chunks, and a line is printed: the seconds of
the map and of putting its results together, and the moment of the whole, sum(i * y[i]) / size.
"""
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool

import numpy as np

from mandelbrot import mandelbrot

CHUNKS = 128


class FreshPool:
    """A pool that is made for each map, as a script does that maps once."""

    def __init__(self, processes):
        self.processes = processes

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def map(self, function, chunks):
        with Pool(self.processes) as pool:
            return pool.map(function, chunks)


POOLS = {"pool": Pool, "executor": ProcessPoolExecutor, "fresh": FreshPool}
FUNCTIONS = {"sqrt": np.sqrt, "mandelbrot": mandelbrot}


def moment(y):
    return np.dot(y.ravel().astype(float), np.arange(y.size, dtype=float)) / y.size


def main(kind, processes, file, name):
    function = FUNCTIONS[name]
    chunks = np.array_split(np.load(file), CHUNKS)
    with POOLS[kind](int(processes)) as pool:
        print("ready", flush=True)
        for _ in sys.stdin:
            begin = time.perf_counter()
            y = np.concatenate(list(pool.map(function, chunks)))
            seconds = time.perf_counter() - begin
            print(seconds, moment(y), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
