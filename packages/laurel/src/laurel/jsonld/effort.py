# SPDX-License-Identifier: Apache-2.0
"""How much work the documents of strangers may cause: counted and not timed, so that answers repeat.

Spec: RFC 8259 §9 (a parser may set limits); RDFC-1.0 §7.1 (dataset poisoning)
"""

from dataclasses import dataclass
from typing import Final

from laurel.errors import TooMuchWork

# A statement takes some 50 microseconds in all. The largest document that the JSON gate lets through makes
# about 6,000 of them; an honest credential makes 100 and needs some 40 contexts.
DEFAULT: Final = 12_000
CONTEXT: Final = 40
"""What working out the context of one place costs, in statements."""
MOST_PROCESSES: Final = 3


@dataclass(slots=True)
class Effort:
    """A budget that all canonicalisations of one question share; a statement costs 1.

    `in_vain` counts how often a faster tier looked at a document and left it to the next. `processes` is how
    many more may be started for what cannot be interrupted: each takes up to a second, whatever comes of it.
    """

    left: int = DEFAULT
    in_vain: int = 0
    processes: int = MOST_PROCESSES

    def spend(self, amount: int = 1) -> None:
        """Take from the budget. Raises: TooMuchWork, when nothing is left."""
        self.left -= amount
        if self.left < 0:
            raise TooMuchWork("The document would take too long to work out.")
