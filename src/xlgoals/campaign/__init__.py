"""One year's collection: its file, and the workbooks that start it."""
