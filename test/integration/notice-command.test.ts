import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noticeCommand } from '../../src/commands/notice.ts';
import { timeServers } from '../../src/io/linux/time-servers.ts';
import { openAuditTrail } from '../../src/io/store/audit-file.ts';
import { openVisitStore } from '../../src/io/store/visit-store.ts';
import type { NoticeFacts } from '../../src/notice/facts.ts';
import { aVisit } from '../support/a-visit.ts';
import { PHOTO_CONFIG } from '../support/gate-facts.ts';
import { inProcess } from '../support/in-process.ts';

const run = promisify(execFile);
let folder: string;
let config: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-notice-'));
  const directory = path.join(folder, 'records');
  config = path.join(folder, 'gate.yaml');
  await writeFile(config, PHOTO_CONFIG.replace('records:', `records:\n  directory: ${directory}`));
  const store = await openVisitStore({ directory, capVisits: 3 });
  for (const number of [1, 2, 3, 4, 5]) await store.append(aVisit(number));
  await store.close();
  const trail = await openAuditTrail(directory);
  await trail.append({ event: 'deletion', because: 'cap', visits: 2, photos: 0 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('fevergate notice', () => {
  test('tells the records as they are', async () => {
    const { code, stdout } = await inProcess(noticeCommand(), ['--format', 'json', '--config', config]);
    expect(code).toBe(0);
    const facts = JSON.parse(stdout) as NoticeFacts;
    expect(facts.held.visits).toBe(3);
    expect(facts.deletions.cap).toBe(2);
    expect(facts.audit).toMatchObject({ entries: 1, whole: true });
    expect(facts.storage.configured).toBe(3);
  });

  test('writes HTML by default, in Korean', async () => {
    const out = path.join(folder, 'notice.html');
    expect(await inProcess(noticeCommand(), ['--config', config, '--out', out])).toMatchObject({
      code: 0,
      stdout: '',
    });
    const html = await readFile(out, 'utf8');
    expect(html).toContain('<html lang="ko">');
    expect(html).toContain('3건');
  });

  test.each(['notice', 'policy', 'assessment'])('writes the %s as PDF', async (document) => {
    const out = path.join(folder, `${document}.pdf`);
    const flags = ['--document', document, '--format', 'pdf', '--lang', 'en'];
    expect(await inProcess(noticeCommand(), [...flags, '--config', config, '--out', out])).toMatchObject({
      code: 0,
    });
    const { stdout } = await run('pdftotext', [out, '-']);
    expect(stdout).toContain('“성동구청”');
    expect(stdout).toMatch(/clinical\s+thermometer/);
  });

  test('the code on the sign is read by a scanner: the address of the notice, or its short form', async () => {
    const without = path.join(folder, 'without.yaml');
    await writeFile(without, PHOTO_CONFIG.replace(/noticeUrl: '[^']*'/, 'noticeUrl: null'));
    const out = path.join(folder, 'sign.pdf');
    const scanned: string[] = [];
    for (const gate of [config, without]) {
      const flags = ['--document', 'sign', '--config', gate, '--out', out];
      expect(await inProcess(noticeCommand(), flags)).toMatchObject({ code: 0 });
      expect((await run('pdfinfo', [out])).stdout).toMatch(/Pages:\s+1\n/);
      await run('pdftoppm', ['-r', '150', '-png', '-singlefile', out, path.join(folder, 'sign')]);
      scanned.push((await run('zbarimg', ['--quiet', '--raw', path.join(folder, 'sign.png')])).stdout.trim());
    }
    expect(scanned[0]).toBe('https://gate.example/notice');
    expect(scanned[1]).toContain('누구인지 인식하지 않습니다.');
    expect(scanned[1]).toContain('A sealed photo is kept of masked visitors.');
  });

  test('a folder of records that cannot be read makes no notice', async () => {
    const broken = path.join(folder, 'broken.yaml');
    await writeFile(broken, `records: { directory: ${config} }`);
    const { code, stdout, stderr } = await inProcess(noticeCommand(), ['--config', broken]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('gate.yaml');
  });
});

describe('time servers', () => {
  test('are read from the settings of the machine’s clock service', async () => {
    const root = path.join(folder, 'root');
    const write = async (file: string, text: string): Promise<void> => {
      await run('mkdir', ['-p', path.dirname(path.join(root, file))]);
      await writeFile(path.join(root, file), text);
    };
    expect(await timeServers(root)).toEqual([]);
    await write('etc/systemd/timesyncd.conf', '[Time]\n#NTP=\n#FallbackNTP=0.pool.example 1.pool.example\n');
    expect((await timeServers(root)).map(({ host }) => host)).toEqual(['0.pool.example', '1.pool.example']);
    await write('etc/systemd/timesyncd.conf', '[Time]\nNTP=time.example\n#FallbackNTP=0.pool.example\n');
    await write('etc/chrony/chrony.conf', '# server old.example\npool chrony.example iburst\n');
    expect(await timeServers(root)).toEqual([
      { host: 'time.example', file: '/etc/systemd/timesyncd.conf' },
      { host: 'chrony.example', file: '/etc/chrony/chrony.conf' },
    ]);
  });
});
