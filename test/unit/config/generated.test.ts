import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { documentedDefaults, settingsTables } from '../../../src/config/describe.ts';
import { configJsonSchema } from '../../../src/config/fields.ts';
import { defaultConfig, parseConfig } from '../../../src/config/load.ts';

// Drift checks: `npx vitest run test/unit/config -u` writes these files anew.

test('config/fevergate.yaml documents every field at its default', async () => {
  expect(parseConfig(documentedDefaults(), 'fevergate.yaml')).toEqual(defaultConfig());
  await expect(documentedDefaults()).toMatchFileSnapshot('../../../config/fevergate.yaml');
});

test('config/fevergate.schema.json is the schema', async () => {
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../config/fevergate.schema.json');
});

test('docs/configuration.md holds every field', async () => {
  const page = readFileSync('docs/configuration.md', 'utf8');
  const written = page.replace(
    /<!-- fields -->[\s\S]*<!-- \/fields -->/,
    () => `<!-- fields -->\n\n${settingsTables()}\n<!-- /fields -->`,
  );
  expect(written).toContain('### visit');
  await expect(written).toMatchFileSnapshot('../../../docs/configuration.md');
});
