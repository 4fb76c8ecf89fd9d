# SPDX-License-Identifier: Apache-2.0
"""Who issues, defines, assesses or endorses: people and organisations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from laurel.model.json_value import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture by address: a URL, or a data: URL that carries it.

    Spec: OB 3.0 #image
    """

    id: str
    caption: str | None = None
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierEntry:
    """An identifier that another system gave, such as a national school number.

    Spec: OB 3.0 #identifierentry
    """

    identifier: str = field(repr=False)
    identifier_type: str
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoCoordinates:
    """Degrees on WGS 84.

    Spec: OB 3.0 #geocoordinates
    """

    latitude: Decimal
    longitude: Decimal
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where somebody can be written to.

    Spec: OB 3.0 #address
    """

    address_country: str | None = None
    address_country_code: str | None = None
    address_region: str | None = None
    address_locality: str | None = field(default=None, repr=False)
    street_address: str | None = field(default=None, repr=False)
    post_office_box_number: str | None = field(default=None, repr=False)
    postal_code: str | None = field(default=None, repr=False)
    geo: GeoCoordinates | None = field(default=None, repr=False)
    types: tuple[str, ...] = ("Address",)
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person or an organisation: issuer, creator, assessor or endorser.

    A profile with no `types` and nothing but an `id` is written as the bare id.

    Spec: OB 3.0 #profile
    """

    id: str
    name: str | None = field(default=None, repr=False)
    url: str | None = None
    phone: str | None = field(default=None, repr=False)
    description: str | None = None
    image: Image | None = None
    email: str | None = field(default=None, repr=False)
    address: Address | None = field(default=None, repr=False)
    other_identifiers: tuple[IdentifierEntry, ...] = ()
    official: str | None = field(default=None, repr=False)
    parent_org: "Profile | None" = None
    family_name: str | None = field(default=None, repr=False)
    given_name: str | None = field(default=None, repr=False)
    additional_name: str | None = field(default=None, repr=False)
    patronymic_name: str | None = field(default=None, repr=False)
    honorific_prefix: str | None = field(default=None, repr=False)
    honorific_suffix: str | None = field(default=None, repr=False)
    family_name_prefix: str | None = field(default=None, repr=False)
    date_of_birth: date | None = field(default=None, repr=False)
    types: tuple[str, ...] = ("Profile",)
    extra: Mapping[str, JsonValue] = field(default_factory=dict, hash=False, repr=False)
