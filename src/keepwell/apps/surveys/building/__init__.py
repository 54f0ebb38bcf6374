"""The builder of surveys: a survey of a draft as a form, whom it would ask now, and how respondents see it."""
