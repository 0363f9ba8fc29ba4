"""Plots for the README, as SVG: small, sharp at any size, and with text that can be read as text."""

from __future__ import annotations

from pathlib import Path

import numpy as np

SIDE, EDGE = 320, 48  # pixels


def reliability(p: np.ndarray, y: np.ndarray, bins: int, path: Path, title: str) -> None:
    """For each of so many even bins of the probabilities [n] a dot: their mean, and how often it came true (y [n], 0 or 1).

    On the line, what is said is what comes; the area of a dot goes by how often so much was said.
    """
    places = np.minimum((p * bins).astype(int), bins - 1)
    dots = ""
    for b in range(bins):
        here = places == b
        if here.any():
            said, came = p[here].mean(), y[here].mean()
            told = f"{said:.2f} was said {here.sum()} times, and came true in {came:.2f}"
            radius = 2 + 22 * np.sqrt(here.mean())
            dots += f'<circle cx="{_x(said):.1f}" cy="{_y(came):.1f}" r="{radius:.1f}"><title>{told}</title></circle>\n'
    ticks = ""
    for value in (0, 0.25, 0.5, 0.75, 1):
        ticks += f'<text x="{_x(value):.0f}" y="{EDGE + SIDE + 18}" text-anchor="middle">{value:g}</text>\n'
        ticks += f'<text x="{EDGE - 8}" y="{_y(value) + 4:.0f}" text-anchor="end">{value:g}</text>\n'
    whole = SIDE + 2 * EDGE
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" width="{whole}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="{whole}" height="{whole}" fill="#fff"/>\n<text x="{EDGE}" y="{EDGE - 18}" font-size="14">{title}</text>\n'
        f'<rect x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#9fb0b0"/>\n'
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#9fb0b0" stroke-dasharray="4 4"/>\n'
        f'<g fill="#155260" fill-opacity="0.75">\n{dots}</g>\n<g fill="#51636a">\n{ticks}'
        f'<text x="{_x(0.5):.0f}" y="{whole - 10}" text-anchor="middle">probability as told</text>\n'
        f'<text x="14" y="{_y(0.5):.0f}" text-anchor="middle" transform="rotate(-90 14 {_y(0.5):.0f})">came true</text>\n</g>\n</svg>\n',
        "utf-8",
    )


def _x(value: float) -> float:
    return EDGE + SIDE * value


def _y(value: float) -> float:
    return EDGE + SIDE * (1 - value)
