"""What the portal keeps of persons: where, how they get a copy of it, and how it is forgotten."""

from nss_portal.core.privacy.forgetting import Forgotten, forget
from nss_portal.core.privacy.personal import Person, Personal, all_personal, without_persons
from nss_portal.core.privacy.telling import told

__all__ = ["Forgotten", "Person", "Personal", "all_personal", "forget", "told", "without_persons"]
