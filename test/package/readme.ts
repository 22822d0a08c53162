import assert from 'node:assert/strict';
import { readMarkdown } from '../docs/markdown.js';
import type { InstalledPackages, PackageName } from './consumer.js';

/**
 * The rows of a table in README.md, as their cells.
 * @param head the beginning of its first line
 */
export function rowsOf(head: string): string[][] {
  const lines = readMarkdown('README.md').split('\n');
  const first = lines.findIndex((line) => line.startsWith(head));
  assert.ok(first >= 0, `README.md has no table "${head}".`);
  const end = lines.findIndex((line, index) => index > first && !line.startsWith('|'));
  return lines.slice(first + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Expects that README.md states about as many packages and megabytes as an installation has. */
export function checkFootprint(name: PackageName, installed: InstalledPackages): void {
  const [, , stated = ''] = rowsOf('| package ').find(([cell]) => cell === `\`${name}\``) ?? [];
  const [packages = 0, megabytes = 0] = (stated.match(/\d+/g) ?? []).map(Number);
  const actual = `${installed.packages.length} packages, ${installed.megabytes.toFixed(1)} MB`;
  assert.ok(
    // New versions of dependencies may have other dependencies.
    Math.abs(packages - installed.packages.length) <= 3 &&
      Math.abs(megabytes - installed.megabytes) <= 1,
    `README.md states ${stated}; ${name} has ${actual}`,
  );
}
