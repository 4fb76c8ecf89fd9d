# SPDX-License-Identifier: Apache-2.0
"""Letters to people: e-mails in a person's own language, each sent once.

A **letter** is what one e-mail says; its HTML and its text are written from the same words. A **posting** is
the mark that a letter left, so that news heard twice writes no second one. The **outbox** keeps letters
instead of sending them where no mail server is set, so that a newcomer can read them.
"""
