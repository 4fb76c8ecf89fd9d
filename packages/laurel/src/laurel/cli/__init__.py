# SPDX-License-Identifier: Apache-2.0
"""The `laurel` command."""

import io
import sys

import click

from laurel.cli.carrying import bake, inspect, unbake
from laurel.cli.deriving import derive
from laurel.cli.issuing import issue, keygen
from laurel.cli.presenting import present
from laurel.cli.statuses import status
from laurel.cli.verifying import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="laurel")
def main() -> None:
    """Issue and verify Open Badges 3.0 credentials.

    SOURCE is a file, a URL, or - for standard input: JSON, JWT, PNG, SVG or PDF.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without some letter of a name, or without ✓, shows "?" and not our stack.
            stream.reconfigure(errors="replace")


for command in (keygen, issue, verify, inspect, bake, unbake, derive, present, status):
    main.add_command(command)
