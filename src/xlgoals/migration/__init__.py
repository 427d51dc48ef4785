"""From one layout to another: what a form says goes where the other form has a place for it."""

from xlgoals.migration.form import Migrated, migrate_form
from xlgoals.migration.left import Left

__all__ = ["Left", "Migrated", "migrate_form"]
