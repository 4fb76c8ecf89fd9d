# SPDX-License-Identifier: Apache-2.0
"""How this room says no."""

from cairn.foundation.errors import Gone, Refusal


class NothingPresented(Refusal):
    """There is nothing to check."""

    code = "verification.nothing-presented"


class TooMuchPresented(Refusal):
    """More is presented than is looked at in one go."""

    code = "verification.too-much-presented"


class UnknownReference(Refusal):
    """The reference or link is none of ours, or it is not open to whoever asks; the two look the same."""

    code = "verification.unknown-reference"


class NotALink(Refusal):
    """What was typed is no reference and no address that can be fetched."""

    code = "verification.not-a-link"


class TooBusy(Refusal):
    """As many checks run as the site runs at once."""

    code = "verification.too-busy"
    status = 503


class ListGone(Gone):
    """The list was removed, or there never was one at this address."""

    code = "verification.list-gone"
