"""botocore's CA bundle as a directory, in which OpenSSL looks for one certificate by its subject.

All would be parsed before the first handshake. Not every host has `openssl rehash`: here OpenSSL
decodes a subject by way of `ssl`, and its canonical form (X509_NAME_hash) is encoded again.
"""

import hashlib
import ssl
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def unfold(bundle: Path) -> None:
    """Write the certificates of `bundle` into the directory of its name and `.d`."""
    directory = bundle.with_name(f"{bundle.name}.d")
    directory.mkdir()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(bundle)
    decoded: list[Any] = context.get_ca_certs()
    taken = Counter[str]()
    for certificate, its in sorted(zip(context.get_ca_certs(True), decoded, strict=True)):
        name = _hash(its["subject"])
        pem = ssl.DER_cert_to_PEM_cert(certificate)
        (directory / f"{name}.{taken[name]}").write_text(pem, encoding="utf-8")
        taken[name] += 1


def _hash(subject: Iterable[Iterable[tuple[str, str]]]) -> str:
    """As `openssl x509 -subject_hash` prints it: of sets (0x31) of sequences (0x30) of a name and
    UTF-8 (0x0C), in lower-case ASCII and with one space where there were more."""
    canonical = b""
    for attributes in subject:
        texts = [(_oid(name), b" ".join(text.encode().split())) for name, text in attributes]
        parts = [_part(0x30, oid + _part(0x0C, text.lower())) for oid, text in texts]
        canonical += _part(0x31, b"".join(sorted(parts)))
    return hashlib.sha1(canonical, usedforsecurity=False).digest()[3::-1].hex()


def _oid(name: str) -> bytes:
    # OpenSSL leaves it as numbers where it knows no name.
    dotted = name if name[0].isdigit() else ssl._ASN1Object.fromname(name).oid
    first, second, *rest = map(int, dotted.split("."))
    content = b""
    for number in (40 * first + second, *rest):
        septets = [number & 0x7F]
        while number := number >> 7:
            septets.insert(0, number & 0x7F | 0x80)
        content += bytes(septets)
    return _part(0x06, content)


def _part(tag: int, content: bytes) -> bytes:
    length = len(content)
    more = b"" if length < 0x80 else length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(more) if more else length]) + more + content
