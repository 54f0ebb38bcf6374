"""What playbooks, rules, calls to action, surveys and advocacy did."""
