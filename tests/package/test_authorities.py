"""The directory of CAs is botocore's bundle, as OpenSSL would have named it, and is what counts."""

import re
import shutil
import ssl
from pathlib import Path

import trustme
from OpenSSL.crypto import FILETYPE_PEM, load_certificate

from tests.kit.builders import arguments
from tests.kit.cognito import Cognito, served
from tests.kit.runtime import ask, deployed
from tools.benchmarks.candidates import BUNDLE, trust
from tools.packager.authorities import unfold

NAME = f"  \u00c9\u2003 x\t  {'y' * 300} "


def test_it_holds_each_certificate_once_and_as_openssl_names_it(
    built_package: Path, tmp_path: Path
) -> None:
    """As would a later one: two of one subject, which is long, with spaces, and not in ASCII."""
    later = tmp_path / "bundle.pem"
    for _ in range(2):
        its = trustme.CA(organization_name=NAME, organization_unit_name="Z" * 128)
        its.cert_pem.write_to_path(str(later), append=True)
    unfold(later)
    for bundle, least in {built_package / BUNDLE: 100, later: 2}.items():
        pems = re.findall(r"-----BEGIN C[^-]+-----[^-]+-----END C[^-]+-----\n", bundle.read_text())
        files = {file.name: file.read_text() for file in Path(f"{bundle}.d").iterdir()}
        assert len(pems) >= least
        assert sorted(files.values()) == sorted(pems)
        for name, pem in files.items():
            stem, _, number = name.partition(".")
            hashed = load_certificate(FILETYPE_PEM, pem.encode()).subject_name_hash()
            assert stem == f"{hashed:08x}"
            # OpenSSL looks for one after the other.
            assert number == "0" or f"{stem}.{int(number) - 1}" in files


def test_a_server_is_trusted_if_the_directory_has_its_ca(
    built_package: Path, tmp_path: Path
) -> None:
    """Whatever the bundle has."""
    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    in_neither, in_bundle, in_directory = built_package, tmp_path / "bundle", tmp_path / "directory"
    for package in (in_bundle, in_directory):
        shutil.copytree(built_package, package)
    authority.cert_pem.write_to_path(str(in_bundle / BUNDLE), append=True)
    trust(in_directory, authority.cert_pem.bytes())
    shutil.copyfile(built_package / BUNDLE, in_directory / BUNDLE)

    with served(Cognito(), context) as url:
        for package in (in_neither, in_bundle, in_directory):
            with deployed(package, url.replace("http:", "https:")) as environment:
                expected = None if package is in_directory else "ServiceUnavailable"
                assert ask(environment, arguments()).code == expected
