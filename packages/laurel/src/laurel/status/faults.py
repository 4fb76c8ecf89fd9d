# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a status entry or a list, and the names that the W3C gives to it."""

from typing import Final

from laurel.errors import LaurelError

_STATUS_LIST: Final = "https://www.w3.org/ns/credentials/status-list#"
_DATA_MODEL: Final = "https://www.w3.org/TR/vc-data-model#"

#: The problem type of the specification for each of our codes; a code without one has none.
#: Spec: Bitstring Status List 1.0 §3.5 (processing errors); VCDM 2.0 #problem-details
PROBLEMS: Final = {
    "status.unreachable": f"{_STATUS_LIST}STATUS_RETRIEVAL_ERROR",
    "status.unreadable": f"{_STATUS_LIST}STATUS_RETRIEVAL_ERROR",
    "status.bad-signature": f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR",
    "status.not-a-list": f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR",
    "status.other-issuer": f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR",
    "status.other-list": f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR",
    "status.purpose": f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR",
    "status.stale": f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR",
    "status.rolled-back": f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR",
    "status.length": f"{_STATUS_LIST}STATUS_LIST_LENGTH_ERROR",
    "status.range": f"{_DATA_MODEL}RANGE_ERROR",
    "status.malformed": f"{_DATA_MODEL}MALFORMED_VALUE_ERROR",
    "status.size": f"{_DATA_MODEL}MALFORMED_VALUE_ERROR",
    "unreadable.corrupt-bitstring": f"{_DATA_MODEL}MALFORMED_VALUE_ERROR",
}


class StatusFault(LaurelError):
    """A status entry or list that does not let us tell the status. `code` tells why."""

    code = "status.malformed"
