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

let objects = 0;
let findings = 0;
for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
    const object = document.toJS();
    if (!object) continue;
    objects += 1;
    try {
      new (await modelOf(object))(object).validate();
    } catch (error) {
      findings += 1;
      console.log(`${file}: [schema] ${object.kind}/${object.metadata?.name}: ${error.message}`);
    }
  }
}
console.log(`schemas: ${findings} findings in ${objects} objects`);
process.exit(findings || !objects ? 1 : 0);
