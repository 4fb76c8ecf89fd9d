# SPDX-License-Identifier: Apache-2.0
"""What a learner holds and shows: taking a credential, keeping it, sharing it, taking it along.

A **claim key** is the mailed link that opens a finished credential and lets its learner keep it. A **share**
is a link that a learner made: chosen credentials, with or without evidence and marks, until an end date or
until it is switched off. A **remark** is what somebody tells the issuer about a credential they were sent.
"""
