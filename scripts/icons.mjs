/**
 * `npm run icons`: writes the icons that the elements show to src/components/shared/lucide/, one module each, from the
 * installed Lucide version, with its licence. So applications that install ringkit get these icons and not the whole set
 * (34 MB). Run it after a change of the list below or of Lucide's version. A test compares the folder with the installed
 * version.
 *
 * See docs/decisions/0024.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './dependencies.mjs';

/** Names of the icons in Lucide. */
const names = [
  'ban',
  'bell',
  'bell-off',
  'bell-ring',
  'chevron-down',
  'download',
  'ellipsis',
  'eye',
  'grip-vertical',
  'maximize',
  'maximize-2',
  'message-square-text',
  'mic',
  'mic-off',
  'minimize',
  'minimize-2',
  'monitor-up',
  'pause',
  'phone',
  'phone-incoming',
  'phone-missed',
  'phone-outgoing',
  'picture-in-picture-2',
  'pin',
  'play',
  'settings-2',
  'shield-check',
  'switch-camera',
  'trash',
  'user-round-plus',
  'video',
  'video-off',
  'wifi-off',
  'x',
];

const lucide = join(root, 'node_modules/lucide');

/** The folder of the icon modules. */
export const iconFolder = join(root, 'src/components/shared/lucide');

/** @param {string} name */
const classNameOf = (name) =>
  name.replace(/(?:^|-)(\w)/g, (_, /** @type {string} */ letter) => letter.toUpperCase());

/**
 * The text of one icon module.
 * @param {string} name
 * @param {string} version of Lucide
 */
async function moduleOf(name, version) {
  const { default: node } = await import(join(lucide, `dist/esm/icons/${name}.mjs`));
  return `/*! Lucide ${version}, ${name}. ISC licence: see LICENSE in this folder. Written by \`npm run icons\`. */
import type { IconNode } from '../icons.js';

export const ${classNameOf(name)}: IconNode = ${JSON.stringify({ name, shapes: node })};
`;
}

/**
 * The expected contents of the folder: text by file name.
 * @returns {Promise<Map<string, string>>}
 */
export async function iconFiles() {
  const { format, resolveConfig } = await import('prettier');
  const { version } = JSON.parse(readFileSync(join(lucide, 'package.json'), 'utf8'));
  /** @type {Map<string, string>} */
  const files = new Map([['LICENSE', readFileSync(join(lucide, 'LICENSE'), 'utf8')]]);
  for (const name of names) {
    const file = `${name}.ts`;
    const filepath = join(iconFolder, file);
    const options = { ...(await resolveConfig(filepath)), filepath };
    files.set(file, await format(await moduleOf(name, version), options));
  }
  return files;
}

async function writeIcons() {
  mkdirSync(iconFolder, { recursive: true });
  const files = await iconFiles();
  for (const file of readdirSync(iconFolder)) if (!files.has(file)) rmSync(join(iconFolder, file));
  for (const [file, text] of files) writeFileSync(join(iconFolder, file), text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeIcons();
