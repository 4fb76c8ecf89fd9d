# SPDX-License-Identifier: Apache-2.0
"""What every room stands on: refusals, news, stored files, references, safe text. It knows no domain."""
