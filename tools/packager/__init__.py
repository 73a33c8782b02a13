"""Builds the directory that Lambda gets: dependencies, our code, bytecode, and the CAs and patterns
in a form that is quicker to read; and the releases.

`sam build` runs it through `tools/packager/<architecture>/Makefile`. It needs Python 3.13 with pip,
on any host: the wheels are chosen for the architecture, and bytecode is the same on each.
"""
