"""The figures as one picture, the same bytes for the same figures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from tools.benchmarks.candidates import OURS_API, OURS_DIRECT
from tools.benchmarks.figures import Figures, Spread

_OURS: Final = "#0b6e4f"
_PEER: Final = "#9aa5b1"
_INK: Final = "#1f2933"
_STYLE: Final[dict[Any, Any]] = {
    "axes.edgecolor": _PEER,
    "axes.labelcolor": _INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "font.size": 9,
    "svg.hashsalt": "openid-token",
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "ytick.major.size": 0,
}


def draw(figures: Figures, file: Path) -> None:
    """Write the picture as SVG, on white so that it reads on a dark page too."""
    with mpl.rc_context(_STYLE):
        engine = ConstrainedLayoutEngine(hspace=0.06)
        canvas = Figure(figsize=(8.6, 6.6), layout=engine, facecolor="white")
        cold, warm, size = canvas.subplots(3, 1, height_ratios=[8, 6, 6])
        _bars(cold, figures.cold, "Cold start, from nothing to the first answer (ms)", "{:.0f}")
        _bars(warm, figures.warm, "Warm call, CPU time (µs)", "{:.0f}")
        _bars(size, _sizes(figures), "Package, unpacked (MB)", "{:.1f}")
        canvas.savefig(file, format="svg", metadata={"Date": None})


def _sizes(figures: Figures) -> dict[str, Spread]:
    """One bar for each package; both doors of ours are in the same one."""
    return {
        "ours" if name == OURS_API else name: Spread.of([weight.unpacked])
        for name, weight in figures.weight.items()
        if name != OURS_DIRECT
    }


def _bars(axes: Axes, spreads: Mapping[str, Spread], title: str, number: str) -> None:
    names = list(spreads)
    medians = [spread.median for spread in spreads.values()]
    below = [spread.median - spread.low for spread in spreads.values()]
    above = [spread.high - spread.median for spread in spreads.values()]
    colours = [_OURS if name.startswith("ours") else _PEER for name in names]
    bars = axes.barh([name.replace("`", "") for name in names], medians, color=colours, height=0.7)
    axes.errorbar(medians, range(len(names)), xerr=[below, above], fmt="none", ecolor=_INK, lw=1)
    for bar, spread in zip(bars, spreads.values(), strict=True):
        axes.annotate(
            number.format(spread.median),
            (spread.high, bar.get_y() + bar.get_height() / 2),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
        )
    axes.invert_yaxis()
    axes.margins(x=0.08)
    axes.set_xlim(left=0)
    axes.set_title(title)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
