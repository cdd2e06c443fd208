"""Waits together, by asyncio.gather.

    python3 gather.py COUNT MILLISECONDS

For each line that is read, that many waits are gathered, and a line is printed: the seconds they took, and 0.
"""
import asyncio
import sys
import time


async def gathered(count, seconds):
    begin = time.perf_counter()
    await asyncio.gather(*[asyncio.sleep(seconds) for _ in range(count)])
    return time.perf_counter() - begin


def main(count, ms):
    print("ready", flush=True)
    for _ in sys.stdin:
        print(asyncio.run(gathered(int(count), int(ms) / 1000)), 0, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
