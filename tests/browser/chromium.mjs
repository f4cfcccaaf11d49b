// How the tests start Chromium: without the sandbox, which a container has none
// for, and without anything that asks the outside.

export const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
