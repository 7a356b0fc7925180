"""Moments as this portal writes them in Dutch: 3 maart 2027, 14.00. The rest is Django's own."""

DATETIME_FORMAT = "j F Y, H.i"
SHORT_DATETIME_FORMAT = "j b Y, H.i"
