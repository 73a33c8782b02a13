"""An AWS on loopback that the built template is deployed into."""
