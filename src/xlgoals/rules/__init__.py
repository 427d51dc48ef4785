"""Cross-field rules: the language, the predicate, the rule."""
