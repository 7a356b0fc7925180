"""The shared cache of the suite: emptying it takes away the keys of this process alone."""

from nss_portal.core.cache import SharedCache


class OwnKeys(SharedCache):
    """As in production, but `clear` leaves what other processes of the suite, or a broker, keep there."""

    def clear(self) -> None:
        """Delete every key under this process's prefix."""
        client = self._cache.get_client(None, write=True)
        for key in client.scan_iter(match=f"{self.key_prefix}:*", count=1000):
            client.delete(key)
