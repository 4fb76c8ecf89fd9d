# SPDX-License-Identifier: Apache-2.0
"""The frame around a page: whose page it is, the places of its bar, the colour of an organization.

A person works at one **desk** at a time: their own credentials, marking, or the staff of an organization.
Each `*_frame` function gives the context that `base.html` needs; a page merges it into its own. The
addresses are fixed by the page map, because most of these pages belong to rooms above this one.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cairn.people import queries
from cairn.people.facts import Actor, Organization, Role

#: Where the session keeps the key of the desk that its person last chose.
DESK = "desk"
Frame = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the bar on top."""

    name: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a person can work: `key` is `learner`, `assessor` or `staff:<slug>`."""

    key: str
    name: str
    url: str
    organization: Organization | None = None


def staff_frame(organization: Organization, current: str = "home", actor: Actor | None = None) -> Frame:
    """Return the frame of an organization's staff. With an actor, only the places they may enter are shown.

    Args:
        current: `home`, `programmes`, `people`, `credentials` or `settings`; anything else marks no place.
    """
    places = {
        "home": (_("Home"), ""),
        "programmes": (_("Programmes"), "programmes/"),
        "people": (_("People"), "people/"),
        "credentials": (_("Credentials"), "credentials/"),
        "settings": (_("Settings"), "settings/"),
    }
    if actor is not None and not actor.has_role(organization.id, Role.ADMIN):
        del places["settings"]
    root = f"/staff/{organization.slug}/"
    return {
        "organization": organization,
        "brand": organization.name,
        "brand_url": root,
        "theme_url": theme_url(organization),
        "desk": f"staff:{organization.slug}",
        "places": [
            Place(name=name, url=root + path, is_current=key == current)
            for key, (name, path) in places.items()
        ],
    }


def assessor_frame(current: str = "to-mark") -> Frame:
    """Return the frame of an assessor; `current` is `to-mark` or `marked`."""
    return {
        "brand_url": "/mark/",
        "desk": "assessor",
        "places": [
            Place(name=_("To mark"), url="/mark/", is_current=current == "to-mark"),
            Place(name=_("Marked"), url="/mark/done/", is_current=current == "marked"),
        ],
    }


def learner_frame(current: str = "credentials") -> Frame:
    """Return the frame of a learner; `current` is `credentials`, `work` or `sharing`."""
    return {
        "brand_url": "/me/",
        "desk": "learner",
        "places": [
            Place(name=_("My credentials"), url="/me/", is_current=current == "credentials"),
            Place(name=_("My work"), url="/me/work/", is_current=current == "work"),
            Place(name=_("Sharing"), url="/me/sharing/", is_current=current == "sharing"),
        ],
    }


def public_frame(organization: Organization) -> Frame:
    """Return the frame of a public page of an organization: its name, its colour, and no places."""
    return {
        "brand": organization.name,
        "brand_url": f"/o/{organization.slug}",
        "theme_url": theme_url(organization),
        "places": [],
    }


def desks_of(actor: Actor) -> tuple[Desk, ...]:
    """Return where a person can work, the most responsible first. One query, none for most learners."""
    if actor.person_id is None:
        return ()
    staffed: set[UUID] = {
        where for where, role in actor.roles if role in (Role.ADMIN, Role.EDITOR, Role.ISSUER)
    }
    found = queries.organizations_by_id(staffed).values() if staffed else ()
    desks = [
        Desk(key=f"staff:{one.slug}", name=one.name, url=f"/staff/{one.slug}/", organization=one)
        for one in sorted(found, key=lambda one: one.name.casefold())
    ]
    if any(role is Role.ASSESSOR for _where, role in actor.roles):
        desks.append(Desk(key="assessor", name=_("Marking"), url="/mark/"))
    desks.append(Desk(key="learner", name=_("My credentials"), url="/me/"))
    return tuple(desks)


def desk_of(request: HttpRequest, actor: Actor) -> Desk | None:
    """Return the desk that the person chose last, or the most responsible one they have."""
    desks = desks_of(actor)
    chosen = request.session.get(DESK)
    return next((desk for desk in desks if desk.key == chosen), desks[0] if desks else None)


def desk_frame(request: HttpRequest, actor: Actor) -> Frame:
    """Return the frame for a page that belongs to no desk, such as a person's settings."""
    desk = desk_of(request, actor)
    if desk is None:
        return {}
    if desk.organization is not None:
        return staff_frame(desk.organization, current="", actor=actor)
    return assessor_frame(current="") if desk.key == "assessor" else learner_frame(current="")


def theme_css(organization: Organization) -> str:
    """Return the one rule that gives an organization's pages its colour."""
    return f":root{{--brand-h:{int(organization.hue)}}}\n"


def theme_hash(organization: Organization) -> str:
    """Return a fingerprint of the theme, so that its address changes when it does."""
    return hashlib.sha256(theme_css(organization).encode("ascii")).hexdigest()[:12]


def theme_url(organization: Organization) -> str:
    """Return the address of an organization's stylesheet."""
    return f"/theme/{organization.slug}.{theme_hash(organization)}.css"
