# SPDX-License-Identifier: Apache-2.0
"""Learners hand in work, assessors mark it blind by the rubric, and agreed results become awards.

A **submission** is one attempt of one learner at one achievement; its number, the **candidate**, is all that
assessors see of the learner. **Evidence** is a file handed in for one task. A **marking** is one assessor's
seat at a submission, with a **mark** (level and comment) for every criterion. Where two markings differ, a
**proposal** is confirmed by the other assessor; the marks themselves are kept as they were given.
"""
