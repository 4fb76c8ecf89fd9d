# SPDX-License-Identifier: Apache-2.0
"""What laurel's checks say to readers of other languages than English."""

from django.utils.translation import get_language, gettext, gettext_noop

from cairn.credentials.facts import CheckLine

#: What a code means. Laurel's own sentence is finer and names the place, but it is English.
BY_CODE = {
    "readable.ok": gettext_noop("The file holds one credential."),
    "proof.ok": gettext_noop("The signature fits: nothing was changed since it was signed."),
    "proof.data-loss": gettext_noop("Something in the document is not covered by the signature."),
    "issuer.ok": gettext_noop("The signing key belongs to the issuer that the credential names."),
    "issuer.other-key": gettext_noop(
        "The signing key belongs to somebody else than the issuer that the credential names."
    ),
    "issuer.new-key": gettext_noop(
        "The issuer signs with a key that it did not use before. Ask the issuer whether that is so."
    ),
    "issuer.key-revoked": gettext_noop("The issuer has revoked the key that made the signature."),
    "issuer.key-expired": gettext_noop("The key had expired when the signature was made."),
    "issuer.key-purpose": gettext_noop("The issuer lists the signing key for other purposes than this one."),
    "issuer.unreachable": gettext_noop("The issuer's signing keys could not be looked up."),
    "proof.unreachable": gettext_noop("The issuer's signing keys could not be looked up."),
    "proof.missing": gettext_noop("Nobody has signed this document."),
    "proof.bad-did-log": gettext_noop(
        "The log of the issuer's keys breaks the rules for such logs, so nothing in it is believed."
    ),
    "proof.base-proof": gettext_noop(
        "This is the holder's own copy. Ask them for one that is made for showing."
    ),
    "proof.unsupported": gettext_noop("The document is signed in a way that we cannot check."),
    "trust.no-list": gettext_noop(
        "No list of trusted issuers was given, so nobody vouches for the issuer here."
    ),
    "trust.ok": gettext_noop("The issuer is on the list of trusted ones."),
    "trust.unknown": gettext_noop("The issuer is not on the list of trusted ones."),
    "trust.not-checked": gettext_noop("Not looked at, because it is not sure who the issuer is."),
    "status.ok": gettext_noop("The issuer has not withdrawn it."),
    "status.none": gettext_noop("It names no status list, so nobody could tell if it were withdrawn."),
    "status.withdrawn": gettext_noop("The issuer has withdrawn it."),
    "status.on-hold": gettext_noop("The issuer has put it on hold. This can be temporary."),
    "status.unknown-purpose": gettext_noop(
        "The issuer has marked it, and we do not know what the mark means."
    ),
    "status.unknown-type": gettext_noop("The credential keeps its status in a way that we do not know."),
    "status.stale": gettext_noop(
        "The list that would tell whether it has been withdrawn is out of date. Try again later."
    ),
    "status.rolled-back": gettext_noop(
        "The list that would tell whether it has been withdrawn is older than one that was seen before."
    ),
    "status.new-key": gettext_noop(
        "The list that would tell whether it has been withdrawn is signed with a key that its issuer "
        "did not use before."
    ),
    "status.not-checked": gettext_noop("Not looked at, because the signature was not found to hold."),
    "period.ok": gettext_noop("It is current."),
    "period.ended": gettext_noop("Its end date has passed."),
    "period.not-yet": gettext_noop("It has not begun yet."),
    "period.signature-ended": gettext_noop("The time for which its signature served has passed."),
    "period.malformed": gettext_noop("The credential has a date that is none."),
    "period.not-checked": gettext_noop("Not looked at, because the signature was not found to hold."),
    "schema.endorses-other": gettext_noop("It endorses something else than what it is attached to."),
    "endorsement.own": gettext_noop("The issuer says this of its own credential."),
    "endorsement.only-a-key": gettext_noop(
        "It is signed with a key that nobody vouches for. Anybody can make such a key."
    ),
    "endorsement.unfinished": gettext_noop("It could not be checked to the end."),
    "endorsements.look-closer": gettext_noop("Not every endorsement passed. Look at who signed the others."),
    "schema.not-checked": gettext_noop("Not looked at, because the signature was not found to hold."),
}
#: Codes of lists that were found and do not count; they share one sentence.
_LISTS_THAT_DO_NOT_COUNT = (
    *(
        "status.bad-signature",
        "status.other-issuer",
        "status.other-list",
        "status.unsigned",
        "status.purpose",
    ),
    *("status.not-a-list", "status.unreadable", "status.length", "status.range", "status.malformed"),
    *("status.size", "unreadable.corrupt-bitstring"),
)
BY_CODE |= dict.fromkeys(
    _LISTS_THAT_DO_NOT_COUNT,
    gettext_noop("What should tell whether it has been withdrawn cannot be relied on."),
)
#: What a check came to, by its name and result, for codes that are not listed above.
BY_RESULT = {
    ("readable", "failed"): gettext_noop("The file cannot be read as a credential."),
    ("proof", "failed"): gettext_noop("The signature does not fit what the document says."),
    ("proof", "not_checked"): gettext_noop("The signature could not be checked."),
    ("issuer", "failed"): gettext_noop(
        "The issuer that the credential names does not list this signing key as its own."
    ),
    ("issuer", "not_checked"): gettext_noop("It was not checked whose signing key this is."),
    ("issuer", "look_closer"): gettext_noop("Look more closely at whose signing key this is."),
    ("status", "look_closer"): gettext_noop("Look more closely at whether it still stands."),
    ("status", "not_checked"): gettext_noop("It could not be looked up whether it has been withdrawn."),
    ("endorsements", "passed"): gettext_noop("The endorsements in it were signed by those who gave them."),
    ("endorsements", "look_closer"): gettext_noop(
        "Not every endorsement in it holds. Do not count on those; the credential is as it was."
    ),
    ("recipient", "passed"): gettext_noop("It was given to the person you named."),
    ("recipient", "failed"): gettext_noop("It was given to somebody else than the person you named."),
    ("schema", "passed"): gettext_noop("It keeps to the rules of its standard."),
    ("schema", "failed"): gettext_noop(
        "It breaks a rule of its standard, so it may not mean what it seems to."
    ),
    ("schema", "not_checked"): gettext_noop("The JSON Schema that it names could not be run."),
}


def say(check: CheckLine) -> str:
    """Return what a check found: laurel's sentence in English, else what its code means."""
    if (get_language() or "en").partition("-")[0] == "en":
        return check.message
    meaning = BY_CODE.get(check.code) or BY_RESULT.get((check.name, check.result))
    return gettext(meaning) if meaning else check.message
