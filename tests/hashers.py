"""The portal's own way of hashing passwords, with the least work: what makes it slow is tested by its library."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 at its cheapest."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
