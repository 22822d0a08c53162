import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../scripts/dependencies.mjs';
import { headingSlug } from '../../scripts/docs/heading-slug.mjs';
import { markdownFiles, prose, readMarkdown } from './markdown.js';

/** The names of headings in links, as hosts of repositories make them. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose(markdown).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)|[`*]/g, '$1');
    const slug = headingSlug(text);
    let unique = slug;
    for (let count = 1; anchors.has(unique); count++) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Links of a text to files and headings of the repository that do not exist. */
function deadLinks(markdown: string, folder: string): string[] {
  const dead: string[] = [];
  for (const [, link = ''] of prose(markdown).matchAll(/\]\(<?([^)\s>]+)>?\)/g)) {
    if (/^[a-z]+:/.test(link)) continue;
    const [path = '', anchor] = link.split('#');
    const target = join(root, folder, decodeURI(path));
    const isHere = path === '';
    if (!isHere && !existsSync(target)) dead.push(link);
    else if (anchor !== undefined && (isHere || path.endsWith('.md'))) {
      const text = isHere ? markdown : readMarkdown(relative(root, target));
      if (!anchorsOf(text).has(anchor)) dead.push(link);
    }
  }
  return dead;
}

describe('links in the Markdown files', () => {
  it('lead to files and headings that exist', () => {
    const files = markdownFiles();
    assert.ok(files.includes('README.md') && files.includes('docs/guides/react.md'));
    const dead = files.flatMap((file) =>
      deadLinks(readMarkdown(file), dirname(file)).map((link) => `${file}: ${link}`),
    );
    assert.deepEqual(dead, []);
  });

  it('are checked: dead ones are found', () => {
    const text =
      '# A `b` c\n[x](#a-b-c) [y](#nothing) [z](docs/nowhere.md) [s](docs/server.md#no) `[c](d.md)`';
    assert.deepEqual(deadLinks(text.replace(/`\[.*/, ''), '.'), [
      '#nothing',
      'docs/nowhere.md',
      'docs/server.md#no',
    ]);
  });
});
