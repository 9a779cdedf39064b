import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FACE_CHECK_DIR, MASK_HEAD_DIR, readFaceCheck, readMaskHead } from '../../src/io/tfjs/model-files.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const CHECK = path.join(ROOT, 'models/check-no-recognition.mjs');

type Checked = Readonly<{ code: number; stdout: string; stderr: string }>;

function check(root: string): Promise<Checked> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CHECK, root], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

type Lock = { packages: Record<string, { version?: string; dev?: boolean } | undefined> };

describe('what ships', () => {
  test('recognises nobody: every model file is known, no package and no name stands for recognition', async () => {
    expect((await readdir(path.join(ROOT, 'dist'))).includes('cli.js'), 'npm run build comes first').toBe(
      true,
    );
    const { code, stdout, stderr } = await check(ROOT);
    expect(stderr).toBe('');
    expect(stdout).toContain('nothing that recognises');
    // A look at nothing finds nothing.
    expect(Number(/^(\d+) packages/.exec(stdout)?.[1])).toBeGreaterThan(50);
    expect(Number(/(\d+) files/.exec(stdout)?.[1])).toBeGreaterThan(1000);
    expect(code).toBe(0);
  });

  test.each([
    ['mask head', readMaskHead, MASK_HEAD_DIR],
    ['face check', readFaceCheck, FACE_CHECK_DIR],
  ])('the %s gives one number a face, and its file has no room for more', async (_, read, folder) => {
    const head = await read();
    expect(head.outputWeights).toHaveLength(head.hidden);
    expect(head.outputBias).toBeTypeOf('number');
    const { length } = await readFile(path.join(folder, 'head.bin'));
    expect(length).toBe(head.inputs * head.hidden + 4 * (3 * head.hidden + 1));
    expect(length).toBeLessThanOrEqual(600_000);
  });
});

describe('what does not belong there is refused', () => {
  let root: string;
  const at = (place: string): string => path.join(root, place);
  const plant = async (place: string, content: string | Buffer): Promise<void> => {
    await mkdir(path.dirname(at(place)), { recursive: true });
    await writeFile(at(place), content);
  };
  const lock = async (change: (lock: Lock) => void): Promise<void> => {
    const read = JSON.parse(await readFile(at('package-lock.json'), 'utf8')) as Lock;
    change(read);
    await writeFile(at('package-lock.json'), JSON.stringify(read));
  };
  const refused = async (words: string): Promise<void> => {
    const { code, stderr } = await check(root);
    expect(stderr).toContain(words);
    expect(code).toBe(1);
  };

  /** A copy of the shipped tree whose production packages are the real ones, by link. */
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'fevergate-shipped-'));
    for (const place of ['dist', 'config', 'models', 'package-lock.json'])
      await cp(path.join(ROOT, place), at(place), { recursive: true });
    const { packages } = JSON.parse(await readFile(at('package-lock.json'), 'utf8')) as Lock;
    const production = Object.keys(packages).filter(
      (place) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(place) && packages[place]?.dev !== true,
    );
    for (const place of production) {
      // What is for other machines only is not there.
      if (!existsSync(path.join(ROOT, place))) continue;
      await mkdir(path.dirname(at(place)), { recursive: true });
      await symlink(path.join(ROOT, place), at(place));
    }
  });
  afterEach(() => rm(root, { recursive: true }));

  test('nothing, where nothing was planted', async () => {
    expect(await check(root)).toMatchObject({ code: 0, stderr: '' });
  });

  test('a recognition package among the dependencies', async () => {
    await plant('node_modules/face-api.js/package.json', '{"name":"face-api.js"}');
    await lock(({ packages }) => {
      packages['node_modules/face-api.js'] = { version: '0.22.2' };
    });
    await refused('node_modules/face-api.js: a package that recognises');
  });

  test('one hidden among the packages of another, and in no lock file', async () => {
    await plant('node_modules/left-pad/package.json', '{"name":"left-pad"}');
    await plant('node_modules/left-pad/node_modules/insightface-node/package.json', '{}');
    await refused('insightface-node: a package that recognises');
  });

  test('the package the detector was taken from, were it to ship', async () => {
    await plant('node_modules/@vladmandic/human/package.json', '{"name":"@vladmandic/human"}');
    expect((await check(root)).code).toBe(0);
    await lock(({ packages }) => {
      delete packages['node_modules/@vladmandic/human']?.dev;
    });
    await refused('node_modules/@vladmandic/human: a package that');
  });

  test('weights in a package of a harmless name', async () => {
    await plant('node_modules/left-pad/package.json', '{"name":"left-pad"}');
    await plant('node_modules/left-pad/lib/table.onnx', 'weights');
    await refused('node_modules/left-pad/lib/table.onnx: a model file that is not in');
  });

  test.each([
    ['models/mask-head/second.bin', 'weights', 'second.bin: a model file'],
    ['dist/io/data.json', '{"modelTopology":{},"weightsManifest":[]}', 'data.json: a model file'],
    ['config/cascade.xml', '<cascade type_id="opencv-cascade-classifier"></cascade>', 'cascade.xml: a model'],
    ['dist/io/faceres.js', 'export {}', 'faceres.js: a name that stands for recognition'],
    ['dist/vision/face-embedding.js', 'export {}', 'face-embedding.js: a name'],
  ])('%s', async (place, content, words) => {
    await plant(place, content);
    await refused(words);
  });

  test('a model file with one bit changed', async () => {
    const bytes = await readFile(at('models/mask-head/head.bin'));
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    await plant('models/mask-head/head.bin', bytes);
    await refused('models/mask-head/head.bin: a model file that is not in');
  });
});
