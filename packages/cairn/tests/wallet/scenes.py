# SPDX-License-Identifier: Apache-2.0
"""What the tests of this room start from: Amara's credentials, waiting or kept, and her links."""

from datetime import timedelta

import cast
from credentials.scenes import ISSUED_AT, NOTEBOOK, NOW, issued

from cairn.credentials.facts import Issued
from cairn.wallet import services
from cairn.wallet.facts import NewShare, Share

__all__ = ["ISSUED_AT", "LATER", "NOTEBOOK", "NOW", "claim_key", "issued", "kept", "share"]
LATER = NOW + timedelta(days=7)


def claim_key(one: Issued | None = None) -> str:
    """Return the key of the mailed link to a credential of Amara, mailed yesterday."""
    return services.new_claim_key((one or issued()).ref, at=NOW - timedelta(days=1))


def kept(**changes: object) -> Issued:
    """Return a credential that Amara holds."""
    one = issued(**changes)
    services.issuing.keep(one.ref, person_id=cast.amara().row.id, at=ISSUED_AT)
    return one


def share(*shown: Issued, **changes: object) -> Share:
    """Return a link of Amara's, live for a week."""
    refs = tuple(one.ref for one in shown) or (kept().ref,)
    asked = NewShare(**({"refs": refs, "name": "Acme", "ends_at": LATER} | changes))  # type: ignore[arg-type]
    return services.share(asked, by=cast.amara().actor, at=NOW)
