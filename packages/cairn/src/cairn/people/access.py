# SPDX-License-Identifier: Apache-2.0
"""Who may do what: facts in, a refusal or nothing out."""

from uuid import UUID

from cairn.foundation.sentences import gettext_noop as _
from cairn.people.errors import NoSuchOrganization, NotASignedInPerson, RoleMissing
from cairn.people.facts import Actor, Role

#: Whole sentences, so that each can be translated.
_ONLY = {
    Role.ADMIN: _("Only administrators can do this. Ask an administrator to add you."),
    Role.EDITOR: _("Only programme editors can do this. Ask an administrator to add you."),
    Role.ASSESSOR: _("Only assessors can do this. Ask an administrator to add you."),
    Role.ISSUER: _("Only issuers can do this. Ask an administrator to add you."),
    Role.LEARNER: _("Only learners can do this. Ask an administrator to add you."),
}


def require_person(actor: Actor) -> UUID:
    """Return who asks. Raises `NotASignedInPerson` for a visitor."""
    if actor.person_id is None:
        raise NotASignedInPerson("Sign in first.")
    return actor.person_id


def require_role(actor: Actor, organization_id: UUID, *roles: Role) -> UUID:
    """Return who asks, if they hold one of the roles at the organization. An admin holds every staff role.

    Raises:
        NotASignedInPerson: nobody is signed in.
        NoSuchOrganization: the actor does not work there; told like an unknown one, so that nobody can
            find out what exists.
        RoleMissing: the actor works there in another role.
    """
    person_id = require_person(actor)
    enough = {*roles, Role.ADMIN} if set(roles) - {Role.LEARNER} else set(roles)
    if actor.has_role(organization_id, *enough):
        return person_id
    if actor.belongs_to(organization_id):
        raise RoleMissing(_ONLY[roles[0]])
    raise NoSuchOrganization("There is nothing here by that name.")
