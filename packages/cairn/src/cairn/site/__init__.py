# SPDX-License-Identifier: Apache-2.0
"""The top floor: settings, root addresses, the page frame, home, the command, and the demonstration."""
