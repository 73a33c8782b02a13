"""The built package in AWS's own runtime client, awslambdaric, under a Runtime API of ours."""
