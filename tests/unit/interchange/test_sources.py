from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from extremecut.errors import DataError
from extremecut.interchange import sources
from extremecut.interchange.sources import open_source


def archive(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return path


def test_a_folder_a_file_and_an_archive_read_alike(tmp_path: Path) -> None:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "sub" / "A.PNG").write_bytes(b"png")
    (tmp_path / "in" / ".hidden.png").write_bytes(b"")
    (tmp_path / "in" / "b.txt").write_bytes(b"text")
    packed = archive(
        tmp_path / "in.zip",
        **{"sub/A.PNG": b"png", "b.txt": b"text", "__MACOSX/sub/A.PNG": b"", ".x/c.png": b""},
    )
    for source in (open_source(tmp_path / "in"), open_source(packed)):
        assert source.names == ("b.txt", "sub/A.PNG")
        assert source.ending(".png") == ["sub/A.PNG"]
        assert source.read("sub/A.PNG") == b"png"
        assert "A.PNG" in source.where("sub/A.PNG")
    single = open_source(tmp_path / "in" / "b.txt")
    assert single.names == ("b.txt",) and single.read("b.txt") == b"text"


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").symlink_to(tmp_path / "secret")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.txt")
    assert open_source(folder).names == ()
    with pytest.raises(DataError, match="neither a file nor a folder"):
        open_source(folder / "pipe.txt")


def test_files_beyond_the_limits_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(11))
    packed = archive(tmp_path / "a.zip", **{"a.txt": bytes(11), "b.txt": bytes(11)})
    for path in (tmp_path, packed):
        source = open_source(path)
        assert len(source.read("a.txt", limit=11)) == 11
        with pytest.raises(DataError, match=r"a.txt has more than 0 MB"):
            source.read("a.txt", limit=10)
    monkeypatch.setattr(sources, "MAX_TOTAL_BYTES", 21)
    with pytest.raises(DataError, match=r"a.zip would unpack to"):
        open_source(packed)
    monkeypatch.setattr(sources, "MAX_FILES", 1)
    for path in (tmp_path, packed):
        with pytest.raises(DataError, match="more than 1 files"):
            open_source(path)


def test_an_archive_that_lies_about_sizes_gives_no_more_than_it_says(tmp_path: Path) -> None:
    packed = archive(tmp_path / "a.zip", **{"a.txt": bytes(1 << 20)})
    data = packed.read_bytes()
    true_size, small = (1 << 20).to_bytes(4, "little"), (7).to_bytes(4, "little")
    assert data.count(true_size) == 2
    packed.write_bytes(data.replace(true_size, small))
    with pytest.raises(DataError, match=r"a.txt cannot be unpacked"):
        open_source(packed).read("a.txt")


@pytest.mark.parametrize("name", ["../a.txt", "/a.txt", "x/../../a.txt", "..\\a.txt", "\\a.txt"])
def test_names_that_lead_out_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="leads out of the archive"):
        open_source(archive(tmp_path / "a.zip", **{name: b""}))


def test_rare_and_damaged_packing_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_BZIP2) as target:
        target.writestr("a.txt", bytes(100))
    with pytest.raises(DataError, match="packed in a rare way"):
        open_source(tmp_path / "a.zip").read("a.txt")
    data = archive(tmp_path / "b.zip", **{"a.txt": os.urandom(100)}).read_bytes()
    (tmp_path / "b.zip").write_bytes(data[:50] + bytes([data[50] ^ 255]) + data[51:])
    with pytest.raises(DataError, match=r"a.txt cannot be unpacked"):
        open_source(tmp_path / "b.zip").read("a.txt")
    (tmp_path / "b.zip").write_bytes(data[:60])
    with pytest.raises(DataError, match="is no ZIP archive, or damaged"):
        open_source(tmp_path / "b.zip")


def test_nothing_and_a_file_that_went_are_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot read .*missing: No such file"):
        open_source(tmp_path / "missing")
    (tmp_path / "a.txt").write_text("a")
    source = open_source(tmp_path)
    (tmp_path / "a.txt").unlink()
    with pytest.raises(DataError, match=r"cannot read .*a.txt: No such file"):
        source.read("a.txt")
    with pytest.raises(DataError, match="cannot read"):
        open_source(Path("a\0b"))


def test_names_in_utf_8_are_read_also_where_the_archive_does_not_mark_them(tmp_path: Path) -> None:
    name, in_dos = "sub/café.png", "sub/Ä.png"
    packed = archive(tmp_path / "in.zip", **{name: b"png", in_dos: b"dos"})
    data = packed.read_bytes()
    for each, unmarked in ((name, name.encode()), (in_dos, b"sub/\x8e\x8e.png")):
        assert len(unmarked) == len(each.encode())
        data = data.replace(each.encode(), unmarked)
    for start, place in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):  # the mark is bit 11
        parts = data.split(start)
        for number, part in enumerate(parts[1:], start=1):
            at = place - len(start)
            assert part[at] == 8
            parts[number] = part[:at] + b"\0" + part[at + 1 :]
        data = start.join(parts)
    packed.write_bytes(data)
    source = open_source(packed)
    assert source.names == (name, "sub/ÄÄ.png")
    assert [source.read(each) for each in source.names] == [b"png", b"dos"]
