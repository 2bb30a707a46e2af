"""The links between Markdown files."""

from __future__ import annotations

import re
from pathlib import Path


def _anchors(text: str) -> set[str]:
    """The names that the headings have on GitHub."""
    headings = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def broken(root: Path) -> list[str]:
    """The relative links in a folder that lead nowhere, or out of it."""
    found = []
    for file in sorted(root.rglob("*.md")):
        for link in re.findall(r"\]\(([^)\s]+)\)", file.read_text()):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (file.parent / path).resolve() if path else file
            if not target.exists() or not target.is_relative_to(root.resolve()):
                found.append(f"{file.relative_to(root)}: {link}")
            elif anchor and target.suffix == ".md" and anchor not in _anchors(target.read_text()):
                found.append(f"{file.relative_to(root)}: {link}")
    return found
