"""The cards that an account can have, by name."""

from __future__ import annotations

from keepwell.apps.configuration.queries import current_project


def titles() -> dict[str, str]:
    """Titles of the cards for accounts, by name, in the order of cards."""
    project = current_project()
    cards = project.cards_for("account") if project else {}
    return {name: card.title or name.replace("_", " ") for name, card in cards.items()}
