"""`python -m tools.apidocs` writes `docs/openapi.json`."""

from tools.apidocs.document import DESCRIPTION, text

DESCRIPTION.parent.mkdir(exist_ok=True)
DESCRIPTION.write_text(text(), encoding="utf-8")
