"""Lists phrases that make prose hard to read: persons in comments, archaic words, and riddles. See CONTRIBUTING.md.

Usage: python3 scripts/words.py [FILE ...], all tracked files by default
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KINDS = {".swift", ".c", ".h", ".py", ".sh", ".md", ".libsonnet", ".jsonnet", ".yml", ".yaml", ".json5", ".html", ".txt", ""}

# Phrases, and what to write instead.
PHRASES = {
    r"nobody|no one(?! of)|somebody|someone|whoever|whomever|whom|everybody|everyone|anybody|anyone": "name the component: the client, the printer, the caller",
    r"who (asks|wants|comes|guesses|looks|knows|may|must|reads|waits|has|is)\b": "name the component: the client, the user",
    r"for ever|anew|oftener|till|henceforth|hence|thereof|therein|whence|amiss": "the modern word: indefinitely, again, more often, until",
    r"(is|are|was|were|be) (?-i:none|ones)\b(?! of)": "say what it is: 'is not a number', 'is absent'",
    r"where (there is|there are|it is|they are|none|nothing) ": "if or when",
    r"be it\b|so be it|that be\b": "if or when",
    r"one's own": "your own, its own",
    r"stands? (for|in|at|by|behind|beside) (itself|themselves)": "is",
    r"mend(s|ed|ing)?|befall(s|en)?|lest|whilst": "the modern word: correct, fix, happen to, so that … not",
    r"(says?|tells?|say) again|to be had|the like": "repeats, available, similar",
}
PATTERN = re.compile("|".join(rf"(?P<p{number}>\b(?:{phrase})\b)" for number, phrase in enumerate(PHRASES)), re.IGNORECASE)

# Exceptions: a part of the path, and a part of the line.
ALLOWED = [
    ("scripts/words.py", ""),
    ("Tests/Fixtures/", ""),
    ("Fuzz/corpus/", ""),
    ("LICENSE", ""),
    # A header in a test.
    ("", "Via-Nobody"),
]


def is_allowed(path: str, line: str) -> bool:
    return any(part in path and phrase in line for part, phrase in ALLOWED)


def prose(path: Path, line: str) -> str:
    """The comment and the strings of a line of code, or the whole line of other files."""
    if path.suffix not in {".swift", ".c", ".h"}:
        return line
    comment = line.split("//", 1)[1] if "//" in line else ""
    return " ".join([comment, *re.findall(r'"([^"]*)"', line), *re.findall(r"func `([^`]*)`", line)])


def main() -> int:
    names = sys.argv[1:] or subprocess.run(
        ["git", "-C", ROOT, "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines()
    found = 0
    for name in names:
        path = ROOT / name
        if path.suffix not in KINDS or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            match = PATTERN.search(prose(path, line))
            if match and not is_allowed(name, line):
                advice = list(PHRASES.values())[int(match.lastgroup[1:])]
                print(f"{name}:{number}: \"{match.group()}\": {advice}")
                found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
