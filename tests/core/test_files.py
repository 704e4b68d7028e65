"""Files are written whole or not at all."""

import errno
import os

import pytest

from macaronic.core.errors import InputError
from macaronic.core.files import atomic_write, fingerprint, sha256, write_text


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path) -> None:
    place = tmp_path / "a.txt"
    write_text(place, "old")

    def write_half() -> None:
        with atomic_write(place, "w") as file:
            file.write("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert place.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_full_disk_is_a_clear_error_and_leaves_nothing(tmp_path, monkeypatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device") as error:
        write_text(tmp_path / "a.txt", "x")
    assert error.value.exit_code == 5
    assert os.listdir(tmp_path) == []


def test_permissions_follow_the_umask(tmp_path) -> None:
    write_text(tmp_path / "a", "x")
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666 & ~mask


def test_fingerprints_agree(tmp_path) -> None:
    write_text(tmp_path / "a", "namaste")
    assert fingerprint(tmp_path / "a") == sha256("namaste") == sha256(b"namaste")
    with pytest.raises(InputError, match="cannot read"):
        fingerprint(tmp_path / "none")
