"""The editor of rules: a rule of a draft as a form, made from the models of the language, and back into its YAML."""
