"""Runs every test_*.py beside it. The last line is `N passed, N failed`; a failure leaves a picture of its page."""

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
            picture = PICTURES / f"{self.pictures:03}-{test.id()}.png"
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


def main():
    sys.path.insert(0, str(HERE))
    suite = unittest.defaultTestLoader.discover(str(HERE))
    parts = sys.argv[1:]
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    chosen = [test for test in tests(suite) if not parts or any(part in f"{test.id()} {name(test)}" for part in parts)]
    result = Result()
    # A suite of its own ends what a class began when the next class comes.
    unittest.TestSuite(chosen).run(result)
    print(f"{result.passed} passed, {result.failed} failed")
    return 1 if result.failed or not result.passed else 0


if __name__ == "__main__":
    sys.exit(main())
