"""Pictures are drawn anew: upright, at a size for reading, without EXIF, position, comments or anything appended."""

from __future__ import annotations

import struct
import warnings
import zlib
from pathlib import Path

from PIL import Image, ImageOps

from core.uploads.kinds import HEAD, PICTURE, Kind, Refused

# So that none takes more than 150 MB: a JPEG is decoded at a fraction of its size, the others stand in memory whole and
# are copied once, a WebP more than once.
MAX_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 12_000_000, "WEBP": 8_000_000}
MAX_PROGRESSIVE = 24_000_000
LONGEST_SIDE = 1920
QUALITY = 82
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, struct.error, zlib.error)

Image.MAX_IMAGE_PIXELS = max(MAX_PIXELS.values())
warnings.simplefilter("ignore", Image.DecompressionBombWarning)


def redraw(source: Path, target: Path) -> Kind:
    """Write the picture to `target` as a plain JPEG; Refused when it cannot be read or is too large."""
    _has_no_other_face(source)
    try:
        with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as picture:
            _check_size(picture)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.load()
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
            _flat(ImageOps.exif_transpose(picture)).save(target, "JPEG", quality=QUALITY, optimize=True)
    except (MemoryError, Image.DecompressionBombError) as error:
        raise Refused("图片太大，请缩小后再传。") from error
    except _BROKEN as error:
        raise Refused("图片打不开或不完整，请重新拍照或另存为 JPG 再传。") from error
    return PICTURE


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    most = MAX_PROGRESSIVE if "progressive" in picture.info else MAX_PIXELS[picture.format or ""]
    if width * height > most:
        raise Refused(f"图片有 {width}×{height} 像素，超过 {most // 10_000} 万像素，请缩小后再传。")


def _flat(picture: Image.Image) -> Image.Image:
    """A new RGB picture on white: pixels only, nothing of what the file carried beside them."""
    clean = Image.new("RGB", picture.size, "white")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        clean.paste(seen, mask=seen.getchannel("A"))
    else:
        clean.paste(picture.convert("RGB"))
    return clean


def _has_no_other_face(source: Path) -> None:
    """A file that another program would read as something else is no photograph."""
    content = source.read_bytes()
    if b"%PDF-" in content[:HEAD] or b"PK\x05\x06" in content[-66_000:]:
        raise Refused("这个图片文件里混有其他格式的内容，请重新截图或另存为 JPG 再传。")
