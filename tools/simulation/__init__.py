"""What callers see while the load grows past Cognito's quota, and what a million tokens cost.

    python -m tools.simulation [--write docs/capacity.md]

Requests arrive at random, environments start cold, API Gateway and Cognito throttle as token
buckets, and botocore tries again as its standard mode does. The same seed gives the same tables.
"""
