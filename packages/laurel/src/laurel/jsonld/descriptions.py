# SPDX-License-Identifier: Apache-2.0
"""One identifier described in several places: what a signature over RDF does not keep apart.

In RDF all statements about one identifier are one heap. A signature holds as well when a statement moves
from one object to another with the same id: a digest from `relatedResource` to `evidence`, a name from the
issuer to the assessor. So a document is taken only if every such move would be noticed.

Spec: Data Integrity 1.0 #securing-data-losslessly
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from laurel.errors import DataLoss
from laurel.jsonld.losses import Path, loss, pointer
from laurel.strictjson import JsonValue

RELATED_RESOURCE: Final = "<https://www.w3.org/2018/credentials#relatedResource>"
# What VC DM 2.0 §5.3 says of a related resource; the resource itself is usually described elsewhere.
RESOURCE_PREDICATES: Final = frozenset(
    {
        "<https://w3id.org/security#digestMultibase>",
        "<https://www.w3.org/2018/credentials#digestSRI>",
        "<https://schema.org/encodingFormat>",
    }
)

Said = frozenset[tuple[str, str]]


@dataclass(slots=True)
class Description:
    """What one object of the document says about an identifier; nothing, where it is only mentioned.

    `embedded` is where the innermost object with an `@context` of its own stands. `says_general` tells that a
    key was used which any object may use, not only one of its types.
    """

    path: Path
    embedded: Path
    predicate: str
    types: frozenset[str] = frozenset()
    statements: list[tuple[str, str, JsonValue]] = field(default_factory=list)
    says_general: bool = False

    def said(self) -> Said:
        """Return the statements as pairs; an object without an id stands as what it says."""
        return frozenset(
            (predicate, json.dumps(value, sort_keys=True) if stated.startswith("_:") else stated)
            for predicate, stated, value in self.statements
        )

    def is_resource(self) -> bool:
        """Tell whether this is an entry of `relatedResource`."""
        return self.predicate == RELATED_RESOURCE

    def home_rank(self) -> tuple[bool, int, str]:
        """Order descriptions by where a reader looks first: the issuer, then the least deep."""
        return self.path != ("issuer",), len(self.path), pointer(self.path)


def require_gathered(descriptions: Sequence[Description]) -> None:
    """Refuse an identifier whose description could be moved about without a trace.

    Digests of a resource stand under `relatedResource`, and nothing else of it does if it is mentioned
    elsewhere too; other places may repeat them. Of everything else, one object says all and the others repeat
    some of it; or each further object says only what its own type defines, and the types differ. That fits a
    self-issued credential (Profile and AchievementSubject) and an embedded endorsement (EndorsementSubject).

    Raises:
        DataLoss: neither holds.
    """
    resources = [found for found in descriptions if found.is_resource()]
    if resources:
        digests = frozenset[tuple[str, str]]().union(*(found.said() for found in resources))
        for found in descriptions:
            said = found.said()
            here = {statement for statement in said if statement[0] in RESOURCE_PREDICATES}
            if here - digests or (found.is_resource() and (here != said or said != digests)):
                raise _scattered(found)
    others = [found for found in descriptions if found.statements and not found.is_resource()]
    if len(others) > 1:
        _require_one_home(others)


def _require_one_home(descriptions: Sequence[Description]) -> None:
    ordered = sorted(descriptions, key=Description.home_rank)
    outermost = ordered[0].embedded
    cores: list[tuple[Description, Said]] = []
    # The outermost first: inside an embedded credential a part of the description could hide.
    for found in sorted(ordered, key=lambda found: (found.embedded != outermost, -len(found.statements))):
        said = found.said()
        if not any(said <= known for _, known in cores):
            cores.append((found, said))
    cores.sort(key=lambda core: core[0].home_rank())
    taken = set(cores[0][0].types)
    for found, _ in cores[1:]:
        if found.says_general or not found.types or found.types & taken:
            raise _scattered(found)
        taken |= found.types


def _scattered(where: Description) -> DataLoss:
    # Of several endorsements of one thing each says something of it.
    remedy = " Put it into endorsementJwt instead." if "endorsement" in where.path else ""
    return loss(
        "The same id is described in another place too: a signature does not say which of the two said what."
        + remedy,
        where.path,
        "scattered",
    )
