"""For test suites of rule authors and of host applications."""
