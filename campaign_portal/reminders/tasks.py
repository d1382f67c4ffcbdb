"""What the scheduler and the worker run. Each may run twice, and at the same time."""
