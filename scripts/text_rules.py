#!/usr/bin/env python3
"""Checks the language of documents and comments: short sentences, a small list of words, the size of the README.

  text_rules.py [ROOT]     the source tree; the folder above this file by default

Prints FILE:LINE: MESSAGE for what breaks a rule and ends with 1. CONTRIBUTING.md states the rules.
"""
import re
import sys
from pathlib import Path

MOST_WORDS = 25  # of a sentence
COMMENT_COLUMNS = 110  # as the code of .clang-format
README_LINES, README_WORDS, README_COLUMNS = 130, 1500, 97
DECISION_WORDS = 120
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md"]
MADE_BY_PROGRAM = {"docs/results-schema.md"}

# Folders whose comments keep the rules, and what in them does not: NumPy's programs, seeds, and the rules themselves.
COMMENTS = ["support", "core", "backends", "experiments", "bench", "tests", "cmake", "scripts"]
LEFT_OUT = ["tests/reference", "tests/fuzz/seeds", "scripts/text_rules.py", "tests/scripts/test_text_rules.py"]

# What is said otherwise, and how. Documents, comments, help and messages.
WORDS = {
    r"\bmends?\b|\bmended\b": "fix",
    r"\bprecise enough\b": "precision reached",
    r"\bof which the\b": "two sentences",
    r"\bRIGHT\b": "correct",
    r"\bshares? of (?:the|what|this|its)\b": "fraction of",
    r"\bcut-over\b": "parallel threshold",
    r"\bbehind one's back\b|\bof one's own\b": "your own",
    r"\bone likes\b": "name the reader: you",
    r"\bwhatever\b": "for any ..., or: always",
    r"\bnot to say\b": "does not mean",
    r"\bheld against\b|\bheld to\b": "compared with",
    r"\bby (?:\w+'s|its) own doing\b": "because of",
}
MARKER = {".cpp": "//", ".h": "//", ".cmake": "#", ".txt": "#", ".sh": "#", ".py": "#", "": "#"}


def plain(text):
    """Text without markup: a link is its words, code is one word, and an ellipsis ends no sentence."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"`[^`]*`", "CODE", text)
    return re.sub(r"\.\.\.|\b(e\.g|i\.e|vs)\.", "…", text)


def paragraphs_of_document(lines):
    """(line number, text) of each paragraph, list item and cell of a table."""
    start, text, in_code = 0, "", False
    for number, line in enumerate(lines + [""], 1):
        fence = line.lstrip().startswith("```")
        quoted = in_code or (not text and line.startswith("    "))
        single = fence or quoted or not line.strip() or line.lstrip().startswith(("#", "|", "<"))
        if single or re.match(r"\s*([-*]|\d+\.) ", line):
            if text:
                yield start, text
            start, text = number, ""
        if fence:
            in_code = not in_code
        elif line.lstrip().startswith("|") and not quoted:
            for cell in re.sub(r"`[^`]*`", "CODE", line).split("|"):
                yield number, cell.strip()
        elif not single:
            start = start if text else number
            text += " " + re.sub(r"^\s*([-*]|\d+\.) ", "", line).strip()


def paragraphs_of_comments(lines, marker):
    """(line number, text) of each comment. A comment behind code and an indented line are each one of their own."""
    start, text, was_indented = 0, "", False
    for number, line in enumerate(lines + [""], 1):
        whole = None if line.startswith("#!") else re.match(rf"\s*{marker}[/<!]* ?(.*)", line)
        behind = None if whole else re.search(rf"\s{marker}[/<]*\s+(.*)", line)
        words = whole.group(1) if whole else ""
        indented = re.match(r"\s{2,}|.*\S {3,}\S", words)
        if not words.strip() or indented or was_indented or re.match(r"(\s*[-*] |\d+\. )", words):
            if text:
                yield start, text
            start, text = number, ""
            words = re.sub(r"^\s*([-*]|\d+\.) ", "", words) if not re.match(r"\s{5,}", words) else ""
        was_indented = bool(indented)
        if behind:
            yield number, behind.group(1)
        if words.strip():
            start = start if text else number
            text += " " + words.strip()


def long_sentences(paragraphs):
    for number, text in paragraphs:
        for sentence in re.split(r"(?<=[.!?])[\"')*]*\s+", plain(text)):
            words = [word for word in sentence.split() if re.search(r"\w", word)]
            if len(words) > MOST_WORDS:
                yield number, f"a sentence of {len(words)} words: {' '.join(words[:8])} ..."


def wide_comments(lines):
    for number, line in enumerate(lines, 1):
        if len(line) > COMMENT_COLUMNS and line.lstrip().startswith("//"):
            yield number, f"a comment of {len(line)} columns, more than {COMMENT_COLUMNS}"


def listed_words(lines):
    for number, line in enumerate(lines, 1):
        for pattern, instead in WORDS.items():
            if found := re.search(pattern, line):
                yield number, f'"{found.group()}": {instead}'


def readme_size(lines):
    words = sum(len(line.split()) for line in lines)
    if len(lines) > README_LINES:
        yield len(lines), f"{len(lines)} lines, more than {README_LINES}"
    if words > README_WORDS:
        yield len(lines), f"{words} words, more than {README_WORDS}"
    for number, line in enumerate(lines, 1):
        shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
        if len(shown) > README_COLUMNS:
            yield number, f"{len(shown)} columns, more than {README_COLUMNS}"


def long_decisions(lines):
    """Each decision, a heading of three #, in at most 120 words."""
    start, words = 0, 0
    for number, line in enumerate(lines + ["#"], 1):
        if not line.startswith("#"):
            words += len(line.split())
            continue
        if start and words > DECISION_WORDS:
            yield start, f"{words} words, more than {DECISION_WORDS}"
        start, words = (number, 0) if line.startswith("### ") else (0, 0)


def quoted_code(root, lines):
    """docs/notebooks.md quotes lines of code as | cell | `FILE` | `LINE` |: FILE must have LINE."""
    for number, line in enumerate(lines, 1):
        row = re.fullmatch(r"\|.*\| `([\w/.]+)` \| `(.*)` \|", line)
        if row and not (root / row.group(1)).is_file():
            yield number, f"no file {row.group(1)}"
        elif row and row.group(2) not in (root / row.group(1)).read_text(errors="replace"):
            yield number, f"{row.group(1)} has no line `{row.group(2)}`"


def version_of(root, lines):
    """CHANGELOG.md begins with the version of CMakeLists.txt, the only place that states it."""
    version = re.search(r"project\(mlpbench VERSION ([\d.]+)", (root / "CMakeLists.txt").read_text()).group(1)
    number, newest = next((n, line[3:]) for n, line in enumerate(lines, 1) if line.startswith("## "))
    if newest.split()[0] != version:
        yield number, f"the version is {version} (CMakeLists.txt)"


def broken_links(root, path, lines):
    for number, line in enumerate(lines, 1):
        for target in re.findall(r"\]\(([^)#\s]+)", line):
            if "://" not in target and not (path.parent / target).exists():
                yield number, f"no file {target}"


def check(root):
    problems = []

    def report(path, found):
        problems.extend(f"{path.relative_to(root)}:{number}: {message}" for number, message in found)

    for path in sorted(path for pattern in DOCUMENTS for path in root.glob(pattern)):
        lines, name = path.read_text(errors="replace").splitlines(), str(path.relative_to(root))
        report(path, broken_links(root, path, lines))
        if name in MADE_BY_PROGRAM:
            continue
        report(path, long_sentences(paragraphs_of_document(lines)))
        report(path, listed_words(lines))
        if name == "README.md":
            report(path, readme_size(lines))
        if name == "CHANGELOG.md":
            report(path, version_of(root, lines))
        if name == "docs/decisions.md":
            report(path, long_decisions(lines))
        if name == "docs/notebooks.md":
            report(path, quoted_code(root, lines))
    for folder in COMMENTS:
        for path in sorted((root / folder).rglob("*")):
            name = str(path.relative_to(root))
            if path.suffix not in MARKER or not path.is_file() or name.startswith(tuple(LEFT_OUT)):
                continue
            lines = path.read_text(errors="replace").splitlines()
            report(path, long_sentences(paragraphs_of_comments(lines, MARKER[path.suffix])))
            report(path, listed_words(lines))
            report(path, wide_comments(lines))
    return problems


if __name__ == "__main__":
    all_problems = check(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve())
    print("\n".join(all_problems), end="\n" if all_problems else "")
    sys.exit(1 if all_problems else 0)
