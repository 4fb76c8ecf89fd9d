# SPDX-License-Identifier: Apache-2.0
"""Template tags that every page uses."""
