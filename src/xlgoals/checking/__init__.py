"""What is said of a form once its cells are read: every check of one cell and of several."""
