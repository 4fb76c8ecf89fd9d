# SPDX-License-Identifier: Apache-2.0
"""Persons, organizations, and who may act for whom.

A **person** signs in with any of their e-mail addresses. An **organization** issues credentials. A **role**
ties a person to an organization; a person can have many. An **actor** is the person behind a request with
everything they may do. An **invitation** offers a role to an e-mail address.
"""
