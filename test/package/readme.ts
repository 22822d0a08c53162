import assert from 'node:assert/strict';
import { rowsOf } from '../../scripts/docs/readme-table.mjs';
import type { InstalledPackages, PackageName } from './consumer.js';

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
