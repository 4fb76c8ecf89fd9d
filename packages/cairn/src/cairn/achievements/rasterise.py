# SPDX-License-Identifier: Apache-2.0
"""Turns SVG into PNG: our own drawings in this process, anybody else's in a fenced one.

A stranger's drawing can be small and still take hours or all the memory, so it is rendered by a child
process with a limit on both. Run as a program it reads SVG and writes PNG.
"""

import resource
import subprocess
import sys
from functools import lru_cache

import resvg_py

#: What the child may use.
SECONDS = 3
MEMORY = 768 * 1024 * 1024
MOST_PNG = 16 * 1024 * 1024


class NotDrawn(Exception):
    """The drawing could not be rendered within the limits."""


@lru_cache(maxsize=128)
def own(svg: str, size: int) -> bytes:
    """Return one of our own drawings as a square PNG of `size` pixels. About 85 ms for 512 when new."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True))


def foreign(svg: bytes, width: int) -> bytes:
    """Return a stranger's drawing as PNG of this width in pixels. Raises `NotDrawn`.

    The caller has already refused whatever reaches outside the file.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-m", "cairn.achievements.rasterise", str(width)],
            input=svg,
            capture_output=True,
            timeout=SECONDS + 2,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as cause:
        raise NotDrawn("the drawing took too much time or memory, or cannot be read") from cause
    if not done.stdout or len(done.stdout) > MOST_PNG:
        raise NotDrawn("the drawing is too large or empty")
    return done.stdout


def _fence() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_PNG, MOST_PNG))


def main() -> None:
    """Render standard input to standard output within the limits."""
    _fence()
    svg = sys.stdin.buffer.read().decode("utf-8")
    png = resvg_py.svg_to_bytes(svg_string=svg, width=int(sys.argv[1]), skip_system_fonts=True)
    sys.stdout.buffer.write(bytes(png))


if __name__ == "__main__":
    main()
