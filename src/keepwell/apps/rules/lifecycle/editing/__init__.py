"""The editor of lifecycle stages: what a stage has beside what every definition that is edited in a form has."""
