"""Annotation files that other programs write and read: in and out, for whole folders of photos.

`FORMATS` (formats.py) names them; every one is a `Format` with `write`, `read` and `losses`.
What goes through is an `AnnotatedSet` (annotated.py). What each format keeps and loses, and its
pixel convention, stands in docs/formats.md.
"""
