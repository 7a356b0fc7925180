// Turns the province outlines of @svg-maps/netherlands (CC BY 4.0) into a template of a few kilobytes: rounded,
// with points left out that lie within a unit of the line, and without islands one would not see.
import { readFileSync } from "node:fs";

const TOLERANCE = 0.8; // units of the map, which is 613 wide and 724 high
const SMALLEST = 8; // square units: what is smaller is not drawn

export function outlines(source) {
  const svg = readFileSync(source, "utf8");
  const provinces = [...svg.matchAll(/<path\s+id="(\w+)"\s+name="[^"]+"\s+d="([^"]+)"/g)];
  return provinces.map(([, id, path]) => `<path class="map__land" data-province="${id}" d="${shorten(path)}"/>`).join("\n");
}

// The source uses nothing but 'm dx,dy dx,dy … z': pairs of steps from one corner to the next.
function shorten(path) {
  let [x, y] = [0, 0];
  return path
    .split("z")
    .map((part) => part.replace("m", "").trim())
    .filter(Boolean)
    .map((part) => {
      const corners = part.split(/\s+/).map((pair) => {
        const [dx, dy] = pair.split(",").map(Number);
        return [(x += dx), (y += dy)];
      });
      [x, y] = corners[0];
      return corners;
    })
    .filter((corners) => area(corners) >= SMALLEST)
    .map((corners) => write(simplify(corners)))
    .join("");
}

function area(corners) {
  let sum = 0;
  corners.forEach(([x, y], i) => {
    const [nx, ny] = corners[(i + 1) % corners.length];
    sum += x * ny - nx * y;
  });
  return Math.abs(sum) / 2;
}

// Ramer, Douglas and Peucker: keep the corner farthest from the chord, and go on with both halves.
function simplify(corners) {
  if (corners.length < 3) return corners;
  const [ax, ay] = corners[0];
  const [bx, by] = corners.at(-1);
  const length = Math.hypot(bx - ax, by - ay);
  let [farthest, distance] = [0, 0];
  corners.forEach(([x, y], i) => {
    const d = length
      ? Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
      : Math.hypot(x - ax, y - ay);
    if (d > distance) [farthest, distance] = [i, d];
  });
  if (distance <= TOLERANCE) return [corners[0], corners.at(-1)];
  return [...simplify(corners.slice(0, farthest + 1)).slice(0, -1), ...simplify(corners.slice(farthest))];
}

function write(corners) {
  let [x, y] = [0, 0];
  const [first, ...rest] = corners.map(([cx, cy]) => [cx.toFixed(1) - 0, cy.toFixed(1) - 0]);
  [x, y] = first;
  const steps = rest.map(([cx, cy]) => {
    const [dx, dy] = [Math.round((cx - x) * 10), Math.round((cy - y) * 10)];
    [x, y] = [x + dx / 10, y + dy / 10];
    return `${dx / 10} ${dy / 10}`;
  });
  return `M${first.join(" ")}l${steps.join(" ")}z`.replaceAll(" -", "-");
}
