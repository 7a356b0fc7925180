"""Building a new database several times as quickly, with the same tables in the end.

Django draws anew, for each model, index and constraint that a migration adds, every model that is tied to it: here
nearly all of them, 30,000 times in all. In a new database nothing refers yet to a model that is only being added,
and an index or constraint changes nothing that others look at, so the model itself is enough.
`tests/proof/proof_migrating.py` holds the outcome against Django's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db.migrations.state import ModelState, ProjectState


def _add_model(self: Any, model_state: ModelState) -> None:
    """Add a model, and draw it alone where models have been drawn."""
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    if self._relations is not None:
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:
        if key[1] in self.apps.all_models[key[0]]:
            self.reload_model(*key)
        else:
            self.apps.render_multiple([model_state])


def _append_option(self: Any, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    """Add an index or a constraint, to the model that is drawn too."""
    options = self.models[app_label, model_name].options
    options[option_name] = [*options[option_name], obj]
    if "apps" in self.__dict__:
        setattr(self.apps.get_model(app_label, model_name)._meta, option_name, list(options[option_name]))


@contextmanager
def new_database() -> Iterator[None]:
    """Within this, migrations are carried out on a database that has no tables yet."""
    with (
        patch.object(ProjectState, "add_model", _add_model),
        patch.object(ProjectState, "_append_option", _append_option),
    ):
        yield
