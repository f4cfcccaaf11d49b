// Has Lighthouse look at pages of a site, served at the address for which it was
// built.
//
//     node lighthouse.mjs FOLDER CHROMIUM PORT FILE...
//
// Leaves 1 where accessibility, best practices or search engine optimisation
// are below 100. Performance is printed and decides nothing, since it depends
// on the machine.

import lighthouse from "lighthouse";
import { chromium } from "playwright-core";
import { ARGUMENTS } from "./chromium.mjs";
import { POLICY, serve } from "./serve.mjs";

const [folder, executablePath, port, ...files] = process.argv.slice(2);
const { server, address } = await serve(folder, "/", () => ({ "content-security-policy": POLICY }), Number(port));
const debugging = Number(port) + 1;
const browser = await chromium.launch({
  executablePath,
  args: [`--remote-debugging-port=${debugging}`, ...ARGUMENTS],
});
let bad = 0;
for (const file of files) {
  const { lhr } = await lighthouse(address + encodeURI(file), { port: debugging, logLevel: "error" });
  const scores = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]);
  console.log(`${file}: ${scores.map(([id, score]) => `${id} ${score}`).join(", ")}`);
  for (const [id, score] of scores) {
    if (score === 100) continue;
    if (id !== "performance") bad += 1;
    const audits = lhr.categories[id].auditRefs.map((ref) => lhr.audits[ref.id]);
    for (const audit of audits.filter((a) => a.score !== null && a.score < 1)) {
      console.log(`  ${id}: ${audit.id}: ${audit.title} ${audit.displayValue ?? ""}`);
    }
  }
}
await browser.close();
server.close();
process.exit(bad || files.length === 0 ? 1 : 0);
