"""The durable-rules backend: lowers conditions to rulesets, and runs them in the engine of durable-rules."""
