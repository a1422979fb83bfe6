"""Why a rule holds for a subject, or why not, and what would change that."""
