# SPDX-License-Identifier: Apache-2.0
"""What each authority demands of a document, one file per authority, as findings and never as exceptions.

Rules look at the JSON as it stands. Whether a signature would cover all of it is for `laurel.jsonld` to say.
"""
