# SPDX-License-Identifier: Apache-2.0
"""How an issuer withdraws or holds a credential: one bit in a list that everybody can fetch."""
