# SPDX-License-Identifier: Apache-2.0
"""SD-JWT: a signed token whose holder chooses what of it to show, and proves that the token is theirs.

`sign` makes one, `present` leaves out what is not to be shown, `read` puts together what is shown, and
`verify` and `verify_binding` hold the two signatures against their keys.

Only the compact form is read; the JSON serialisation of RFC 9901 §8 is refused by name.

Spec: RFC 9901 §4 (data formats)
"""

from laurel.proof.sd_jwt.binding import KeyBinding, verify_binding
from laurel.proof.sd_jwt.disclosures import HASHES, CannotDisclose, Disclosure
from laurel.proof.sd_jwt.issuing import sign
from laurel.proof.sd_jwt.presenting import present
from laurel.proof.sd_jwt.reading import MOST_DISCLOSURES, SdJwt, read, verify

__all__ = [
    "HASHES",
    "MOST_DISCLOSURES",
    "CannotDisclose",
    "Disclosure",
    "KeyBinding",
    "SdJwt",
    "present",
    "read",
    "sign",
    "verify",
    "verify_binding",
]
