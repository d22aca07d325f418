// Builds the page into a temporary folder and fails when the committed one differs.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const committed = join(here, "../src/extremecut/annotator/page");

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => relative(folder, path))
    .sort();
}

const fresh = mkdtempSync(join(tmpdir(), "extremecut-page-"));
try {
  execFileSync(process.execPath, [join(here, "node_modules/vite/bin/vite.js"), "build"], {
    cwd: here,
    env: { ...process.env, EXTREMECUT_PAGE: fresh },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const wanted = filesBelow(fresh);
  const found = filesBelow(committed);
  const differing = [...new Set([...wanted, ...found])].filter(
    (name) =>
      !wanted.includes(name) ||
      !found.includes(name) ||
      !readFileSync(join(fresh, name)).equals(readFileSync(join(committed, name))),
  );
  if (differing.length > 0) {
    console.error("The built page does not match its source; run `npm run build` and commit:");
    for (const name of differing) console.error(`  ${name}`);
    process.exitCode = 1;
  } else {
    console.log(`The built page matches its source (${wanted.length} files).`);
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
