# SPDX-License-Identifier: Apache-2.0
"""How this room says no."""

from cairn.foundation.errors import NotFound, Refusal


class NoSuchCredential(NotFound):
    """There is no such credential, or it is not open to whoever asks."""

    code = "credentials.no-such-credential"


class NoSuchAward(NotFound):
    """There is no such award at this organization."""

    code = "credentials.no-such-award"


class NoSuchList(NotFound):
    """There is no such status list."""

    code = "credentials.no-such-list"


class NoLongerOffered(Refusal):
    """The achievement is archived, so nobody new gets it."""

    code = "credentials.no-longer-offered"


class AwardDiffers(Refusal):
    """An award of that id was recorded before, and it says something else."""

    code = "credentials.award-differs"


class AwardedTooEarly(Refusal):
    """The award is decided after the moment of issuing."""

    code = "credentials.awarded-too-early"


class ReasonMissing(Refusal):
    """A public reason is needed."""

    code = "credentials.reason-missing"


class AlreadyWithdrawn(Refusal):
    """A withdrawn credential stays withdrawn."""

    code = "credentials.already-withdrawn"


class AlreadyHeld(Refusal):
    """The credential is on hold already."""

    code = "credentials.already-held"


class NotHeld(Refusal):
    """The credential is not on hold."""

    code = "credentials.not-held"


class KeysLocked(Refusal):
    """The private keys are sealed with another secret than the one this installation has now."""

    code = "credentials.keys-locked"
    status = 503


class TooLateToUndo(Refusal):
    """The ten minutes are over, or somebody has kept the credential."""

    code = "credentials.too-late-to-undo"


class NobodyToIssueTo(Refusal):
    """The list holds no row that can be issued."""

    code = "credentials.nobody-to-issue-to"


class NotTheHolder(NotFound):
    """Only the holder can do this, and strangers cannot learn that the credential exists."""

    code = "credentials.not-the-holder"
