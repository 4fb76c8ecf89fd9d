# SPDX-License-Identifier: Apache-2.0
"""What each letter says. Called with the reader's language switched on."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cairn.credentials.facts import Issued
from cairn.messages.facts import Letter
from cairn.people.facts import KeyPurpose, KeyToMail, Organization, PersonFact, Role
from cairn.wallet.facts import Remark, RemarkKind

MINUTES_OF_A_SIGN_IN_LINK = 15


def link(mailed: KeyToMail) -> Letter:
    """Return the letter that carries a link to sign in, to confirm an address or to accept an invitation."""
    if mailed.purpose is KeyPurpose.INVITATION:
        return _invitation(mailed)
    if mailed.purpose is KeyPurpose.CONFIRM_ADDRESS:
        return Letter(
            subject=_("Confirm your email address"),
            greeting=_greeting(mailed.name),
            paragraphs=(
                _("You added %(email)s to your account. Press the button to confirm that it is yours.")
                % {"email": mailed.email},
            ),
            button=_("Confirm this address"),
            url=_address("people:confirm-address", mailed.key),
            after=(
                _("The link works once, until %(date)s.") % {"date": _day(mailed)},
                _("Did you not add it? Then do nothing, and it will not be used."),
            ),
        )
    return Letter(
        subject=_("Your sign-in link"),
        greeting=_greeting(mailed.name),
        paragraphs=(
            _("Press the button to sign in with %(email)s.") % {"email": mailed.email},
            ngettext(
                "The link works once, for %(n)d minute.",
                "The link works once, for %(n)d minutes.",
                MINUTES_OF_A_SIGN_IN_LINK,
            )
            % {"n": MINUTES_OF_A_SIGN_IN_LINK},
        ),
        button=_("Sign in"),
        url=_address("people:use-link", mailed.key),
        after=(_("Did you not ask for this? Then do nothing: nobody gets in without this link."),),
    )


def moved(owner: PersonFact) -> Letter:
    """Return the letter to an address that messages no longer go to. It does not tell the other one."""
    return Letter(
        subject=_("Your messages go to another address"),
        greeting=_greeting(owner.name),
        paragraphs=(
            _("You chose another address for the messages of this site. This one still signs you in."),
        ),
        button=_("See your settings"),
        url=_address("people:settings"),
        after=(
            _("Was it not you? Sign in, sign out on every device, and remove the address you do not know."),
        ),
    )


def _invitation(mailed: KeyToMail) -> Letter:
    organization = mailed.organization.name if mailed.organization else ""
    who = mailed.invited_by or organization
    roles = ", ".join(_role(role) for role in mailed.roles)
    return Letter(
        subject=_("%(organization)s invites you") % {"organization": organization},
        greeting=_greeting(mailed.name),
        paragraphs=(
            _("%(who)s invites you to work with %(organization)s. Your role: %(roles)s.")
            % {"who": who, "organization": organization, "roles": roles},
        ),
        button=_("See the invitation"),
        url=_address("people:invitation", mailed.key),
        after=(
            _("The invitation is open until %(date)s.") % {"date": _day(mailed)},
            _("Do you not know %(organization)s? Then do nothing.") % {"organization": organization},
        ),
        sender=organization,
    )


def issued(one: Issued, organization: Organization, key: str) -> Letter:
    """Return the letter that brings a credential; its link is the key to it."""
    return Letter(
        subject=_("You have earned %(name)s") % {"name": one.achievement_name},
        greeting=_greeting(one.person_name),
        paragraphs=(
            _("Well done. %(organization)s has issued you the credential “%(name)s”.")
            % {"organization": organization.name, "name": one.achievement_name},
            _("Open it, look at it, and keep it. Only you can see it until you share it."),
        ),
        button=_("See it and keep it"),
        url=_address("wallet:claim", key),
        after=(
            _("No password needed: this link is yours. Do not pass this message on."),
            _("Is your name wrong, or is this not yours? You can say so on the page."),
        ),
        sender=organization.name,
    )


def taken_back(one: Issued, organization: Organization) -> Letter:
    """Return the letter that follows one about a credential that was issued by mistake."""
    return Letter(
        subject=_("Issued by mistake: %(name)s") % {"name": one.achievement_name},
        greeting=_greeting(one.person_name),
        paragraphs=(
            _("A few minutes ago we wrote that you had earned “%(name)s”. That was a mistake.")
            % {"name": one.achievement_name},
            _("%(organization)s has taken it back, and the link in that message no longer works.")
            % {"organization": organization.name},
        ),
        after=_write_to(organization),
        sender=organization.name,
    )


def withdrawn(one: Issued, organization: Organization) -> Letter:
    """Return the letter about a credential that was withdrawn for good."""
    return Letter(
        subject=_("Withdrawn: %(name)s") % {"name": one.achievement_name},
        greeting=_greeting(one.person_name),
        paragraphs=(
            _("%(organization)s has withdrawn your credential “%(name)s”. This is the reason they gave:")
            % {"organization": organization.name, "name": one.achievement_name},
        ),
        quote=one.reason,
        button=_("See it"),
        url=_address("wallet:credential", one.ref),
        after=(
            _("Whoever checks it now sees that it was withdrawn, when, and this reason."),
            *_write_to(organization),
        ),
        sender=organization.name,
    )


def held(one: Issued, organization: Organization) -> Letter:
    """Return the letter about a credential that was put on hold."""
    return Letter(
        subject=_("On hold: %(name)s") % {"name": one.achievement_name},
        greeting=_greeting(one.person_name),
        paragraphs=(
            _("%(organization)s has put your credential “%(name)s” on hold. This is the reason they gave:")
            % {"organization": organization.name, "name": one.achievement_name},
        ),
        quote=one.reason,
        button=_("See it"),
        url=_address("wallet:credential", one.ref),
        after=(
            _("A hold can be temporary. Whoever checks it meanwhile sees that it is on hold."),
            *_write_to(organization),
        ),
        sender=organization.name,
    )


def reinstated(one: Issued, organization: Organization) -> Letter:
    """Return the letter about a credential that stands again."""
    return Letter(
        subject=_("In force again: %(name)s") % {"name": one.achievement_name},
        greeting=_greeting(one.person_name),
        paragraphs=(
            _("%(organization)s has lifted the hold. Your credential “%(name)s” stands again.")
            % {"organization": organization.name, "name": one.achievement_name},
        ),
        button=_("See it"),
        url=_address("wallet:credential", one.ref),
        sender=organization.name,
    )


def decided(
    reader: PersonFact, name: str, organization: Organization, *, passed: bool, ref: str, attempt: int
) -> Letter:
    """Return the letter about an agreed result; the marks themselves are behind the sign-in."""
    if passed:
        subject = _("You passed: %(name)s") % {"name": name}
        said = _("Your work was marked, and you passed. The credential follows in a message of its own.")
    else:
        subject = _("Your result: %(name)s") % {"name": name}
        said = _("Your work was marked. It does not pass yet; the comments say what is missing.")
    return Letter(
        subject=subject,
        greeting=_greeting(reader.name),
        paragraphs=(said,),
        button=_("Read the comments"),
        url=_address("assessment:feedback", ref, attempt),
        sender=organization.name,
    )


def remark(one: Remark, credential: Issued, organization: Organization) -> Letter:
    """Return the letter that tells an organization what somebody said about a credential."""
    if one.kind is RemarkKind.WRONG_NAME:
        subject = _("A name is wrong: %(name)s") % {"name": credential.achievement_name}
        paragraphs: tuple[str, ...] = (
            _("The credential says: %(name)s") % {"name": credential.person_name},
            _("It should say: %(name)s") % {"name": one.right_name},
            _(
                "A signed credential cannot be edited. Issue a new one with the right name, "
                "then withdraw this one."
            ),
        )
    else:
        subject = _("It reached the wrong person: %(name)s") % {"name": credential.achievement_name}
        paragraphs = (
            _("Somebody who got the link to the credential of %(name)s says that it is not theirs.")
            % {"name": credential.person_name},
            _("Check the address it was sent to: %(email)s") % {"email": credential.person_email},
        )
    return Letter(
        subject=subject,
        paragraphs=paragraphs,
        quote=one.words,
        button=_("See the credential"),
        url=_address("credentials:credential", organization.slug, credential.ref),
    )


def _greeting(name: str) -> str:
    return _("Hello %(name)s,") % {"name": name} if name else _("Hello,")


def _address(name: str, *args: object) -> str:
    return settings.CAIRN_BASE_URL + reverse(name, args=args)


def _day(mailed: KeyToMail) -> str:
    return date_format(mailed.expires_at, "j F Y")


def _write_to(organization: Organization) -> tuple[str, ...]:
    if not organization.email:
        return ()
    return (_("Do you have questions? Write to %(email)s.") % {"email": organization.email},)


def _role(role: Role) -> str:
    return {
        Role.ADMIN: _("administrator"),
        Role.EDITOR: _("programme editor"),
        Role.ASSESSOR: _("assessor"),
        Role.ISSUER: _("issuer"),
        Role.LEARNER: _("learner"),
    }[role]
