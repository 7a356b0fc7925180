"""Building a new database several times as quickly, with the same tables in the end.

Django draws anew, for each model, field, index and constraint that a migration adds, every model that is tied to
it: here nearly all, 40,000 times. In a new database nothing refers yet to a model that is only being
added, a field can join the model as it is drawn, and an index or constraint changes nothing that others look at.
`tests/proof/proof_migrating.py` holds the outcome against Django's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db.migrations.state import ModelState, ProjectState
from django.db.models import NOT_PROVIDED

_djangos_reload = ProjectState.reload_model


def _add_model(self: Any, model_state: ModelState) -> None:
    """Add a model, and draw it alone where models have been drawn."""
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    if self._relations is not None:
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:
        if key[1] in self.apps.all_models[key[0]]:
            _djangos_reload(self, *key)
        else:
            self.apps.render_multiple([model_state])


def _add_field(self: Any, app_label: str, model_name: str, name: str, field: Any, preserve_default: bool) -> None:
    """Add a field, to the model that is drawn too: who refers to that model sees it there."""
    if not preserve_default:
        field = field.clone()
        field.default = NOT_PROVIDED
    key = app_label, model_name
    self.models[key].fields[name] = field
    if self._relations is not None:
        self.resolve_model_field_relations(key, name, field)
    if "apps" in self.__dict__:
        field.clone().contribute_to_class(self.apps.get_model(app_label, model_name), name)
        self.apps.clear_cache()


def _reload_model(self: Any, app_label: str, model_name: str, delay: bool = False) -> None:
    """Draw a model anew: alone where Django lets its ties wait; it sees to them before Python needs them."""
    if delay and "apps" in self.__dict__:
        self.is_delayed = True
        self.apps.render_multiple([self.models[app_label, model_name]])
    else:
        _djangos_reload(self, app_label, model_name, delay)


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
        patch.object(ProjectState, "add_field", _add_field),
        patch.object(ProjectState, "reload_model", _reload_model),
        patch.object(ProjectState, "_append_option", _append_option),
    ):
        yield
