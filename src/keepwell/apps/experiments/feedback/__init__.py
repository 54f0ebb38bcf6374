"""What people said felt wrong about scores, and who was right."""
