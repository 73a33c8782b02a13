"""Builds the directory that Lambda gets: dependencies, our code and bytecode, and nothing else.

    python -m tools.packager --architecture arm64 --output DIR

`sam build` runs the same through `tools/packager/<architecture>/Makefile`. Both need Python 3.13
with pip, on any host: the wheels are chosen for the architecture, and bytecode is the same on each.
"""
