// Runs linkinator, a link checker by other people, over a folder as it would be
// served: under the root of a host, or under a path.
//
//     node outside.mjs FOLDER [PATH]
//
// Links to other hosts are left alone. Leaves 0 where nothing is broken.

import { LinkChecker } from "linkinator";
import { serve } from "./serve.mjs";

const [folder, path = "/"] = process.argv.slice(2);
const { server, address } = await serve(folder, path);
const { links } = await new LinkChecker().check({
  path: address,
  recurse: true,
  checkFragments: true,
  checkCss: true,
  concurrency: 20,
  linksToSkip: async (link) => new URL(link).origin !== new URL(address).origin,
});
server.close();
const broken = links.filter((link) => link.state === "BROKEN");
const skipped = links.filter((link) => link.state === "SKIPPED").length;
for (const { url, status, parent } of broken.slice(0, 20)) {
  console.log(`${parent}: ${url} (${status || "no such anchor"})`);
}
console.log(`${links.length - skipped} links below ${path}, ${broken.length} broken`);
process.exit(broken.length || links.length - skipped < 2 ? 1 : 0);
