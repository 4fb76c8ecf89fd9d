# SPDX-License-Identifier: Apache-2.0
"""How this room says no."""

from cairn.assessment.facts import Fault
from cairn.foundation.errors import NotAllowed, NotFound, Refusal


class NoSuchWork(NotFound):
    """There is no such work, or it is not open to the actor."""

    code = "assessment.no-such-work"


class OwnWork(NotAllowed):
    """The assessor is the learner."""

    code = "assessment.own-work"


class AlreadyHandedIn(Refusal):
    """What was handed in does not change."""

    code = "assessment.already-handed-in"
    status = 409


class NotMarkable(Refusal):
    """The work is in a state in which it cannot be marked or agreed."""

    code = "assessment.not-markable"
    status = 409


class AlreadyFinished(Refusal):
    """Marks that were finished do not change."""

    code = "assessment.already-finished"
    status = 409


class UnknownLevel(Refusal):
    """A mark names a criterion or a level that the rubric does not have."""

    code = "assessment.unknown-level"


class NothingToMark(Refusal):
    """No piece of work waits for this assessor."""

    code = "assessment.nothing-to-mark"
    status = 409


class TooManyStarted(Refusal):
    """The assessor has as many unfinished pieces as one person may hold."""

    code = "assessment.too-many-started"


class NoNewAttempt(Refusal):
    """A new attempt can begin only after a result of "not yet"."""

    code = "assessment.no-new-attempt"
    status = 409


class ProposalChanged(Refusal):
    """The proposal that was confirmed is no longer the newest one."""

    code = "assessment.proposal-changed"
    status = 409


class OwnProposal(NotAllowed):
    """Somebody else has to confirm what an assessor proposes."""

    code = "assessment.own-proposal"


class FileRefused(Refusal):
    """A file cannot be taken. `fault` says why."""

    code = "assessment.file-refused"

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Incomplete(Refusal):
    """Something is missing. `faults` holds every gap, each with its field."""

    code = "assessment.incomplete"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(" ".join(map(str, faults)))
        self.faults = faults
