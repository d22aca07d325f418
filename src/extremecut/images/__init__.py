"""The one loading function: whatever a caller calls an image becomes (H, W, 3) uint8 RGB.

What is decided here, once:

- Orientation: a file's or PIL image's EXIF orientation is applied, here and nowhere else. All
  points, masks and sizes of this package refer to the upright picture.
- Transparency is laid over white.
- Anything deeper than 8 bits (16-bit, 32-bit, float) is scaled so that its 0.5th percentile
  becomes 0 and its 99.5th 255, one pair for all channels; NaN becomes 0. Deep images with more
  than 4 million pixels are measured on a regular grid of about as many. Only colour in JPEG 2000,
  AVIF and CMYK files is brought to 8 bits by the decoder, its full range kept.
- Animated files: the first frame. A PIL image: the frame it stands at.
- Colour profiles are ignored. CMYK and other colour models go through Pillow's conversion.
- A truncated file is refused, never half used. Up to `MAX_PIXELS` pixels are read.
"""

from __future__ import annotations

from extremecut.images.image_files import MAX_PIXELS as MAX_PIXELS
from extremecut.images.image_files import image_size_hw as image_size_hw
from extremecut.images.load import load_image as load_image
