# SPDX-License-Identifier: Apache-2.0
"""How this room says no."""

from cairn.foundation.errors import NotFound, Refusal


class NotOneAddress(Refusal):
    """A letter goes to one plain address; what was given is none, several, or carries a line break."""

    code = "messages.not-one-address"


class NoSuchMessage(NotFound):
    """There is no such message in the outbox, or no outbox."""

    code = "messages.no-such-message"
