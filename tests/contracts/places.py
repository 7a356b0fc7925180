"""Cities under the codes that published contracts know them by."""

from cities.models import Municipality
from tests.access.cast import make_city

PLACES = {
    "GM0363": "Amsterdam",
    "GM0599": "Rotterdam",
    "GM0772": "Eindhoven",
    "GM0794": "Helmond",
    "GM0014": "Groningen",
    "GM0344": "Utrecht",
}


def make_place(code: str, name: str) -> None:
    """Make a mission city under its true code."""
    city = make_city(name=f"Gemeente {name}")
    Municipality.objects.filter(organisation=city).update(code=code, name=name, common_name=name)
