# SPDX-License-Identifier: Apache-2.0
"""The decisions of this room: what may be handed in, which files are taken, when marks agree, who passes."""
