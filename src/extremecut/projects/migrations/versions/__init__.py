"""One module per step; never changed once published."""
