"""The ground over the API: read only, the rows of the pages."""
