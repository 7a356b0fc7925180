"""All writes of governance; views, commands and loaders call these and nothing else."""


class Refused(Exception):
    """What was asked cannot be done as things stand; the text is for people and says what to do."""
