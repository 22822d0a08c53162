import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { tokenGroups } from './controls.js';

const styles = ['base', 'call-view'].map((name) =>
  readFileSync(`src/components/shared/${name}.styles.ts`, 'utf8'),
);

/** The value that the style sheets use without this property, as `16px`. */
function standardOf(property: string): string | undefined {
  const usage = new RegExp(`var\\(${property}, (?:var\\((--_[\\w-]+)\\)|(\\d+px))\\)`);
  const [, other, value] = styles.map((text) => usage.exec(text)).find(Boolean) ?? [];
  if (other === undefined) return value;
  const definition = new RegExp(`${other}: var\\((--call-[\\w-]+),`);
  const [, source] = styles.map((text) => definition.exec(text)).find(Boolean) ?? [];
  return source && standardOf(source);
}

describe('the sliders of the playground', () => {
  const lengths = tokenGroups
    .flatMap(({ tokens }) => tokens)
    .filter((token) => token.type === 'length');

  for (const { name, standard } of lengths)
    it(`begin at what the elements use without ${name}`, () =>
      assert.equal(`${standard}px`, standardOf(name)));

  it('reach a radius that makes the largest avatar round', () => {
    const maxOf = (property: string) => lengths.find(({ name }) => name === property)?.max ?? NaN;
    assert.ok(maxOf('--call-radius-full') * 2 >= maxOf('--call-avatar-size'));
  });
});
