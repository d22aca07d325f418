"""The annotator's project: a folder of photos and a database of the objects on them.

`extremecut.projects.project.Project` is the one class others use; what it returns is in
`extremecut.projects.records`. Photos are only ever read.
"""
