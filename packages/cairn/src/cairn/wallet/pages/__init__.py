# SPDX-License-Identifier: Apache-2.0
"""Pages of this room: read the request, make one call, show the answer."""
