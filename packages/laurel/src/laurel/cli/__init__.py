# SPDX-License-Identifier: Apache-2.0
"""The `laurel` command."""

import click

from laurel.cli.carrying import bake, inspect, unbake
from laurel.cli.issuing import issue, keygen
from laurel.cli.statuses import status
from laurel.cli.verifying import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="laurel")
def main() -> None:
    """Issue and verify Open Badges 3.0 credentials.

    SOURCE is a file, a URL, or - for standard input: JSON, JWT, PNG, SVG or PDF.
    """


for command in (keygen, issue, verify, inspect, bake, unbake, status):
    main.add_command(command)
