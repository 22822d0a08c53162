/**
 * Creates the data with which editors complete and explain the tags, from the Custom Elements Manifest: for VS Code
 * (`html.customData`, `css.customData`) and for the editors of JetBrains (`web-types`).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateJetBrainsWebTypes } from 'custom-element-jet-brains-integration';
import { generateVsCodeCustomElementData } from 'custom-element-vs-code-integration';

/** Editors offer the values of a union of literals, not of a type that is only named. @param {string} json */
const withCallTypes = (json) => json.replaceAll('"CallType | null"', `"'voice' | 'video' | null"`);

/**
 * Writes the files beside the manifest, which must exist.
 * @param {string} outdir an absolute path
 */
export function writeEditorData(outdir) {
  const text = readFileSync(join(outdir, 'custom-elements.json'), 'utf8');
  const manifest = JSON.parse(withCallTypes(text));
  // The properties have no defaults that the manifest knows; they are described by the data for CSS.
  const options = { outdir, hideCssPropertiesDocs: true };
  generateVsCodeCustomElementData(manifest, {
    ...options,
    htmlFileName: 'vscode.html-custom-data.json',
    cssFileName: 'vscode.css-custom-data.json',
  });
  generateJetBrainsWebTypes(manifest, { ...options, packageJson: false });
}
