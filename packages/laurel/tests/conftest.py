# SPDX-License-Identifier: Apache-2.0
"""Lets every test of laurel import `samples`: for this file, pytest puts the folder on the path."""
