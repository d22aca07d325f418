"""Masks as files: PNG, label images, overlays, polygons, COCO; and lists of points.

Every format is a sheet: objects of one image are added one after the other, in order, and the
whole is then turned into the bytes of one file. A sheet keeps what the file needs and no masks,
so that hundreds of objects of a large image fit.
"""
