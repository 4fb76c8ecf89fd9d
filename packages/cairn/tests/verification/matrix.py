# SPDX-License-Identifier: Apache-2.0
"""Checking is open to everyone; a list is open to whoever has its address."""

from django.utils import timezone
from matrix import EVERYONE, Row, everyone

from cairn.verification import services
from cairn.verification.facts import Presented


def own() -> dict[str, object]:
    """Start a list of one line that leads nowhere."""
    return {"key": services.start_list([Presented(text="7K4M-Q2XD")], at=timezone.now())}


MATRIX = {
    "verification:check": (Row(may=EVERYONE), Row("post", may=everyone(422), data={"ref": ""})),
    "verification:answers": Row(may=EVERYONE),
    "verification:list": (Row(may=EVERYONE), Row("post", may=everyone(422), data={"lines": ""})),
    "verification:list-so-far": Row(may=EVERYONE, own=own),
    "verification:list-csv": Row(may=EVERYONE, own=own),
}
