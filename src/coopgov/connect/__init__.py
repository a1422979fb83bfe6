"""Other forms of agreements and of what is observed about them: workbooks, and files of other systems."""
