# SPDX-License-Identifier: Apache-2.0
"""Tables of this room. Columns, constraints and nothing that decides."""

import uuid
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac


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
    joined_at = models.DateTimeField(default=timezone.now)
    # Part of what a session is bound to: raising it ends every session of the person.
    sessions_epoch = models.PositiveIntegerField(default=0)

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

    def get_session_auth_hash(self) -> str:
        """Return what a session must know to go on: it ends with a new password or a raised epoch."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the same under each earlier secret key that is still honoured."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None) -> str:
        bound = f"{self.password}:{self.sessions_epoch}"
        return salted_hmac("cairn.people.session", bound, secret=secret, algorithm="sha256").hexdigest()


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
    created_at = models.DateTimeField(default=timezone.now)

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
    since = models.DateTimeField(default=timezone.now)

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


class Invitation(models.Model):
    """The offer of roles at an organization to whoever reads an e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    roles = models.JSONField()
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_invitation_per_address",
                fields=["organization", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.id}"


class MailedKey(models.Model):
    """A link that is itself the key. Only its hash is kept, and only from when the e-mail is written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=16)
    email = models.EmailField(max_length=254)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=12, default="en")
    next_url = models.CharField(max_length=500, blank=True)
    # A keyed fingerprint of the network address that asked: enough to count, not to read back.
    asked_from = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    # SHA-256, hex. Null until `fresh_key` makes the key for the message that carries it.
    key_hash = models.CharField(max_length=64, null=True, unique=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["purpose", "email", "asked_at"], name="mailed_key_by_address"),
            models.Index(fields=["purpose", "asked_from", "asked_at"], name="mailed_key_by_asker"),
        ]
        constraints = [
            models.CheckConstraint(
                name="mailed_key_purpose_is_known",
                condition=models.Q(purpose__in=["sign-in", "confirm-address", "invitation"]),
            ),
            models.CheckConstraint(
                name="mailed_key_has_an_end",
                condition=models.Q(key_hash__isnull=True) | models.Q(expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} key {self.id}"
