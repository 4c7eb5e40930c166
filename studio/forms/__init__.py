"""Forms: a spec's fields become editors, by their types and limits alone."""

from studio.forms.field import Change, Field, FieldState, fields_of, shared_fields
from studio.forms.form import Form

__all__ = ["Change", "Field", "FieldState", "Form", "fields_of", "shared_fields"]
