# SPDX-License-Identifier: GPL-2.0
"""The mutants: patches, each with what it breaks and what must notice."""
import dataclasses
import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[3]
DRIVER = "drivers/net/hyperv/"


class Stale(Exception):
    """A patch that is of no use as it is."""


@dataclasses.dataclass
class Mutant:
    """One way to break the driver.

    kind, test: who must notice: kunit SUITE or SUITE.CASE, walk, or scenario
        NAME
    kernel: on which the scenario is run
    file: the only one that it touches, from DRIVER on
    """
    path: pathlib.Path
    breaks: str
    kind: str
    test: str
    kernel: str
    file: str

    @property
    def suite(self):
        """Of KUnit."""
        return self.test.split(".")[0]

    @property
    def name(self):
        """Of the patch, and of what is made of it."""
        return self.path.stem


def load(path):
    """Read a patch. Its first lines say what it is about."""
    text = path.read_text(encoding="utf-8")
    lines = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    files = re.findall(r"^\+\+\+ b/" + DRIVER + r"(\S+\.c)$", text,
                       re.MULTILINE)
    noticed = re.match(r"noticed by: (kunit|walk|scenario) ?(\S*)"
                       r"(?: on (\S+))?$", lines[-1]) if lines else None
    if len(lines) < 2 or not noticed or len(files) != 1:
        raise Stale(f"{path}: two lines ('# what', '# noticed by: TEST') and "
                    "one .c file of the driver are wanted")
    return Mutant(path, lines[0], noticed[1], noticed[2], noticed[3] or "6.1",
                  files[0])


def load_all(files):
    """Those that touch one of these files; without any, all."""
    mutants = [load(path) for path
               in sorted((TOP / "tests/mutants/patches").glob("*.patch"))]
    if not files:
        return mutants
    wanted = {str(pathlib.Path(file).resolve().relative_to(TOP))
              for file in files}
    return [m for m in mutants if DRIVER + m.file in wanted]


def apply(mutant):
    """The mutated text of its file."""
    source = TOP / DRIVER / mutant.file
    done = subprocess.run(
        ["patch", "--silent", "--fuzz=1", "--no-backup-if-mismatch",
         "--reject-file=-", "--output=-", str(source), str(mutant.path)],
        capture_output=True, text=True, check=False)
    if done.returncode or "\n" not in done.stdout:
        raise Stale("does not apply")
    return done.stdout
