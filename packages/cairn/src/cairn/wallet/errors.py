# SPDX-License-Identifier: Apache-2.0
"""How this room says no."""

from cairn.foundation.errors import Gone, NotAllowed, NotFound, Refusal


class NoSuchClaim(NotFound):
    """No such link was ever mailed."""

    code = "wallet.no-such-claim"


class ClaimUsed(Gone):
    """The credential behind the link was kept already; the link opens it no more."""

    code = "wallet.claim-used"


class SignInFirst(NotAllowed):
    """The link alone is not enough: the person has to sign in."""

    code = "wallet.sign-in-first"


class SomebodyElse(NotAllowed):
    """The credential was issued to another person than the one who is signed in."""

    code = "wallet.somebody-else"


class NoSuchCredential(NotFound):
    """The person holds no such credential."""

    code = "wallet.no-such-credential"


class NoSuchShare(NotFound):
    """There is no such link, or it is somebody else's."""

    code = "wallet.no-such-share"


class ShareSwitchedOff(Gone):
    """The learner switched the link off."""

    code = "wallet.share-switched-off"


class ShareEnded(Gone):
    """The link reached its end date."""

    code = "wallet.share-ended"


class NothingChosen(Refusal):
    """A share shows at least one credential."""

    code = "wallet.nothing-chosen"


class TooManyChosen(Refusal):
    """A share shows at most as many credentials as one page can carry."""

    code = "wallet.too-many-chosen"


class EndsInThePast(Refusal):
    """A share cannot end before it starts."""

    code = "wallet.ends-in-the-past"


class TooLateToUndo(Refusal):
    """The ten minutes in which a link can be switched on again are over."""

    code = "wallet.too-late-to-undo"
    status = 410


class RemarkEmpty(Refusal):
    """A remark says something."""

    code = "wallet.remark-empty"
