// node schema.mjs FILE…   every object of the files against its schema (kubernetes-models)
//
// Run by tests/k8s/run in the folder where the packages of package-lock.json are installed.
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";

// Groups that are not Kubernetes' own.
const packages = {
  "cert-manager.io": "@kubernetes-models/cert-manager",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
};

async function modelOf({ apiVersion, kind }) {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  const models = await import(`${packages[group] ?? "kubernetes-models"}/${apiVersion}`);
  if (!models[kind]) throw new Error(`${apiVersion} has no kind ${kind}`);
  return models[kind];
}

// The validators let pass what they do not know, so a misspelled field would be no mistake. They do
// read every field that they know: `unread` keeps those that nobody asked for.
function watch(value, path, unread, seen = new Map()) {
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(path)) return seen.get(path);
  if (!Array.isArray(value)) Object.keys(value).forEach((key) => unread.add(`${path}/${key}`));
  const watched = new Proxy(value, {
    get(target, key) {
      if (typeof key === "symbol") return target[key];
      unread.delete(`${path}/${key}`);
      return watch(target[key], `${path}/${key}`, unread, seen);
    },
  });
  seen.set(path, watched);
  return watched;
}

let objects = 0;
let findings = 0;
for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
    const object = document.toJS();
    if (!object) continue;
    objects += 1;
    const complain = (why) => {
      findings += 1;
      console.log(`${file}: [schema] ${object.kind}/${object.metadata?.name}: ${why}`);
    };
    try {
      const model = await modelOf(object);
      const unread = new Set();
      model.prototype.validate.call(watch(object, "", unread));
      unread.forEach((path) => complain(`no such field: ${path}`));
    } catch (error) {
      complain(error.message);
    }
  }
}
console.log(`schemas: ${findings} findings in ${objects} objects`);
process.exit(findings || !objects ? 1 : 0);
