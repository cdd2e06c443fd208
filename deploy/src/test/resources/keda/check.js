// Whether a manifest fits the schema of its kind: prints what does not, a line each.
//   node check.js VALIDATOR FILE      the module that validates its kind; the manifest as JSON
import { readFileSync } from "node:fs";

const { validate } = await import(process.argv[2]);
const looked = new Set();

// A validator reads the fields that its schema has. Those that it never read are unknown to it.
function watched(value, path) {
  if (value === null || typeof value !== "object") {
    return value;
  }
  return new Proxy(value, {
    get(target, field) {
      const inner = Reflect.get(target, field);
      if (typeof field === "string" && Object.hasOwn(target, field)) {
        looked.add(`${path}/${field}`);
        return watched(inner, `${path}/${field}`);
      }
      return inner;
    },
  });
}

function unknown(value, path) {
  if (value === null || typeof value !== "object") {
    return [];
  }
  return Object.keys(value).flatMap((field) =>
    looked.has(`${path}/${field}`) ? unknown(value[field], `${path}/${field}`) : [`${path}/${field} is unknown`],
  );
}

const manifest = JSON.parse(readFileSync(process.argv[3], "utf8"));
const fits = validate(watched(manifest, ""));
const problems = fits ? [] : validate.errors.map((e) => `${e.instancePath} ${e.keyword} ${JSON.stringify(e.params)}`);
console.log([...problems, ...unknown(manifest, "")].join("\n"));
