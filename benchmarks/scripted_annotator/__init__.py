"""A scripted annotator against scripted polygon drawing: actions and seconds an object."""
