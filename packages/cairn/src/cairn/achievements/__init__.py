# SPDX-License-Identifier: Apache-2.0
"""What can be earned: programmes, their rubrics, badge images and public pages.

An **achievement** has a stable reference and numbered **versions**. A **draft** is the one version still
being written; a **published** version never changes, so what a credential points at stays what it was. A
**rubric** is a tuple of criteria, each with levels from low to high and the level that passes.
"""
