# SPDX-License-Identifier: Apache-2.0
"""Signing keys and verifying keys, as Multikey and as JWK, with one signature algorithm per kind of key."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, Literal, Self, final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from laurel.errors import NotAKey
from laurel.proof import ed25519 as edwards
from laurel.proof.encodings import NotCanonical, from_base58btc, from_base64url, to_base58btc, to_base64url

__all__ = [
    "LARGEST_RSA_BITS",
    "SMALLEST_RSA_BITS",
    "Algorithm",
    "Kind",
    "SigningKey",
    "VerifyingKey",
]

Algorithm = Literal["Ed25519", "P-256", "P-384", "P-521", "RSA"]
Kind = Literal["ed25519", "p256", "p384", "p521", "rsa2048"]

_PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey

SMALLEST_RSA_BITS: Final = 2048
LARGEST_RSA_BITS: Final = 8192  # above this one signature check costs more than a whole credential may

# Spec: Controlled Identifiers 1.0 §2.2.2 and the multicodec table (unsigned varints).
_PREFIXES: Final[dict[Algorithm, bytes]] = {
    "Ed25519": b"\xed\x01",
    "P-256": b"\x80\x24",
    "P-384": b"\x81\x24",
    "P-521": b"\x82\x24",
    "RSA": b"\x85\x24",
}
_JOSE_ALGORITHMS: Final[dict[Algorithm, str]] = {
    "Ed25519": "EdDSA",
    "P-256": "ES256",
    "P-384": "ES384",
    "P-521": "ES512",
    "RSA": "RS256",
}
_CURVES: Final[dict[Algorithm, ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
}
_COORDINATE: Final[dict[Algorithm, int]] = {"P-256": 32, "P-384": 48, "P-521": 66}

_SECRET_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_RSA_SECRETS: Final = ("d", "p", "q", "dp", "dq", "qi")

# The faulty chips of CVE-2017-15361 made primes of the form k·M + (65537^a mod M) with M the product of
# small primes; the product of two such is a power of 65537 modulo each of them, and a good key almost never.
_SMALL_PRIMES: Final = tuple(p for p in range(3, 168, 2) if all(p % q for q in range(3, 13, 2) if q < p))
_ROCA: Final = {p: frozenset(pow(65537, a, p) for a in range(p - 1)) for p in _SMALL_PRIMES}


@final
@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key that checks signatures of one algorithm.

    `material` is what a Multikey holds after its prefix: 32 bytes for Ed25519, the compressed point for a
    curve, PKCS #1 DER for RSA. `id` is the verification method's URL where it is known; it takes no part
    in comparing keys.
    """

    algorithm: Algorithm
    material: bytes = field(repr=False)
    id: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Refuse material that is no key. Raises: NotAKey."""
        _load(self.algorithm, self.material)

    @property
    def jose_algorithm(self) -> str:
        """The `alg` of a JWS under this key: "EdDSA", "ES256", "ES384", "ES512" or "RS256"."""
        return _JOSE_ALGORITHMS[self.algorithm]

    @classmethod
    def from_multikey(cls, text: str, *, id: str | None = None) -> Self:
        """Read a `publicKeyMultibase` such as "z6Mk…" or "zDna…".

        Raises:
            NotAKey: another alphabet, another kind of key, or a length that does not fit.

        Spec: Controlled Identifiers 1.0 §2.2.2 (Multikey)
        """
        try:
            data = from_base58btc(text)
        except NotCanonical as error:
            raise NotAKey(f"The key is not a Multikey. {error}") from error
        for algorithm, prefix in _PREFIXES.items():
            if data.startswith(prefix):
                return cls(algorithm, data[len(prefix) :], id)
        raise NotAKey("The Multikey holds a kind of key that we do not use.")

    def to_multikey(self) -> str:
        """Return the key as `publicKeyMultibase`."""
        return to_base58btc(_PREFIXES[self.algorithm] + self.material)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object], *, id: str | None = None) -> Self:
        """Read a public JWK; its `kid` becomes the id unless one is given.

        Raises:
            NotAKey: secret members, `use`, `key_ops` or `alg` that forbid checking signatures, a curve or
                size that we do not use, numbers in a spelling that is not canonical.

        Spec: RFC 7517 §4; RFC 7518 §6; RFC 8037 §2
        """
        secret = sorted(_SECRET_MEMBERS & jwk.keys())
        if secret:
            raise NotAKey("The JWK holds a private key, which does not belong in a public place.")
        return _public_from_jwk(cls, jwk, operation="verify", id=id)

    def to_jwk(self) -> dict[str, str]:
        """Return the public JWK: the required members, and `kid` when the id is known."""
        loaded = _load(self.algorithm, self.material)
        jwk: dict[str, str]
        if isinstance(loaded, rsa.RSAPublicKey):
            rsa_numbers = loaded.public_numbers()
            jwk = {"kty": "RSA", "n": _from_int(rsa_numbers.n), "e": _from_int(rsa_numbers.e)}
        elif isinstance(loaded, ec.EllipticCurvePublicKey):
            ec_numbers = loaded.public_numbers()
            size = _COORDINATE[self.algorithm]
            jwk = {
                "kty": "EC",
                "crv": self.algorithm,
                "x": _from_int(ec_numbers.x, size),
                "y": _from_int(ec_numbers.y, size),
            }
        else:
            jwk = {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(self.material)}
        return jwk | ({"kid": self.id} if self.id else {})

    def with_id(self, verification_method: str) -> Self:
        """Return the same key under the URL of a verification method."""
        return type(self)(self.algorithm, self.material, verification_method)

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature was made over the message with the private half of this key.

        Ed25519 signatures have 64 bytes and s below the group order; ECDSA ones are r and s side by side,
        over SHA-256 (P-256), SHA-384 (P-384) or SHA-512 (P-521); RSA is PKCS #1 v1.5 with SHA-256.

        Spec: RFC 8032 §5.1.7; RFC 7518 §3.3 and §3.4
        """
        if self.algorithm == "Ed25519":
            return edwards.verify(self.material, message, signature)
        loaded = _load(self.algorithm, self.material)
        try:
            if isinstance(loaded, ec.EllipticCurvePublicKey):
                size = _COORDINATE[self.algorithm]
                if len(signature) != 2 * size:
                    return False
                r, s = int.from_bytes(signature[:size]), int.from_bytes(signature[size:])
                loaded.verify(encode_dss_signature(r, s), message, ec.ECDSA(_digest(self.algorithm)))
            elif isinstance(loaded, rsa.RSAPublicKey):
                loaded.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


@final
@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key. Neither `repr` nor an error message ever shows what is secret."""

    public: VerifyingKey
    _private: _PrivateKey = field(repr=False, compare=False)

    @property
    def id(self) -> str | None:
        """The URL of the verification method that publishes the public half, once it is known."""
        return self.public.id

    @property
    def algorithm(self) -> Algorithm:
        """The kind of key: "Ed25519", "P-256", "P-384", "P-521" or "RSA"."""
        return self.public.algorithm

    @property
    def jose_algorithm(self) -> str:
        """The `alg` of a JWS made with this key."""
        return self.public.jose_algorithm

    @classmethod
    def generate(cls, kind: Kind = "ed25519") -> Self:
        """Make a new key with the operating system's randomness."""
        if kind == "ed25519":
            return cls._of(ed25519.Ed25519PrivateKey.generate())
        if kind == "p256":
            return cls._of(ec.generate_private_key(ec.SECP256R1()))
        if kind == "p384":
            return cls._of(ec.generate_private_key(ec.SECP384R1()))
        if kind == "p521":
            return cls._of(ec.generate_private_key(ec.SECP521R1()))
        if kind == "rsa2048":
            return cls._of(rsa.generate_private_key(public_exponent=65537, key_size=2048))
        raise ValueError(f"unknown kind of key: {kind}")

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the Ed25519 key of a 32-byte seed. Raises: NotAKey."""
        try:
            return cls._of(ed25519.Ed25519PrivateKey.from_private_bytes(seed))
        except ValueError as error:
            raise NotAKey("An Ed25519 seed has 32 bytes.") from error

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object]) -> Self:
        """Read a private JWK; its `kid` becomes the id.

        Raises:
            NotAKey: no private part, a kind or size that we do not use, or a public part that belongs to
                another private one.

        Spec: RFC 7517 §4; RFC 7518 §6.2.2 and §6.3.2; RFC 8037 §2
        """
        if "d" not in jwk:
            raise NotAKey('The JWK has no private part ("d"), so nothing can be signed with it.')
        public = _public_from_jwk(VerifyingKey, jwk, operation="sign", id=None)
        key = cls._of(_private_from_jwk(public, jwk))
        if key.public != public:
            raise NotAKey("The public part of the JWK does not belong to its private part.")
        return replace(key, public=public)

    def to_private_jwk(self) -> dict[str, str]:
        """Return the private JWK. Whoever holds it can sign in the issuer's name."""
        private = self._private
        if isinstance(private, rsa.RSAPrivateKey):
            numbers = private.private_numbers()
            parts = (numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp)
            secret = {name: _from_int(part) for name, part in zip(_RSA_SECRETS, parts, strict=True)}
        elif isinstance(private, ec.EllipticCurvePrivateKey):
            size = _COORDINATE[self.algorithm]
            secret = {"d": _from_int(private.private_numbers().private_value, size)}
        else:
            secret = {"d": to_base64url(private.private_bytes_raw())}
        return self.public.to_jwk() | secret

    def with_id(self, verification_method: str) -> Self:
        """Return the same key under the URL of a verification method."""
        return replace(self, public=self.public.with_id(verification_method))

    def sign(self, message: bytes) -> bytes:
        """Return the signature, in the form that `VerifyingKey.verify` takes.

        An ECDSA signature follows from key and message alone, where OpenSSL can do that (from 3.2 on): no bad
        source of randomness gives the key away, and the same work done twice gives the same bytes.

        Spec: RFC 6979 §3.2
        """
        private = self._private
        if isinstance(private, ed25519.Ed25519PrivateKey):
            return edwards.sign(private, self.public.material, message)
        if isinstance(private, ec.EllipticCurvePrivateKey):
            size = _COORDINATE[self.algorithm]
            r, s = decode_dss_signature(private.sign(message, _ECDSA[self.algorithm]))
            return r.to_bytes(size) + s.to_bytes(size)
        return private.sign(message, padding.PKCS1v15(), hashes.SHA256())

    @classmethod
    def _of(cls, private: _PrivateKey) -> Self:
        return cls(_public_half(private.public_key()), private)


@lru_cache(maxsize=256)
def _load(algorithm: Algorithm, material: bytes) -> _PublicKey:
    if algorithm == "Ed25519":
        return _load_ed25519(material)
    if algorithm == "RSA":
        return _load_rsa(material)
    # Only the compressed form has one spelling for each point.
    if len(material) != 1 + _COORDINATE[algorithm] or material[0] not in (2, 3):
        raise NotAKey(f"A {algorithm} key is a compressed point of {1 + _COORDINATE[algorithm]} bytes.")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[algorithm], material)
    except ValueError as error:
        raise NotAKey(f"The key is not a point on the curve {algorithm}.") from error


def _load_ed25519(material: bytes) -> ed25519.Ed25519PublicKey:
    if len(material) != 32:
        raise NotAKey("An Ed25519 key has 32 bytes.")
    y = int.from_bytes(material, "little") & (2**255 - 1)
    if y >= edwards.FIELD_PRIME or y in edwards.SMALL_ORDER:
        raise NotAKey("The Ed25519 key is a point that binds nobody.")
    return ed25519.Ed25519PublicKey.from_public_bytes(material)


def _load_rsa(material: bytes) -> rsa.RSAPublicKey:
    if len(material) > LARGEST_RSA_BITS // 8 + 64:
        raise NotAKey(f"An RSA key has {LARGEST_RSA_BITS} bits at most.")
    from cryptography.hazmat.primitives import serialization  # loads much; few keys need it

    # cryptography reads PKCS #1 only as PEM or inside SubjectPublicKeyInfo; its loader takes both in DER.
    try:
        loaded = serialization.load_der_public_key(material)
    except ValueError as error:
        raise NotAKey("The RSA key is not PKCS #1 DER.") from error
    if not isinstance(loaded, rsa.RSAPublicKey) or _pkcs1(loaded) != material:
        raise NotAKey("The RSA key is not PKCS #1 DER.")
    _check_rsa_size(loaded.public_numbers())
    return loaded


def _check_rsa_size(numbers: rsa.RSAPublicNumbers) -> None:
    bits = numbers.n.bit_length()
    if not SMALLEST_RSA_BITS <= bits <= LARGEST_RSA_BITS:
        raise NotAKey(f"The RSA key has {bits} bits; we use {SMALLEST_RSA_BITS} to {LARGEST_RSA_BITS}.")
    if numbers.e.bit_length() > 32:
        raise NotAKey("The RSA key has an exponent above 32 bits.")
    if all(numbers.n % prime in powers for prime, powers in _ROCA.items()):
        raise NotAKey("The RSA key was made by a chip whose keys can be worked out (CVE-2017-15361).")


def _pkcs1(public: rsa.RSAPublicKey) -> bytes:
    from cryptography.hazmat.primitives import serialization

    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)


def _public_half(public: _PublicKey) -> VerifyingKey:
    if isinstance(public, ed25519.Ed25519PublicKey):
        return VerifyingKey("Ed25519", public.public_bytes_raw())
    if isinstance(public, rsa.RSAPublicKey):
        return VerifyingKey("RSA", _pkcs1(public))
    from cryptography.hazmat.primitives import serialization

    algorithm = next(name for name, curve in _CURVES.items() if isinstance(public.curve, type(curve)))
    form = serialization.PublicFormat.CompressedPoint
    return VerifyingKey(algorithm, public.public_bytes(serialization.Encoding.X962, form))


def _public_from_jwk(
    cls: type[VerifyingKey], jwk: Mapping[str, object], *, operation: str, id: str | None
) -> VerifyingKey:
    algorithm = _algorithm_of(jwk)
    _check_permission(jwk, algorithm, operation)
    kid = jwk.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise NotAKey('The "kid" of the JWK is not text.')
    if algorithm == "Ed25519":
        material = _member(jwk, "x", 32)
    elif algorithm == "RSA":
        numbers = rsa.RSAPublicNumbers(e=_integer(jwk, "e"), n=_integer(jwk, "n"))
        _check_rsa_size(numbers)
        try:
            material = _pkcs1(numbers.public_key())
        except ValueError as error:
            raise NotAKey("The numbers of the RSA key do not fit together.") from error
    else:
        size = _COORDINATE[algorithm]
        x, y = _member(jwk, "x", size), _member(jwk, "y", size)
        material = bytes([2 + (y[-1] & 1)]) + x
        _check_on_curve(algorithm, x, y)
    return cls(algorithm, material, id if id is not None else kid)


def _check_on_curve(algorithm: Algorithm, x: bytes, y: bytes) -> None:
    try:
        ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), _CURVES[algorithm]).public_key()
    except ValueError as error:
        raise NotAKey(f"The key is not a point on the curve {algorithm}.") from error


def _algorithm_of(jwk: Mapping[str, object]) -> Algorithm:
    kind, curve = jwk.get("kty"), jwk.get("crv")
    if (kind, curve) == ("OKP", "Ed25519"):
        return "Ed25519"
    if (kind, curve) == ("EC", "P-256"):
        return "P-256"
    if (kind, curve) == ("EC", "P-384"):
        return "P-384"
    if (kind, curve) == ("EC", "P-521"):
        return "P-521"
    if kind == "RSA" and curve is None:
        return "RSA"
    raise NotAKey("We do not use this kind of key: a JWK is for Ed25519, P-256, P-384, P-521 or RSA.")


def _check_permission(jwk: Mapping[str, object], algorithm: Algorithm, operation: str) -> None:
    """Refuse a key whose owner said that it is for something else. Spec: RFC 7517 §4.2 to §4.4"""
    if jwk.get("use", "sig") != "sig":
        raise NotAKey('The "use" of the JWK is not "sig", so it is not for signatures.')
    operations = jwk.get("key_ops", [operation])
    if not isinstance(operations, list) or operation not in operations:
        raise NotAKey(f'The "key_ops" of the JWK do not allow to {operation}.')
    allowed = (_JOSE_ALGORITHMS[algorithm], *(("Ed25519",) if algorithm == "Ed25519" else ()))
    if "alg" in jwk and jwk["alg"] not in allowed:
        raise NotAKey('The "alg" of the JWK is not one that we use with this kind of key.')


def _private_from_jwk(public: VerifyingKey, jwk: Mapping[str, object]) -> _PrivateKey:
    try:
        if public.algorithm == "Ed25519":
            return ed25519.Ed25519PrivateKey.from_private_bytes(_member(jwk, "d", 32))
        if public.algorithm != "RSA":
            secret = int.from_bytes(_member(jwk, "d", _COORDINATE[public.algorithm]))
            return ec.derive_private_key(secret, _CURVES[public.algorithm])
        if "oth" in jwk:
            raise NotAKey("We do not use RSA keys of more than two primes.")
        d, p, q, dp, dq, qi = (_integer(jwk, name) for name in _RSA_SECRETS)
        numbers = rsa.RSAPublicNumbers(e=_integer(jwk, "e"), n=_integer(jwk, "n"))
        return rsa.RSAPrivateNumbers(
            p=p, q=q, d=d, dmp1=dp, dmq1=dq, iqmp=qi, public_numbers=numbers
        ).private_key()
    except ValueError:
        # Without the cause: the library's message or its frames might show a secret number.
        raise NotAKey("The private part of the JWK is not a key.") from None


def _member(jwk: Mapping[str, object], name: str, size: int | None = None) -> bytes:
    value = jwk.get(name)
    if not isinstance(value, str):
        raise NotAKey(f'The JWK has no text in "{name}".')
    try:
        data = from_base64url(value)
    except NotCanonical as error:
        raise NotAKey(f'The "{name}" of the JWK is not base64url.') from error
    if not data or (size is not None and len(data) != size):
        raise NotAKey(f'The "{name}" of the JWK has the wrong length.')
    return data


def _integer(jwk: Mapping[str, object], name: str) -> int:
    data = _member(jwk, name)
    if data[0] == 0 or len(data) > LARGEST_RSA_BITS // 8:
        raise NotAKey(f'The "{name}" of the JWK is not in its shortest form, or too large.')
    return int.from_bytes(data)


def _from_int(number: int, size: int | None = None) -> str:
    return to_base64url(number.to_bytes(size or (number.bit_length() + 7) // 8))


def _deterministic(digest: hashes.HashAlgorithm) -> ec.ECDSA:
    try:
        return ec.ECDSA(digest, deterministic_signing=True)
    except UnsupportedAlgorithm:
        return ec.ECDSA(digest)


def _digest(algorithm: Algorithm) -> hashes.HashAlgorithm:
    match algorithm:
        case "P-384":
            return hashes.SHA384()
        case "P-521":
            return hashes.SHA512()
    return hashes.SHA256()


_ECDSA: Final[dict[Algorithm, ec.ECDSA]] = {
    algorithm: _deterministic(_digest(algorithm)) for algorithm in _CURVES
}
