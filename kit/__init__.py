"""Census data and district plans in; AAPI concentration, maps and exhibits out."""
