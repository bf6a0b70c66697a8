"""Looking it up: load → split → index → retrieve → prompt → answer → support, and how well that went (measure)."""
