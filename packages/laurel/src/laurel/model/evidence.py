# SPDX-License-Identifier: Apache-2.0
"""What a learner made to earn the achievement, and the digests that pin it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from laurel.model.json_value import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A work, by address (`id`), by telling (`narrative`), or both.

    Spec: OB 3.0 #evidence
    """

    id: str | None = None
    name: str | None = field(default=None, repr=False)
    description: str | None = field(default=None, repr=False)
    narrative: str | None = field(default=None, repr=False)
    genre: str | None = None
    audience: str | None = None
    types: tuple[str, ...] = ("Evidence",)
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedResource:
    """A file that the credential refers to, pinned by its digest.

    `digest_multibase` is "u" and the base64url of a multihash; `digest_sri` is as browsers write it
    ("sha384-…").

    Spec: VCDM 2.0 #integrity-of-related-resources
    """

    id: str
    media_type: str | None = None
    digest_multibase: str | None = None
    digest_sri: str | None = None
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)
