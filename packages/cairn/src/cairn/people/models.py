# SPDX-License-Identifier: Apache-2.0
"""Tables of this room. Columns, constraints and nothing that decides."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class PersonManager(BaseUserManager["Person"]):
    """Makes persons for Django's own commands, such as `createsuperuser`."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Person":
        """Store a person who signs in with a password, or with links only where none is given."""
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "Person":
        """Store a platform administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in. Further e-mail addresses are rows of allauth's `EmailAddress`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=300)
    email = models.EmailField(max_length=254, unique=True)
    language = models.CharField(max_length=12, default="en")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        # Never the name or the address: rows end up in logs.
        return str(self.id)

    def get_full_name(self) -> str:
        """Return the name as the person gave it; Django and allauth ask for it."""
        return self.name


class Organization(models.Model):
    """An institution that issues credentials."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    # ISO 3166-1 alpha-2: the EU recommendation wants the issuer's country on the credential.
    country = models.CharField(max_length=2)
    url = models.URLField(max_length=300, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    description = models.TextField(blank=True)
    hue = models.PositiveSmallIntegerField(default=258)
    quality_assurance = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="organization_hue_is_a_degree", condition=models.Q(hue__lt=360))
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person at one organization."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_row_per_role", fields=["person", "organization", "role"]),
            models.CheckConstraint(
                name="membership_role_is_known",
                condition=models.Q(role__in=["admin", "editor", "assessor", "issuer", "learner"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.organization_id}"
