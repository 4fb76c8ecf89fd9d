# SPDX-License-Identifier: Apache-2.0
"""Lets `python -m laurel` be the `laurel` command, where that is not on the path."""

from laurel.cli import main

main()
