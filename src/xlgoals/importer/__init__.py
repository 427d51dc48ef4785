"""Cells → typed forms and findings. It knows layouts and plans, but no file format."""
