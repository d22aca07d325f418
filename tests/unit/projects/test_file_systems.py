"""Telling network drives from disks."""

from __future__ import annotations

from pathlib import Path

import pytest

from extremecut.projects import file_systems
from extremecut.projects.file_systems import file_system_type, is_network, type_in_mounts

MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / /mnt/team rw - nfs4 server:/export rw,vers=4.2
41 22 0:36 / /mnt/our\040share rw - cifs //server/share rw
42 40 8:2 / /mnt/team/scratch rw shared:9 - xfs /dev/sdb1 rw
43 22 0:50 / /home/ann/far rw - fuse.sshfs ann@host:/ rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ann/photos", "ext4"),
        ("/mnt/team/photos", "nfs4"),
        ("/mnt/team", "nfs4"),
        ("/mnt/teamwork", "ext4"),
        ("/mnt/our share/photos", "cifs"),
        ("/mnt/team/scratch/photos", "xfs"),
        ("/home/ann/far/p.sqlite", "fuse.sshfs"),
    ],
)
def test_a_path_lies_on_the_innermost_mount(path: str, kind: str) -> None:
    assert type_in_mounts(path, MOUNTS) == kind


def test_of_two_mounts_on_one_folder_the_later_counts() -> None:
    later = "44 40 0:35 / /mnt/team rw - tmpfs tmpfs rw\n"
    assert type_in_mounts("/mnt/team/x", MOUNTS + later) == "tmpfs"


def test_without_a_list_of_mounts_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(file_systems, "_MOUNTS", tmp_path / "nothing")
    assert file_system_type(tmp_path) is None
    assert is_network(tmp_path) is None


@pytest.mark.parametrize(("kind", "far"), [("nfs4", True), ("fuse.sshfs", True), ("ext4", False)])
def test_only_network_drives_count_as_such(
    kind: str, far: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(file_systems, "file_system_type", lambda path: kind)
    assert is_network(tmp_path) == (kind if far else None)
