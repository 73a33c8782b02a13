"""Measures what this function costs beside its peers, and writes `results.md`.

    python -m tools.benchmarks [--rounds 15]

Everything is built here, runs in AWS's runtime client, and calls the same local endpoint over TLS.
Rounds are interleaved, so that a busy moment of the machine meets every candidate alike: read the
ratios within one run, not the milliseconds.
"""
