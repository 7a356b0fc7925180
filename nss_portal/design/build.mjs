// Builds what is committed in static/: style sheet, scripts, fonts. Run by `npm run build`; running the portal
// needs no Node.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { transform } from "lightningcss";
import { PurgeCSS } from "purgecss";
import { outlines } from "./map.mjs";
import { settle, upstream } from "./upstream.mjs";

const here = new URL("./", import.meta.url);
const out = new URL("../../static/", import.meta.url);
const modules = new URL("../../node_modules/", import.meta.url);
const LIMIT = 15_000; // bytes, gzipped: what a phone in a train should wait for

const read = (name) => readFileSync(new URL(name, here), "utf8");
for (const folder of ["css", "js", "vendor", "fonts"]) mkdirSync(new URL(folder, out), { recursive: true });

// Style sheet: tokens, NL Design System, our own parts, each file in css/ in order of its number.
const own = readdirSync(new URL("css/", here)).filter((name) => name.endsWith(".css")).sort();
const [tokens, ...parts] = own.map((name) => read(`css/${name}`));
// Only theirs is purged: ours is written for these pages, and a page of tomorrow must find it.
const [theirs] = await new PurgeCSS().purge({
  css: [{ raw: upstream() }],
  content: [{ raw: "a table caption th td", extension: "html" }],
  safelist: { standard: [/^(button|status|skip-link|textbox|textarea|select|field__label|errorlist|alert|table)$/,
    /^alert--/, /^button--(primary|subtle)$/, /^skip-link--visible-on-focus$/, "link", "number"] },
  dynamicAttributes: ["aria-invalid"],
});
const { code } = transform({
  filename: "portal.css",
  code: Buffer.from(settle([tokens, theirs.css, ...parts].join("\n"))),
  minify: true,
  targets: { chrome: 111 << 16, firefox: 115 << 16, safari: (16 << 16) | (4 << 8) },
});
// A test compares this with the sources, so that nobody forgets to build.
const sources = createHash("sha256");
for (const name of readdirSync(here, { recursive: true }).filter((name) => /\.(css|js|mjs|py)$/.test(name)).sort())
  sources.update(read(name));
const css = `${code}/* sources ${sources.digest("hex")} */\n`;
writeFileSync(new URL("css/portal.css", out), css);
const size = gzipSync(css, { level: 9 }).length;
console.log(`portal.css ${css.length} bytes, ${size} gzipped`);
if (size > LIMIT) throw new Error(`portal.css is larger than ${LIMIT} bytes gzipped`);

// Scripts.
for (const name of ["portal.js", "passkeys.js"])
  buildSync({
    entryPoints: [new URL(name, here).pathname],
    outfile: new URL(`js/${name}`, out).pathname,
    minify: true,
    bundle: true,
    format: "iife",
    target: "es2020",
  });
cpSync(new URL("htmx.org/dist/htmx.min.js", modules), new URL("vendor/htmx.min.js", out));
cpSync(new URL("htmx.org/LICENSE", modules), new URL("vendor/htmx.LICENSE.txt", out));

// Fonts, with their licence.
for (const face of ["400-normal", "400-italic", "600-normal", "700-normal"])
  for (const part of ["latin", "latin-ext"]) {
    const name = `source-sans-3-${part}-${face}.woff2`;
    cpSync(new URL(`@fontsource/source-sans-3/files/${name}`, modules), new URL(`fonts/${name}`, out));
  }
for (const weight of [400, 600, 700])
  execFileSync(process.env.PYTHON ?? "python3", [
    new URL("subscripts.py", here).pathname,
    new URL(`@fontsource/source-sans-3/files/source-sans-3-latin-${weight}-normal.woff2`, modules).pathname,
    new URL(`fonts/nss-cijfers-${weight}.woff2`, out).pathname,
  ]);
cpSync(new URL("@fontsource/source-sans-3/LICENSE", modules), new URL("fonts/OFL.txt", out));

// The map.
const templates = new URL("../../templates/components/", import.meta.url);
writeFileSync(
  new URL("map_outlines.html", templates),
  `{# Outlines: @svg-maps/netherlands, CC BY 4.0, simplified; made by npm run build #}\n${outlines(
    new URL("@svg-maps/netherlands/netherlands.svg", modules),
  )}\n`,
);

// The browser tests bring axe along.
const tests = new URL("../../tests/browser/vendor/", import.meta.url);
mkdirSync(tests, { recursive: true });
cpSync(new URL("axe-core/axe.min.js", modules), new URL("axe.min.js", tests));
cpSync(new URL("axe-core/LICENSE", modules), new URL("axe.LICENSE.txt", tests));
