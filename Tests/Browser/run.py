"""Runs every test_*.py beside it, the classes of tests side by side. The last line is `N passed, N failed`; a failure
leaves a picture of its page."""

import itertools
import multiprocessing
import os
import pathlib
import shutil
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PICTURES = HERE.parents[1] / ".build" / "test-results" / "browser"


class Result(unittest.TestResult):
    """One line for each test, in words."""

    def __init__(self):
        super().__init__()
        self.passed = 0
        self.pictures = 0
        self.failed = 0

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()
        self.bad = False

    def stopTest(self, test):
        super().stopTest(test)
        if not self.bad:
            self.passed += 1
            print(f"  ok    {name(test)} ({time.monotonic() - self.began:.1f} s)", flush=True)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error:
            self._fail(test, error, f"{name(test)} {subtest._subDescription()}", once=True)

    def addFailure(self, test, error):
        self._fail(test, error, name(test))

    addError = addFailure

    def _fail(self, test, error, title, once=False):
        # A test may fail at several places; it counts once. What fails before any test counts by itself.
        if not getattr(self, "bad", False) or not isinstance(test, unittest.TestCase):
            self.failed += 1
        self.bad = True
        print(f"  FAIL  {title}", flush=True)
        print("        " + self._exc_info_to_string(error, test).rstrip().replace("\n", "\n        "), flush=True)
        if hasattr(test, "browser"):
            self.pictures += 1
            picture = PICTURES / f"{test.id()}-{self.pictures:03}.png"
            try:
                test.browser.picture(picture)
                print(f"        at {test.browser.driver.current_url}, seen in {picture}", flush=True)
            except Exception as problem:
                print(f"        no picture: {problem}", flush=True)


def name(test):
    if not isinstance(test, unittest.TestCase):
        return str(test)
    page = type(test).__module__.removeprefix("test_").replace("_", " ")
    script = "with script" if getattr(test, "script", False) else "without script"
    return f"{page}, {script}: {test._testMethodName.removeprefix('test_').replace('_', ' ')}"


def tests(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from tests(each)
        else:
            yield each


def side_by_side(classes):
    """How many passed and failed. A process for each core takes one class after the other; each has browsers of its own."""
    fork = multiprocessing.get_context("fork")
    begun, passed, failed = (fork.Value("i", 0) for _ in range(3))
    workers = [
        fork.Process(target=work, args=(classes, begun, passed, failed))
        for _ in range(min(len(classes), os.cpu_count() or 1))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    # One that broke off has not counted what it ran.
    return passed.value, failed.value + sum(worker.exitcode != 0 for worker in workers)


def work(classes, begun, passed, failed):
    from browser import Browser
    result = Result()
    try:
        while True:
            with begun:
                place, begun.value = begun.value, begun.value + 1
            if place >= len(classes):
                break
            # A suite of its own ends what the class began.
            unittest.TestSuite(classes[place]).run(result)
    finally:
        # A forked process ends without what `atexit` was told.
        Browser.quit_all()
    with passed, failed:
        passed.value += result.passed
        failed.value += result.failed


def main():
    sys.path.insert(0, str(HERE))
    suite = unittest.defaultTestLoader.discover(str(HERE))
    parts = sys.argv[1:]
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    chosen = [test for test in tests(suite) if not parts or any(part in f"{test.id()} {name(test)}" for part in parts)]
    classes = [list(group) for _, group in itertools.groupby(chosen, type)]
    # Those that walk all pages take longest, so they come first.
    classes.sort(key=lambda group: "pages" not in group[0].id())
    passed, failed = side_by_side(classes)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
