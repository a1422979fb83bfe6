"""The backend for hosts that run durable-rules."""
