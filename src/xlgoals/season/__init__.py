"""A season's collection: roster, what came in, what counts, what is missing."""
