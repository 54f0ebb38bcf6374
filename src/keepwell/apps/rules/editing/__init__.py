"""The editor of rules: what a rule has beside what every definition that is edited in a form has."""
