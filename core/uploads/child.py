"""What runs in the child process that looks at one file: limits first, then one question, one line of JSON back.

Nothing here may import Django: the process holds no database and no settings.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from core.uploads import kinds

CPU_SECONDS = 4
MEMORY = 512 * 1024 * 1024
LARGEST_FILE = 16 * 1024 * 1024


def main(source: Path, target: Path) -> None:
    """Look at `source`; a picture is written to `target`."""
    limit()
    try:
        kind = look(source, target)
        found = {"media_type": kind.media_type, "extension": kind.extension}
    except kinds.Refused as refusal:
        found = {"refusal": str(refusal)}
    sys.stdout.write(json.dumps(found))


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(source: Path, target: Path) -> kinds.Kind:
    """Each family is loaded only when it is asked for: an office file needs no picture library."""
    with source.open("rb") as opened:
        family = kinds.family_of(opened.read(kinds.HEAD))
    if family == "picture":
        from core.uploads import pictures

        return pictures.redraw(source, target)
    if family == "portable":
        from core.uploads import portable

        return portable.inspect(source)
    from core.uploads import office

    return office.inspect(source)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
