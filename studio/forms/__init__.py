"""Forms: a spec's fields become editors, by their types and limits alone."""

from studio.forms.field_state import Change, FieldState, shared_fields
from studio.forms.form import Form

__all__ = ["Change", "FieldState", "Form", "shared_fields"]
