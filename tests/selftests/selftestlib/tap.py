# SPDX-License-Identifier: GPL-2.0
"""What a selftest says of itself: TAP, behind its name."""
import re

LINE = re.compile(r"TAP (\S+) (.*)")
CASE = re.compile(r"(not )?ok \d+ (\S+)(?: # (SKIP|XFAIL) ?(.*))?$")


def outcome(match):
    """(what became of a case, why)"""
    if match[3]:
        return match[3].lower(), match[4]
    return ("fail", "") if match[1] else ("pass", "")


def read(lines):
    """{(test, case): (what became of it, why)}, in their order. A test that
    says nothing of any case has failed. What it says ahead of a failure is why."""
    cases, said = {}, ""
    for match in filter(None, map(LINE.match, lines)):
        test, text = match[1], match[2]
        case = CASE.match(text)
        if case:
            name = case[2].removeprefix(test.split("/")[-1][:-3] + ".")
            what, why = outcome(case)
            cases[test, name] = what, why or (said if what == "fail" else "")
            said = ""
        elif text == "hangs":
            cases[test, "(the rest)"] = "hangs", "whoever waits cannot be killed"
        elif text.startswith("exit status"):
            if not any(each == test for each, _ in cases):
                cases[test, "(all)"] = "fail", said or text
            said = ""
        elif not text.startswith("# Totals"):
            # The last line of an exception says what it was.
            said = text.removeprefix("# ").removeprefix("Exception| ").strip() \
                or said
    return cases
