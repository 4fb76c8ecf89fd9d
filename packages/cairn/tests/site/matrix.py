# SPDX-License-Identifier: Apache-2.0
"""Who may reach the addresses of `cairn.site`."""

from matrix import EVERYONE, Row, signed_in

MATRIX = {
    # Who is signed in goes on to their desk.
    "site:home": Row(may={**signed_in(302), "anonymous": 200}),
    "site:help": Row(may=EVERYONE),
    "site:accessibility": Row(may=EVERYONE),
    "site:privacy": Row(may=EVERYONE),
    "site:healthz": Row(may=EVERYONE),
}
