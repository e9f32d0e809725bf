"""The page: Gradio mounted in our own FastAPI app, behind our own guard.

Nothing here may call out. Gradio reads its switches from the environment while it is
imported, so they are set before anything of this room imports it.
"""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

from ui.server import build_app

__all__ = ["build_app"]
