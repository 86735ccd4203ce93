"""The one look of all figures: readable in print, in grey and in colour-blind sight; the same bytes every time."""

from __future__ import annotations

import base64
import io
import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from infoviews.files import replacing, write_text

matplotlib.use("Agg")

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8A5FBF", "#9C755F")
"""Okabe & Ito's colours, the strong ones first, and two more; markers tell the series apart in grey as well."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">")
"""As many as have no common divisor with the colours: 72 pairs before one comes again."""
INK, GREY, LINE, PAPER, BAND = "#1B1B1B", "#595959", "#E3E3E3", "#FFFFFF", "#F0E442"
COLOURS = 128
"""In a PNG's palette: enough for a colour map and the edges of letters."""
WIDTH, NARROW = 6.4, 3.1
"""Inches: the text width of an A4 page with ordinary margins, and of a phone."""
FONT = 10
"""Points: at the width at which the page shows a figure, the size of its text."""

RULES: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": FONT,
    "axes.titlesize": FONT,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": FONT,
    "legend.title_fontsize": FONT,
    "legend.handlelength": 1.4,
    "lines.linewidth": 1.4,
    "lines.markersize": 5.5,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 150,
    "svg.hashsalt": "infoviews",
    "svg.fonttype": "none",
}

SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
HREF = "{http://www.w3.org/1999/xlink}href"


@contextmanager
def canvas(
    stem: Path, rows: int = 1, columns: int = 1, height: float = 3.8, narrow: bool = False, **options: Any
) -> Iterator[tuple[Figure, list[Axes]]]:
    """A figure with ``rows × columns`` axes, in reading order, saved at the end.

    Args:
        stem: of ``stem.svg`` and ``stem.png``; a narrow figure, for phones, is an SVG alone.
        options: for ``Figure.subplots``.
    """
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **RULES, "backend": "agg"}):
        figure = Figure(figsize=(NARROW if narrow else WIDTH, height))
        axes = figure.subplots(rows, columns, squeeze=False, **options)
        yield figure, list(axes.flat)
        save(figure, stem, picture=not narrow)


def save(figure: Figure, stem: Path, picture: bool = True) -> None:
    """Write SVG and PNG without dates and versions."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    write_text(stem.with_suffix(".svg"), light(titled(drawn.getvalue().decode())))
    if not picture:
        return
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", metadata={"Software": None})
    with replacing(stem.with_suffix(".png")) as temporary, Image.open(drawn) as image:
        temporary.write_bytes(png(image.convert("RGB")))


def points(
    axes: Axes,
    x: np.ndarray,
    y: np.ndarray,
    xerr: np.ndarray | None = None,
    yerr: np.ndarray | None = None,
    **look: Any,
) -> Line2D:
    """Markers with their intervals, these as one line, which is a tenth of the bytes that error bars take.

    Args:
        xerr, yerr: as ``arms`` gives them.
        look: of the markers; ``color`` is also that of the intervals.

    Returns:
        The markers.
    """
    gap = np.full(len(x), np.nan)
    for along, lengths in ((0, xerr), (1, yerr)):
        if lengths is not None and lengths.any():
            ends = [
                np.stack([(x, y)[along] - lengths[0], (x, y)[along] + lengths[1], gap]),
                np.stack([(y, x)[along]] * 3),
            ]
            across, up = ends if along == 0 else ends[::-1]
            axes.plot(across.T.ravel(), up.T.ravel(), color=look["color"], linewidth=0.8, zorder=look.get("zorder", 2))
    return axes.plot(x, y, **{"linestyle": "none"} | look)[0]


def legend(figure: Figure, handles: dict[Any, str], place: str = "lower", title: str | None = None) -> None:
    """A legend outside the axes; a single entry needs none.

    Args:
        handles: what is shown, and its name.
        place: ``lower``, ``upper``, or ``beside``, for which a narrow figure has no room.
    """
    width = 72 * figure.get_figwidth()
    longest = 0.62 * FONT * max(map(len, handles.values()), default=0) + 3.5 * FONT
    beside = place == "beside" and width > 72 * NARROW
    names = [textwrap.fill(name, 20 if beside else 34) for name in handles.values()]
    columns = 1 if place == "beside" else min(len(names), max(1, int(width / longest)))
    where = "outside right upper" if beside else f"outside {place.replace('beside', 'lower')} center"
    if len(names) > 1:
        options: dict[str, Any] = {"loc": where, "ncols": columns, "title": title}
        figure.legend(list(handles), names, **options)


def told(artist: Artist, texts: Iterable[str]) -> None:
    """Say what each marker of an artist is, in the order of its points, all of which must be in sight.

    A browser shows the text at the marker. The artist's ``gid`` carries it: nothing else of ours reaches the SVG.
    """
    artist.set_gid(json.dumps(list(texts), ensure_ascii=False))


def titled(svg: str) -> str:
    """An SVG with the texts of ``told`` as titles of the markers, which every browser shows, and its pictures small."""
    root = ElementTree.fromstring(svg)
    for group in root.iter(f"{{{SVG}}}g"):
        if group.get("id", "").startswith("["):
            # Markers that all differ, as in a scatter of sizes, are plain paths.
            markers = list(group.iter(f"{{{SVG}}}use")) or list(group.iter(f"{{{SVG}}}path"))
            for marker, text in zip(markers, json.loads(group.attrib.pop("id")), strict=True):
                ElementTree.SubElement(marker, f"{{{SVG}}}title").text = text
    for image in root.iter(f"{{{SVG}}}image"):
        kind, _, content = image.attrib[HREF].partition(",")
        with Image.open(io.BytesIO(base64.b64decode(content))) as picture:
            image.attrib[HREF] = f"{kind},{base64.b64encode(png(picture)).decode()}"
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def png(picture: Image.Image) -> bytes:
    """A picture with a palette, a third of the size of full colour."""
    method = Image.Quantize.FASTOCTREE if picture.mode == "RGBA" else None
    drawn = io.BytesIO()
    picture.quantize(COLOURS, method, dither=Image.Dither.NONE).save(drawn, format="PNG", optimize=True)
    return drawn.getvalue()


def light(svg: str) -> str:
    """An SVG of a third of the size that looks the same: hundredths of a point, no indents, styles said once."""
    used = set(re.findall(r"#([\w.-]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", svg)
    svg = re.sub(r"(\d\.\d\d)\d+", r"\1", svg)
    svg = bare(re.sub(r">\s+<", ">\n<", svg))
    styles = Counter(re.findall(r' style="([^"]*)"', svg))
    names = {style: f"s{i}" for i, (style, times) in enumerate(styles.items()) if times > 1}
    svg = re.sub(r'style="([^"]*)"', lambda found: f'class="{names[found[1]]}"' if found[1] in names else found[0], svg)
    rules = "".join(f".{name}{{{style}}}\n" for style, name in names.items())
    return re.sub(r"  +", " ", svg.replace("</style>", f"\n{rules}</style>", 1))


def bare(svg: str) -> str:
    """An SVG without the groups that only group: they have neither look nor place of their own."""
    kept: list[bool] = []

    def one(tag: re.Match[str]) -> str:
        if tag[0].startswith("</"):
            return tag[0] if kept.pop() else ""
        kept.append(not tag[0].startswith("<g>"))
        return tag[0] if kept[-1] else ""

    return re.sub(r"<g(?: [^>]*[^/>])?>\n?|</g>\n?", one, svg)


def look(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Colour and marker of each name, by its place among them."""
    return {name: (PALETTE[i % len(PALETTE)], MARKERS[i % len(MARKERS)]) for i, name in enumerate(names)}


def arms(centre: np.ndarray, low: pd.Series, high: pd.Series) -> np.ndarray:
    """Lengths below and above (2, n) for matplotlib; zero where there is no interval.

    Raises:
        ValueError: an interval does not hold its value.
    """
    lengths = np.nan_to_num(np.stack([centre - low.to_numpy(float), high.to_numpy(float) - centre]))
    if (outside := (lengths < 0).any(axis=0)).any():
        where = "; ".join(f"{v:g} [{a:g}, {b:g}]" for v, a, b in zip(centre, low, high, strict=True) if not a <= v <= b)
        raise ValueError(f"{outside.sum()} intervals do not hold their value: {where}")
    return lengths
