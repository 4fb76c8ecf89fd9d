# SPDX-License-Identifier: Apache-2.0
"""How this room says no."""

from cairn.foundation.errors import NotAllowed, NotFound


class NotASignedInPerson(NotAllowed):
    """The deed needs a person, and nobody is signed in."""

    code = "people.not-signed-in"


class NoSuchOrganization(NotFound):
    """There is no such organization, or it is none of the actor's business."""

    code = "people.no-such-organization"


class RoleMissing(NotAllowed):
    """The actor works for the organization, but not in a role that may do this."""

    code = "people.role-missing"
