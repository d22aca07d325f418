"""What kind of file system a path lies on: databases and network drives do not get on."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

NETWORK_TYPES = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "9p",
        "ceph",
        "lustre",
        "glusterfs",
        "beegfs",
        "gpfs",
        "ocfs2",
        "gfs2",
        "davfs",
        "vboxsf",
        "orangefs",
        "fuse.sshfs",
        "fuse.glusterfs",
        "fuse.ceph",
        "fuse.s3fs",
        "fuse.rclone",
        "fuse.davfs2",
        "fuse.gcsfuse",
        "fuse.vmhgfs-fuse",
        "fuse.smbnetfs",
        "fuse.gvfsd-fuse",
        "fuse.juicefs",
        "fuse.curlftpfs",
    ]
)
"""File system types that several computers may write to at once."""

_MOUNTS = Path("/proc/self/mountinfo")


def file_system_type(path: Path) -> str | None:
    """The type as the kernel calls it, such as "ext4" or "nfs4"; None where it cannot be told.

    Args:
        path: absolute; need not exist.
    """
    if os.name == "nt":  # \\server\share
        return "smb" if path.drive.startswith("\\\\") else None
    try:
        mounts = _MOUNTS.read_text(errors="replace")
    except OSError:
        return None
    return type_in_mounts(path.resolve().as_posix(), mounts)


def type_in_mounts(path: str, mounts: str) -> str | None:
    """The type of the mount that holds `path`, from the text of /proc/self/mountinfo."""
    best: tuple[int, str] | None = None
    for line in mounts.splitlines():
        mount, _, rest = line.partition(" - ")
        fields = mount.split(" ")
        if len(fields) < 5 or not rest:
            continue
        # Spaces and the like are written as octal numbers.
        point = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), fields[4])
        # Of two mounts on one folder the later one lies on top.
        if PurePosixPath(path).is_relative_to(point) and (best is None or len(point) >= best[0]):
            best = (len(point), rest.split(" ")[0])
    return best[1] if best else None


def is_network(path: Path) -> str | None:
    """The file system's type if other computers may write to it, else None."""
    kind = file_system_type(path)
    return kind if kind in NETWORK_TYPES else None
