"""The feature map in the browser: its tree, what its rules fit, its changes, and the way into stored events."""
