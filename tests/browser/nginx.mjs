// Starts nginx on a port of the loopback interface, for a folder and with the
// settings that the program prints.

import { spawn } from "node:child_process";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

// `place` is a folder for what nginx needs; `root` the one that it serves.
export async function nginx(place, root, settings) {
  const port = await new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
  writeFileSync(join(place, "record.conf"), settings);
  writeFileSync(
    join(place, "nginx.conf"),
    `pid ${place}/pid; error_log ${place}/error.log; daemon off; events {}
    http { include /etc/nginx/mime.types; access_log off; client_body_temp_path ${place}/t1; proxy_temp_path ${place}/t2;
    fastcgi_temp_path ${place}/t3; uwsgi_temp_path ${place}/t4; scgi_temp_path ${place}/t5;
    server { listen 127.0.0.1:${port}; root ${root}; include ${place}/record.conf; } }`,
  );
  // What is made here is for its owner alone, and nginx may run as another.
  execFileSync("chmod", ["-R", "a+rX", place]);
  const server = spawn("nginx", ["-c", join(place, "nginx.conf")], {
    stdio: "inherit",
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  const address = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries += 1) {
    if (await fetch(address).then(() => true, () => false)) break;
    await pause(50);
  }
  return { server, address };
}
