# SPDX-License-Identifier: Apache-2.0
"""What can be done to people and organizations. Each function is one transaction."""
