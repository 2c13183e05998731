# SPDX-License-Identifier: GPL-2.0
"""Modules of the driver and one suite, mutated or not.

All of them are built at once, from one directory: a file that no mutant
touches is compiled once for all. The kernel is the lab's debug kernel, which
has KUnit, but not the driver.
"""
import fcntl
import os
import pathlib
import re
import shutil
import subprocess

from .patches import TOP, DRIVER

CACHE = pathlib.Path(os.environ.get("LAB_CACHE") or
                     pathlib.Path.home() / ".cache/hv-netvsc-lab")
SOURCE = CACHE / "mutants/source"
KERNEL = CACHE / "kunit"

# Objects that are in several modules have none of their names.
MODNAME = """\
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "hv_netvsc"
"""


class BuildError(Exception):
    """make failed, and not because of a mutant."""


def alone():
    """One run at a time: until the file that this returns is closed."""
    SOURCE.mkdir(parents=True, exist_ok=True)
    lock = open(CACHE / "mutants/.lock", "w", encoding="utf-8")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def control(suite):
    """The module of a suite with the driver as it is."""
    return f"control_{suite}"


def module(mutant):
    """The module of a mutant."""
    return "mutant_" + mutant.name.replace("-", "_")


def write(path, text):
    """Leave a file that has not changed its date."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def copy(source, to):
    """A directory or a file, likewise."""
    SOURCE.mkdir(parents=True, exist_ok=True)
    subprocess.run(["rsync", "-rlc", "--exclude=*.o", "--exclude=.*.cmd",
                    source, to], check=True)


def flags():
    """As import-to-kernel does for a tree that needs include/compat."""
    probe = subprocess.run(["sh", TOP / "scripts/compat-probe",
                            KERNEL / "linux"],
                           capture_output=True, text=True, check=True).stdout
    write(SOURCE / "compat/compat-generated.h", probe)
    write(SOURCE / "modname.h", MODNAME)
    words = ["-I$(src)", "-I$(src)/compat",
             "-include $(src)/compat/compat.h",
             "-idirafter $(src)/compat/headers",
             "-include $(src)/modname.h"]
    return " ".join(words)


def driver_objects():
    """What the driver's Makefile has, but for main.o."""
    text = (TOP / DRIVER / "Makefile").read_text(encoding="utf-8")
    return [word for line in re.findall(r"^hv_netvsc-y .?= (.*)", text,
                                        re.MULTILINE)
            for word in line.split() if word != "main.o"]


def mutated(mutant):
    """Next to the original, for what it includes."""
    return mutant.file[:-2] + f".{module(mutant)}.c"


def makefile(suites, mutants):
    """All modules, out of objects that they share."""
    base = driver_objects()
    common = ["glue.o"] + [f"tests/{path.stem}.o" for path in
                           sorted((TOP / "tests/kunit").glob("fake_*.c"))]
    lines = ["ccflags-y := " + flags()]

    def one(name, suite, objects):
        lines.append(f"obj-m += {name}.o")
        lines.append(f"{name}-y := " + " ".join(
            objects + common + [f"tests/{suite}_kunit.o"]))

    for suite in suites:
        one(control(suite), suite, base)
    for mutant in mutants:
        one(module(mutant), mutant.suite,
            [mutated(mutant)[:-2] + ".o" if word == mutant.file[:-2] + ".o"
             else word for word in base])
    write(SOURCE / "Kbuild", "\n".join(lines) + "\n")


def make():
    """Return: the log if it failed."""
    log = CACHE / "mutants/build.log"
    with open(log, "w", encoding="utf-8") as out:
        done = subprocess.run(
            ["flock", KERNEL / ".lock", "nice", "make", "-k",
             f"-j{os.cpu_count()}", "-C", KERNEL / "out", f"M={SOURCE}",
             "modules"], stdout=out, stderr=subprocess.STDOUT, check=False)
    return log.read_text(encoding="utf-8") if done.returncode else None


def prepare():
    """The sources as they are; nothing of earlier mutants."""
    kernel = subprocess.run([TOP / "tests/kunit/build-kernel", "lab"],
                            stdout=subprocess.PIPE, text=True, check=True)
    copy(f"{TOP / DRIVER}/", SOURCE)
    copy(f"{TOP / 'tests/kunit'}/", SOURCE / "tests")
    copy(f"{TOP / 'include/compat'}/", SOURCE / "compat")
    copy(TOP / "tests/mutants/glue.c", SOURCE)
    return pathlib.Path(kernel.stdout.splitlines()[-1])


def build(suites, mutants, texts):
    """Build all. Return: the mutants that do not compile, taken out."""
    bad = []
    for path in SOURCE.rglob("*.mutant_*.c"):
        if path not in {SOURCE / mutated(m) for m in mutants}:
            path.unlink()
    for mutant in mutants:
        write(SOURCE / mutated(mutant), texts[mutant.name])
    makefile(suites, mutants)
    log = make()
    if log:
        bad = [m for m in mutants
               if re.search(rf"\.{module(m)}\.(c:.*error|o\b.*Error)", log)]
        if not bad:
            raise BuildError(f"see {CACHE / 'mutants/build.log'}")
        good = [m for m in mutants if m not in bad]
        bad += build(suites, good, texts)
    return bad


def disk(name, test, path):
    """A disk with the module behind its first MiB, and what to run of it."""
    stage = path.with_suffix(".dir")
    stage.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCE / f"{name}.ko", stage / "suite.ko")
    suite, _, case = test.partition(".")
    write(stage / "tests", f"hv_netvsc_{suite}.{case or '*'}")
    archive = path.with_suffix(".tar")
    subprocess.run(["tar", "-C", stage, "-cf", archive, "suite.ko", "tests"],
                   check=True)
    with open(path, "wb") as image:
        image.seek(1 << 20)
        image.write(archive.read_bytes())
        image.truncate(16 << 20)
    archive.unlink()
    shutil.rmtree(stage)
