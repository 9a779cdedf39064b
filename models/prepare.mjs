// Copies the face detector's weights, and nothing else, out of the @vladmandic/human package into models/face-detector/.
// That package also holds recognition nets; they never enter this tree. Run by `npm run models`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PINNED = {
  'blazeface.json': 'cd7bbfc078270572beb39f9e5ae67aadbd50b5e67cff37e6d4f6b3ea39312e5f',
  'blazeface.bin': 'dc9a97fdc50bc43216554bdd69aa3e7b9361a519ee7bdd996a2f69a98a6f9b72',
};

const target = new URL('./face-detector/', import.meta.url);
const source = new URL('../node_modules/@vladmandic/human/models/', import.meta.url);
const matches = (file, sha256) =>
  existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === sha256;

mkdirSync(target, { recursive: true });
for (const [name, sha256] of Object.entries(PINNED)) {
  const to = new URL(name, target);
  if (matches(to, sha256)) continue;
  const from = new URL(name, source);
  if (!existsSync(from)) {
    process.stderr.write(`${fileURLToPath(from)} is missing: run npm ci with development dependencies\n`);
    process.exit(1);
  }
  if (!matches(from, sha256)) {
    process.stderr.write(`${fileURLToPath(from)} is not the pinned file (SHA-256 ${sha256}): nothing copied\n`);
    process.exit(1);
  }
  writeFileSync(to, readFileSync(from));
}
