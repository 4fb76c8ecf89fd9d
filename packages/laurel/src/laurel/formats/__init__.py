# SPDX-License-Identifier: Apache-2.0
"""Documents to facts and back, and credentials in and out of the files that carry them."""
