# SPDX-License-Identifier: Apache-2.0
"""The open micro-credentials platform: one room per part of the domain, on top of `laurel`."""

__version__ = "0.1.0"
