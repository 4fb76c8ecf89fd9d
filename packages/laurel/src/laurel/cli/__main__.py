# SPDX-License-Identifier: Apache-2.0
"""Lets `python -m laurel.cli` be the `laurel` command."""

from laurel.cli import main

main()
