"""What texts are about: phrases that stand out, and topics that a team names itself."""
