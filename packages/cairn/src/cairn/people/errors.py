# SPDX-License-Identifier: Apache-2.0
"""How this room says no."""

from cairn.foundation.errors import Gone, NotAllowed, NotFound, Refusal


class NotASignedInPerson(NotAllowed):
    """The deed needs a person, and nobody is signed in."""

    code = "people.not-signed-in"


class NoSuchOrganization(NotFound):
    """There is no such organization, or it is none of the actor's business."""

    code = "people.no-such-organization"


class RoleMissing(NotAllowed):
    """The actor works for the organization, but not in a role that may do this."""

    code = "people.role-missing"


class LinkUnknown(NotFound):
    """No link was ever sent with this key."""

    code = "people.link-unknown"


class LinkUsed(Gone):
    """The link did its work already; each works once."""

    code = "people.link-used"


class LinkRunOut(Gone):
    """The link was not used in time, or a newer one took its place."""

    code = "people.link-run-out"


class TooManyLinks(Refusal):
    """So many links were asked for that somebody may be flooding a mailbox."""

    code = "people.too-many-links"
    status = 429


class NameMissing(Refusal):
    """A new person has to say their name."""

    code = "people.name-missing"


class AccountClosed(NotAllowed):
    """The account was closed by those who run the platform."""

    code = "people.account-closed"


class LastAdministrator(Refusal):
    """An organization must keep somebody who can manage it."""

    code = "people.last-administrator"


class NoRoles(Refusal):
    """An invitation offers at least one role."""

    code = "people.no-roles"


class AlreadyAMember(Refusal):
    """The person holds all of these roles already."""

    code = "people.already-a-member"


class NotAnAddress(Refusal):
    """The text is not an e-mail address."""

    code = "people.not-an-address"


class AddressTaken(Refusal):
    """The address belongs to another account."""

    code = "people.address-taken"


class AddressAlreadyYours(Refusal):
    """The person has this address already."""

    code = "people.address-already-yours"


class AddressNotConfirmed(Refusal):
    """Only a confirmed address can be the primary one."""

    code = "people.address-not-confirmed"


class AddressIsPrimary(Refusal):
    """The primary address stays until another one takes its place."""

    code = "people.address-is-primary"


class TooManyAddresses(Refusal):
    """A person has as many addresses as we keep."""

    code = "people.too-many-addresses"


class WrongPassword(Refusal):
    """The current password is not the one that was typed."""

    code = "people.wrong-password"


class NoSuchPerson(NotFound):
    """Nobody of that id is a member here."""

    code = "people.no-such-person"


class NoSuchInvitation(NotFound):
    """No open invitation of that id was sent from here."""

    code = "people.no-such-invitation"


class NoSuchAddress(NotFound):
    """The person has no such address."""

    code = "people.no-such-address"


class WrongEmailOrPassword(Refusal):
    """The two do not belong together."""

    code = "people.wrong-email-or-password"


class TooManyTries(Refusal):
    """So many passwords were tried that somebody may be guessing."""

    code = "people.too-many-tries"
    status = 429
