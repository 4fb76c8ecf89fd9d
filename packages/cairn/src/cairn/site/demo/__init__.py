# SPDX-License-Identifier: Apache-2.0
"""The demonstration: the whole story over real HTTP, told step by step, with its files kept."""
