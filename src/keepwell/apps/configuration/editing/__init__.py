"""Forms of definitions: an entry of a draft as inputs, made from the models of the language, and back into its YAML."""
