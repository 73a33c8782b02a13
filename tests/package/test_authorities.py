"""The directory of CAs is botocore's bundle, as OpenSSL would have named it, and is what counts."""

import re
import shutil
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CalledProcessError
from typing import Final

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import NameAttribute, ObjectIdentifier, RelativeDistinguishedName
from OpenSSL.crypto import FILETYPE_PEM, load_certificate

from tests.kit.cognito import Cognito, served
from tests.package.conftest import run_alone
from tools.packager.authorities import unfold

BUNDLE: Final = "botocore/cacert.pem"
COUNTRY, COMMON, OTHER = map(ObjectIdentifier, ("2.5.4.6", "2.5.4.3", "2.999.12345678.0"))
# Each as its parts, of which one may have several attributes.
SUBJECTS: Final[dict[str, list[dict[ObjectIdentifier, str]]]] = {
    "two kinds of text": [{COUNTRY: "US"}, {COMMON: "Some CA"}],
    "spaces and cases": [{COMMON: "  Some\t  CA  "}, {OTHER: "É\u2003 x"}],
    "127 bytes and more": [{OTHER: "x" * 127}, {OTHER: "x" * 300}],
    "several in one": [{OTHER: "z", COMMON: "   z", COUNTRY: "DE"}],
}
ASK: Final = """
from openid_token.client import create_client
from openid_token.connection import open_connection
client = create_client("eu-central-1")
open_connection(client).join()
print(client.get_open_id_token_for_developer_identity(IdentityPoolId="", Logins={})["Token"])
"""


def hashed(pem: bytes) -> str:
    return f"{load_certificate(FILETYPE_PEM, pem).subject_name_hash():08x}"


def test_it_holds_each_certificate_once_and_as_openssl_names_it(built_package: Path) -> None:
    bundle = re.findall(
        r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n",
        (built_package / BUNDLE).read_text(encoding="utf-8"),
    )
    files = {file.name: file.read_text() for file in (built_package / f"{BUNDLE}.d").iterdir()}

    assert len(files) == len(bundle) > 100
    assert {*files.values()} == {*bundle}
    for name, pem in files.items():
        stem, _, number = name.partition(".")
        assert stem == hashed(pem.encode())
        # OpenSSL looks for one after the other.
        assert number == "0" or f"{stem}.{int(number) - 1}" in files


@pytest.mark.parametrize("parts", SUBJECTS.values(), ids=SUBJECTS)
def test_any_subject_is_named_as_openssl_does(
    tmp_path: Path, parts: list[dict[ObjectIdentifier, str]]
) -> None:
    """Two of one subject, which differ in their keys."""
    attributes = [[NameAttribute(*its) for its in part.items()] for part in parts]
    subject = x509.Name(map(RelativeDistinguishedName, attributes))
    both = [certificate(subject) for _ in range(2)]
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(b"".join(both))
    unfold(bundle)

    names = {file.name for file in (tmp_path / "bundle.pem.d").iterdir()}
    assert names == {f"{hashed(each)}.{number}" for number, each in enumerate(both)}


def certificate(subject: x509.Name) -> bytes:
    """A CA's own."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    is_ca = x509.BasicConstraints(ca=True, path_length=None)
    builder = x509.CertificateBuilder(
        *(subject, subject, key.public_key(), 1, now, now + timedelta(days=1))
    )
    signed = builder.add_extension(is_ca, critical=True).sign(key, SHA256())
    return signed.public_bytes(Encoding.PEM)


@pytest.mark.parametrize(
    ("unfolded", "bundled", "named", "answered"),
    [
        (False, False, None, False),
        (True, False, None, True),
        (False, True, None, False),
        (False, False, "AWS_CA_BUNDLE", True),
        (False, False, "REQUESTS_CA_BUNDLE", True),
    ],
    ids=["unknown", "in the directory", "in the bundle alone", "named", "named for requests"],
)
def test_a_server_is_trusted_if_the_directory_has_its_ca(
    built_package: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    unfolded: bool,
    bundled: bool,
    named: str | None,
    answered: bool,
) -> None:
    """Or if the environment names another bundle, which then stands in for it."""
    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    package = with_authority(built_package, tmp_path, unfolded=unfolded, bundled=bundled)
    # A machine may have a bundle for all that it does.
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    if named:
        monkeypatch.setenv(named, str(tmp_path / "ca.pem"))
    cognito = Cognito()
    with served(cognito, context) as url, suppress(CalledProcessError):
        over_tls = url.replace("http:", "https:")
        run_alone(package, ASK, AWS_ENDPOINT_URL_COGNITO_IDENTITY=over_tls)

    assert bool(cognito.calls) == answered


def with_authority(built: Path, scratch: Path, *, unfolded: bool, bundled: bool) -> Path:
    """The package with the CA of `scratch`, as if botocore had it."""
    package = scratch / "package"
    package.mkdir()
    for entry in built.iterdir():
        (package / entry.name).symlink_to(entry)
    (package / "botocore").unlink()
    shutil.copytree(built / "botocore", package / "botocore")
    bundle = package / BUNDLE
    before = bundle.read_bytes()
    with_it = before + (scratch / "ca.pem").read_bytes()
    if unfolded:
        shutil.rmtree(f"{bundle}.d")
        bundle.write_bytes(with_it)
        unfold(bundle)
    bundle.write_bytes(with_it if bundled else before)
    return package
