# SPDX-License-Identifier: Apache-2.0
"""Who may reach the addresses of `cairn.site`."""

from matrix import EVERYONE, Row

MATRIX = {
    "site:home": Row(may=EVERYONE),
    "site:help": Row(may=EVERYONE),
    "site:accessibility": Row(may=EVERYONE),
    "site:privacy": Row(may=EVERYONE),
    "site:healthz": Row(may=EVERYONE),
}
