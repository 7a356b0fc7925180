"""Files of emission figures as their sources publish them, read row by row."""
