# SPDX-License-Identifier: Apache-2.0
"""Open Badges 3.0 documents to facts and back.

Reading is lenient on what JSON-LD leaves open (one value or an array of one) and keeps what it does not know;
writing is strict and always the same: arrays where OB 3.0 says "one or more", moments in UTC, no nulls.
"""

from laurel.formats.digest import digest_multibase
from laurel.formats.open_badges_3.reading import from_json
from laurel.formats.open_badges_3.writing import (
    CONTEXT,
    CREDENTIALS_V2,
    EXTENSIONS,
    achievement_to_json,
    to_json,
)

__all__ = [
    "CONTEXT",
    "CREDENTIALS_V2",
    "EXTENSIONS",
    "achievement_to_json",
    "digest_multibase",
    "from_json",
    "to_json",
]
