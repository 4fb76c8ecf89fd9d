# SPDX-License-Identifier: Apache-2.0
"""Issue and verify Open Badges 3.0 credentials, without a framework and without a hidden network."""

__version__ = "0.1.0"
