"""The room for volunteers' communities: drafts, wording, and contacts that nothing else reads."""
