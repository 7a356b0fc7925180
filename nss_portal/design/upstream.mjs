// Which rules of NL Design System we use, and under which of our class names they appear in the pages.
import { readFileSync } from "node:fs";
import postcss from "postcss";

const file = (path) => readFileSync(new URL(`../../node_modules/${path}`, import.meta.url), "utf8");
const candidate = (name) => file(`@nl-design-system-candidate/${name}-css/dist/${name}.css`);

// The candidates are taken whole: class prefix of theirs, class prefix of ours.
const CANDIDATES = [
  ["button", ".nl-button", ".button"],
  ["data-badge", ".nl-data-badge", ".status"],
  ["skip-link", ".nl-skip-link", ".skip-link"],
  ["link", ".nl-link:any-link", ":where(a:not([class]),a.file)"],
];

// From Utrecht's library single rules: selector of theirs, selector of ours.
const UTRECHT = new Map([
  [".utrecht-textbox", ".textbox"],
  [".utrecht-textbox--invalid", '.textbox[aria-invalid="true"]'],
  [".utrecht-textbox--disabled", ".textbox:disabled"],
  [".utrecht-textarea", ".textarea"],
  [".utrecht-textarea--invalid", '.textarea[aria-invalid="true"]'],
  [".utrecht-textarea--disabled", ".textarea:disabled"],
  [".utrecht-select", ".select"],
  [".utrecht-select--invalid", '.select[aria-invalid="true"]'],
  [".utrecht-select--disabled", ".select:disabled"],
  [".utrecht-form-label", ".field__label"],
  [".utrecht-form-field-error-message", ".errorlist"],
  [".utrecht-alert", ".alert"],
  [".utrecht-alert--info", ".alert--info"],
  [".utrecht-alert--ok", ".alert--good"],
  [".utrecht-alert--warning", ".alert--attention"],
  [".utrecht-alert--error", ".alert--bad"],
  [".utrecht-table", ".table"],
  [".utrecht-table__caption", ".table caption"],
  [".utrecht-table__header-cell", ".table th"],
  [".utrecht-table__cell", ".table td"],
  [".utrecht-table__cell--numeric-column", ".table .number"],
  [".utrecht-table__header-cell--numeric-column", ".table th.number"],
]);

function utrecht() {
  const picked = postcss.root();
  postcss.parse(file("@utrecht/component-library-css/dist/index.css")).each((node) => {
    if (node.type !== "rule") return;
    const ours = node.selectors.filter((one) => UTRECHT.has(one)).map((one) => UTRECHT.get(one));
    if (ours.length) picked.append(node.clone({ selectors: ours }));
  });
  return picked.toString();
}

export function upstream() {
  const candidates = CANDIDATES.map(([name, theirs, ours]) =>
    candidate(name).replace(/\/\*#.*\*\//, "").replaceAll(theirs, ours),
  );
  return [...candidates, utrecht()].join("\n");
}

// Tokens that the theme does not set are resolved here to their fallback, or the declaration goes: the
// components offer hundreds of knobs, and a knob that is not turned need not travel to every phone.
export function settle(css) {
  const root = postcss.parse(css);
  for (let changed = true; changed; ) {
    changed = false;
    const known = new Set();
    root.walkDecls(/^--/, (decl) => void known.add(decl.prop));
    root.walkDecls((decl) => {
      const value = substitute(decl.value, known);
      if (value === decl.value) return;
      changed = true;
      if (value === null) decl.remove();
      else decl.value = value;
    });
  }
  root.walkRules((rule) => void (rule.nodes.length || rule.remove()));
  root.walkAtRules((rule) => void (rule.nodes && !rule.nodes.length && rule.remove()));
  return root.toString();
}

// Replace var(--unknown, fallback) by its fallback; null when there is none.
function substitute(value, known) {
  for (let from = 0; ; ) {
    const start = value.indexOf("var(", from);
    if (start < 0) return value;
    let depth = 0;
    let end = start + 3;
    do {
      depth += { "(": 1, ")": -1 }[value[end]] ?? 0;
      end += 1;
    } while (depth > 0);
    const inner = value.slice(start + 4, end - 1);
    const comma = inner.indexOf(",");
    const name = (comma < 0 ? inner : inner.slice(0, comma)).trim();
    if (known.has(name)) {
      from = start + 4;
      continue;
    }
    if (comma < 0) return null;
    value = value.slice(0, start) + inner.slice(comma + 1).trim() + value.slice(end);
    from = start;
  }
}
