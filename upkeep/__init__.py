"""The upkeep of the collection as the app does it: jobs that fetch and read, documents of one's own, and what each source has."""
