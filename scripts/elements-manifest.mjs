/**
 * Creates the Custom Elements Manifest, which editors read, from the comments of the sources.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError } from './dependencies.mjs';

/** @typedef {{ name: string, privacy?: string, tagName?: string, customElement?: boolean, members?: { name: string, privacy?: string, static?: boolean }[], events?: { name?: string }[] }} Declaration */
/** @typedef {{ kind: string, path: string, declarations: Declaration[], exports: object[] }} Module */

/** Each tag is registered by a separate module. */
const tags = readdirSync(join(root, 'src/define'))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => name.includes('-'));

/** The class of a tag has the same name in Pascal case. @param {string} tag */
const classOf = (tag) =>
  tag.replace(/(?:^|-)(\w)/g, (_, /** @type {string} */ letter) => letter.toUpperCase());

/**
 * An element as it is published: its public members, and its tag, which another module registers.
 * @param {Module} module
 * @param {string} tag
 * @returns {Module[]} the module of the class, and the module that registers it
 */
function publish(module, tag) {
  const name = classOf(tag);
  const element = module.declarations.find((declaration) => declaration.name === name);
  if (element === undefined) throw new SetupError(`${module.path} declares no ${name}.`);
  element.tagName = tag;
  element.customElement = true;
  element.members = (element.members ?? []).filter(
    (member) => (member.privacy ?? 'public') === 'public' && member.static !== true,
  );
  // An event of a class whose name the analyzer can't read is internal: events of the public interface are documented.
  element.events = (element.events ?? []).filter((event) => event.name);
  const path = `dist/${module.path.replace(/\.ts$/, '.js')}`;
  const declaration = { name, module: path };
  return [
    {
      kind: 'javascript-module',
      path,
      declarations: [element],
      exports: [{ kind: 'js', name, declaration }],
    },
    {
      kind: 'javascript-module',
      path: `dist/src/define/${tag}.js`,
      declarations: [],
      exports: [{ kind: 'custom-element-definition', name: tag, declaration }],
    },
  ];
}

/**
 * Writes custom-elements.json.
 * @param {string} folder relative to the root of the project
 * @throws {SetupError}
 */
export function writeElementsManifest(folder = 'dist') {
  const analyzer = join(root, 'node_modules/@custom-elements-manifest/analyzer/cem.js');
  // The configuration keeps the analyzer from writing the folder into package.json.
  const config = ['--config', 'scripts/custom-elements-manifest.config.mjs'];
  const parameters = ['analyze', '--litelement', '--outdir', folder, '--quiet', ...config];
  const globs = ['--globs', 'src/components/**/*.ts', '--exclude', '**/*.test.ts'];
  const result = spawnSync(process.execPath, [analyzer, ...parameters, ...globs], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0) throw new SetupError('The elements could not be analyzed.');

  const file = join(root, folder, 'custom-elements.json');
  /** @type {{ modules: Module[] }} */
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.modules = tags.flatMap((tag) => {
    const path = `src/components/${tag}/${tag}.ts`;
    const module = manifest.modules.find((each) => each.path === path);
    if (module === undefined) throw new SetupError(`The analyzer has not found ${path}.`);
    return publish(module, tag);
  });
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}
