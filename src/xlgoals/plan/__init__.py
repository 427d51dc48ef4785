"""The plan: a layout with every label and every input placed on cells."""
