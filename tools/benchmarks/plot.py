"""The figures as one picture: bars of the medians, and a line from quartile to quartile."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from tools.benchmarks.candidates import OURS_API, OURS_DIRECT
from tools.benchmarks.measuring import Figures

type Spread = tuple[float, float, float]

_OURS: Final = "#0b6e4f"
_PEER: Final = "#9aa5b1"
_WIDTH: Final = 860
_LEFT: Final = 270
_LONGEST: Final = 520
_ROW: Final = 22


def svg(figures: Figures) -> str:
    """The picture, on white so that it reads on a dark page too."""
    lines: list[str] = []
    y = 10
    for title, spreads, number in _panels(figures):
        lines += _panel(title, spreads, number, y)
        y += _ROW * (len(spreads) + 2)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}"'
        ' font-family="sans-serif" font-size="13" fill="#1f2933">'
        f'<rect width="{_WIDTH}" height="{y}" fill="white"/>'
    )
    return "\n".join([head, *lines, "</svg>", ""])


def _panels(figures: Figures) -> Iterator[tuple[str, Mapping[str, Spread], str]]:
    for title, figure in (
        ("Cold start, from nothing to the first answer (ms)", "cold_ms"),
        ("Warm call, the process's CPU time (µs)", "warm_cpu_us"),
    ):
        there = [name for name, samples in figures.samples.items() if figure in samples[0]]
        yield title, {name: figures.quartiles(name, figure) for name in there}, ".0f"
    sizes = {
        "ours" if name == OURS_API else name: (megabytes["unpacked"],) * 3
        for name, megabytes in figures.megabytes.items()
        if name != OURS_DIRECT  # in the same package
    }
    yield "Package, unpacked (MB)", sizes, ".1f"


def _panel(title: str, spreads: Mapping[str, Spread], number: str, y: int) -> Iterator[str]:
    yield f'<text x="10" y="{y + 16}" font-weight="bold">{escape(title)}</text>'
    scale = _LONGEST / max(high for _, _, high in spreads.values())
    for row, (name, (low, median, high)) in enumerate(spreads.items(), 1):
        top = y + row * _ROW + 4
        fill, middle = _OURS if name.startswith("ours") else _PEER, top + 9
        label = escape(name.replace("`", ""))
        yield f'<text x="{_LEFT - 8}" y="{top + 13}" text-anchor="end">{label}</text>'
        bar = f'width="{median * scale:.1f}" height="{_ROW - 4}" fill="{fill}"'
        yield f'<rect x="{_LEFT}" y="{top}" {bar}/>'
        path = f"M{_LEFT + low * scale:.1f} {middle}H{_LEFT + high * scale:.1f}"
        yield f'<path d="{path}" stroke="#1f2933"/>'
        end = _LEFT + high * scale + 6
        yield f'<text x="{end:.1f}" y="{top + 13}">{median:{number}}</text>'
