"""Harmonic prediction of the tide: a sum of cosines, one for each constituent."""

from math import cos, radians

# Speeds in degrees an hour.
CONSTITUENTS = {
    "M2": 28.9841042,  # moon, twice a day
    "S2": 30.0,        # sun, twice a day
    "K1": 15.0410686,  # both, once a day
    "O1": 13.9430356,  # moon, once a day
}


def compute_harmonic_level(hours, mean_level, amplitudes, phases):
    """Water level in metres, `hours` after the epoch of the phases."""
    level = mean_level
    for name, speed in CONSTITUENTS.items():
        level += amplitudes[name] * cos(radians(speed * hours - phases[name]))
    return level


def find_dry_periods(levels, berth_depth, draught):
    """Pairs (first, last) of indexes between which a boat at this berth would sit on the mud."""
    periods, start = [], None
    for index, level in enumerate(levels):
        dry = level + berth_depth < draught
        if dry and start is None:
            start = index
        if not dry and start is not None:
            periods.append((start, index - 1))
            start = None
    if start is not None:
        periods.append((start, len(levels) - 1))
    return periods
