# SPDX-License-Identifier: Apache-2.0
"""Issuing: an agreed award becomes a signed credential, with its status, its keys and its public page.

An **award** is the decision that somebody earned an achievement, before anything is signed. A
**credential** is the signed document; it is never edited. Its **status** is withdrawn, on hold or neither,
told by a row for each change. A **disclosure** is a signed form of the same credential, with or without the
evidence and the marks.
"""
