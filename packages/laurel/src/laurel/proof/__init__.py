# SPDX-License-Identifier: Apache-2.0
"""Keys, and the two ways to secure a credential with them: Data Integrity proofs and JOSE."""
