import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** The part of a CycloneDX document that is looked at here. */
type Sbom = {
  serialNumber?: string;
  metadata: { timestamp: string; tools?: unknown };
  components: Component[];
};
type Component = Readonly<{
  type: string;
  name: string;
  version?: string;
  licenses?: unknown;
  hashes?: unknown;
}>;

/** A package inside, as its own manifest tells it. */
export type Part = Readonly<{ name: string; version: string; licence: string; texts: readonly string[] }>;

const LICENCE = /^(licen[cs]e|copying|notice|ofl)/i;

/**
 * What is inside, as CycloneDX: the npm packages by npm's own account, the weights by their SHA-256. Nothing in it tells
 * when or where it was made but `madeAtMs`.
 */
export function billOfMaterials(installed: string, madeAtMs: number): string {
  const printed = execFileSync('npm', ['sbom', '--silent', '--omit=dev', '--sbom-format=cyclonedx'], {
    cwd: installed,
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  const { serialNumber: _, ...sbom } = JSON.parse(printed) as Sbom;
  const models = path.join(installed, 'models');
  const metadata = { ...sbom.metadata, timestamp: new Date(madeAtMs).toISOString() };
  const components = [...sbom.components, ...weightsIn(models)];
  return `${JSON.stringify({ ...sbom, metadata, components }, null, 2)}\n`;
}

function weightsIn(models: string): readonly Component[] {
  return readdirSync(models, { recursive: true, encoding: 'utf8' })
    .sort()
    .filter((name) => name.endsWith('.bin'))
    .map((name) => ({
      type: 'machine-learning-model',
      name: `models/${name}`,
      hashes: [{ alg: 'SHA-256', content: sha256(path.join(models, name)) }],
    }));
}

/** Every package below `modules`, by name. */
export function partsIn(modules: string): readonly Part[] {
  const manifests = readdirSync(modules, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|node_modules\/)(@[^/]+\/)?[^/@]+\/package\.json$/.test(name))
    .sort();
  return manifests.flatMap((manifest) => {
    const folder = path.join(modules, path.dirname(manifest));
    const { name, version, license } = JSON.parse(readFileSync(path.join(modules, manifest), 'utf8')) as {
      name?: string;
      version?: string;
      license?: string;
    };
    if (name === undefined || version === undefined) return [];
    const texts = readdirSync(folder)
      .filter((file) => LICENCE.test(file) && statSync(path.join(folder, file)).isFile())
      .sort()
      .map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
    return [{ name, version, licence: license ?? 'not said', texts }];
  });
}

/** The licences of everything inside, one after the other. */
export function licenceTexts(parts: readonly Part[]): string {
  return parts
    .map(({ name, version, licence, texts }) => {
      const title = `${name} ${version} (${licence})`;
      const said = texts.length > 0 ? texts.join('\n\n') : 'The package has no licence file of its own.';
      return `${title}\n${'='.repeat(title.length)}\n\n${said}\n`;
    })
    .join('\n\n');
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
