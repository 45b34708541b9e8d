"""Words in the community's languages: messages, catalogues, numbers and dates, fonts."""
