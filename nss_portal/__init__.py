"""The portal of the Dutch National Support Structure: the package that composes the apps.

Nothing is imported here: the supervisor lives in this package and has to start in a moment.
"""
