import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/dependencies.mjs';

/** A fenced code block. */
export interface CodeBlock {
  readonly language: string;
  /** What follows the language, such as `file=server.mjs`. */
  readonly info: string;
  readonly code: string;
  /** Line of the fence. */
  readonly line: number;
}

/** Paths of the Markdown files that readers of the project see, relative to its root. */
export function markdownFiles(): string[] {
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !/^(\.vitepress|reference)[\\/]/.test(file))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`);
  const inRoot = readdirSync(root).filter((file) => file.endsWith('.md'));
  return [...inRoot, 'server/README.md', ...inDocs].sort();
}

export const readMarkdown = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The code blocks of a text. Blocks in lists may be indented. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  for (const { 0: all, 1: indent = '', 2: fence = '', 3: code = '', index } of markdown.matchAll(
    /^( *)```(.*)\n([^]*?)^\1```$/gm,
  )) {
    if (all === '') continue;
    const [, language = '', info = ''] = /^(\S*)\s*(.*)$/.exec(fence.trim()) ?? [];
    const line = markdown.slice(0, index).split('\n').length;
    const unindented = code.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    blocks.push({ language, info, code: unindented, line });
  }
  return blocks;
}

/** The text without its code blocks, comments and front matter, with the same lines. */
export const prose = (markdown: string): string =>
  markdown.replaceAll(
    /^---\n[^]*?^---$|^( *)```[^]*?^\1```$|<!--[^]*?-->|<script[^]*?<\/script>/gm,
    (match) => match.replaceAll(/[^\n]/g, ''),
  );
