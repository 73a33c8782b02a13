"""`make test-deployed`: the unzipped release in an emulated AWS, from deployment to deletion."""
