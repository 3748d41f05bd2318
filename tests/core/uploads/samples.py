"""Files as people hand them in, good and bad, made in memory."""

from __future__ import annotations

import io
import random
import zipfile
import zlib

from PIL import Image

HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
SHANGHAI_GPS = {1: "N", 2: (34.0, 1.0, 30.0), 3: "E", 4: (113.0, 50.0, 0.0)}


def photo(width: int = 800, height: int = 600, *, form: str = "JPEG", upright: int = 1) -> bytes:
    """A noisy photograph with EXIF, position and a comment, as a phone makes it."""
    noise = Image.frombytes("RGB", (200, 150), random.Random(1).randbytes(200 * 150 * 3))
    picture = noise.resize((width, height))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = upright, "PhoneMaker"
    exif.get_ifd(0x8825).update(SHANGHAI_GPS)
    out = io.BytesIO()
    more = {"comment": b"secret words"} if form == "JPEG" else {}
    picture.save(out, form, exif=exif.tobytes(), **more)
    return out.getvalue()


def plain(form: str, mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, form)
    return out.getvalue()


def portable(body: bytes = b"<< /Type /Catalog >>") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + body + b"\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def hidden(objects: bytes, dictionary: bytes = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode") -> bytes:
    """Objects in a compressed object stream."""
    return portable(b"<< " + dictionary + b" >>\nstream\r\n" + zlib.compress(objects) + b"\nendstream")


def office(main: str = "word/document.xml", relations: str = "", **parts: bytes) -> bytes:
    """A docx or xlsx with relations of its main part and further members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr(main, b"<document/>")
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{relations}</Relationships>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def relation(kind: str, target: str = "https://example.invalid/x", mode: str = "External") -> str:
    return f'<Relationship Id="r1" Type="{kind}" Target="{target}" TargetMode="{mode}"/>'
