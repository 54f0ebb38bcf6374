"""The editor of playbooks: what a playbook has beside what every definition that is edited in a form has."""
