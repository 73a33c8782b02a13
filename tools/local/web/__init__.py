"""What every local server has: a loopback port of its user's own, a guard, JSON."""
