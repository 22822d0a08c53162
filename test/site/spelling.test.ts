import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import dictionary from 'dictionary-en-gb';
import nspell from 'nspell';
import { root } from '../../scripts/dependencies.mjs';
import { markdownFiles, prose, readMarkdown } from '../docs/markdown.js';

/** Words that are right here, one a line: names, and terms of the field. */
const ownWords = readFileSync(join(root, 'test/site/words.txt'), 'utf8').split('\n');

const spelling = nspell(dictionary);
for (const word of ownWords) spelling.add(word);

/** Words of the sentences of a text: neither code, nor links, nor HTML. */
function wordsOf(markdown: string): Set<string> {
  const text = prose(markdown)
    .replaceAll(/`[^`\n]*(\n[^`\n]*)?`/g, ' ')
    .replaceAll(/\]\([^)]*\)|<[^>]*>|https?:\S+|[\w.-]+@[\w.-]+/g, ' ')
    .replaceAll('’', "'");
  return new Set(text.match(/(?<![\p{L}\p{N}_.:/-])\p{Ll}[\p{Ll}']{3,}(?![\p{L}\p{N}_(])/gu));
}

const misspelt = (markdown: string): string[] =>
  [...wordsOf(markdown)].filter((word) => !spelling.correct(word.replace(/'s$|'$/, '')));

describe('the words of the documentation', () => {
  it('are spelt as in the dictionary, or listed in words.txt', () => {
    const found = new Map<string, string>();
    for (const file of markdownFiles()) {
      if (/decisions|CHANGELOG/.test(file)) continue;
      for (const word of misspelt(readMarkdown(file))) found.set(word, file);
    }
    assert.deepEqual([...found].map(([word, file]) => `${word} (${file})`).sort(), []);
  });

  it('are checked', () => {
    assert.deepEqual(misspelt('A mispelt word, `anothr` one, and callerss.'), [
      'mispelt',
      'callerss',
    ]);
  });
});
