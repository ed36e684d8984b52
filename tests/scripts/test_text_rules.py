"""scripts/text_rules.py on a small tree: what keeps the rules passes, and each rule is seen to fail.

  test_text_rules.py SCRIPTS     the folder of the script
"""
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import text_rules  # noqa: E402

LONG = "one two three four five six seven eight nine ten " * 2 + "a b c d e f."
SHORT = "One two three. " * 20 + "A `code with many many many many many many words` counts once, e.g. as here."
GOOD = {
    "CMakeLists.txt": "project(mlpbench VERSION 1.2.3 DESCRIPTION x)\n",
    "CHANGELOG.md": "# Changelog\n\n## 1.2.3\n\nNew.\n",
    "README.md": "# x\n\n" + SHORT[:90] + "\n\n[a link](docs/notebooks.md) and [another](https://example.org/none)\n",
    "docs/notebooks.md": "| cell | file | line |\n|---|---|---|\n| `x` | `core/a.h` | `int a = 1;` |\n",
    "docs/decisions.md": "# Decisions\n\n## Topic\n\n### One\n\n" + "A b c d.\n" * 30 + "\n### Two\n\n" + "A b c d.\n" * 30,
    "core/a.h": "/// Short. " + "Words.\n/// " * 30 + "\nint a = 1;  // and one behind\n",
}
# What is changed, and what must then be said of which file and line.
BAD = [
    ("README.md", "# x\n\n" + LONG + "\n", "README.md:3: a sentence of 26 words"),
    ("README.md", "# x\n\n- " + LONG[:40] + "\n  " + LONG[40:] + "\n", "README.md:3: a sentence of 26 words"),
    ("README.md", "# x\n\n| a | " + LONG + " |\n", "README.md:3: a sentence of 26 words"),
    ("README.md", "x\n" * 131, "README.md:131: 131 lines, more than 130"),
    ("README.md", ("x " * 12 + "\n") * 126, "README.md:126: 1512 words, more than 1500"),
    ("README.md", "x\n\n```\n" + "x" * 98 + "\n```\n", "README.md:4: 98 columns, more than 97"),
    ("README.md", "[a](docs/none.md)\n", "README.md:1: no file docs/none.md"),
    ("README.md", "It is precise enough.\n", 'README.md:1: "precise enough": precision reached'),
    ("README.md", "To be mended.\n", 'README.md:1: "mended": fix'),
    ("CHANGELOG.md", "# Changelog\n\n## 1.2.2\n", "CHANGELOG.md:3: the version is 1.2.3"),
    ("docs/notebooks.md", "| `x` | `core/a.h` | `int b = 1;` |\n", "docs/notebooks.md:1: core/a.h has no line `int b = 1;`"),
    ("docs/notebooks.md", "| `x` | `core/b.h` | `int b = 1;` |\n", "docs/notebooks.md:1: no file core/b.h"),
    ("docs/decisions.md", "### One\n\n" + "A b c d.\n" * 31, "docs/decisions.md:1: 124 words, more than 120"),
    ("core/a.h", "int a = 1;\n/// " + LONG[:40] + "\n/// " + LONG[40:] + "\n", "core/a.h:2: a sentence of 26 words"),
    ("core/a.h", "int a = 1;  ///< " + LONG + "\n", "core/a.h:1: a sentence of 26 words"),
    ("core/a.h", "int a = 1;\n  /// " + "x" * 105 + "\n", "core/a.h:2: a comment of 111 columns, more than 110"),
    ("core/CMakeLists.txt", "# " + LONG + "\n", "core/CMakeLists.txt:1: a sentence of 26 words"),
]
text_rules.COMMENTS = ["core"]


def check(files):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in files.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(text)
        return text_rules.check(root)


problems = check(GOOD)
assert not problems, problems
for name, text, message in BAD:
    problems = [problem for problem in check({**GOOD, name: text}) if problem.startswith(f"{name}:")]
    assert any(problem.startswith(message) for problem in problems), (name, message, problems)
print(f"{len(BAD)} rules were seen to fail")
