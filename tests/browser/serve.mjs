// Serves a folder on a port of the loopback interface, below a path, as a
// static host does.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

export const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".xml": "application/xml",
  ".txt": "text/plain; charset=utf-8",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".ico": "image/x-icon",
};

// What pages work under, and what the search page needs besides.
export const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'";
export const SEARCH_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");

// `headers` says what a file is sent with besides.
export async function serve(folder, path = "/", headers = () => ({}), port = 0) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    const found = url.pathname.startsWith(path);
    let file = normalize(join("/", decodeURIComponent(url.pathname.slice(path.length))));
    if (file.endsWith("/")) file += "index.html";
    try {
      if (!found) throw new Error("outside");
      const body = await readFile(join(folder, file));
      response.writeHead(200, {
        "content-type": TYPES[extname(file)] ?? "application/octet-stream",
        ...headers(file.slice(1)),
      });
      response.end(body);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" });
      response.end("not found");
    }
  });
  await new Promise((ready) => server.listen(port, "127.0.0.1", ready));
  return { server, address: `http://127.0.0.1:${server.address().port}${path}` };
}
