import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile as compileModules } from './compile.js';
import { faultsOf } from './html-example.js';
import { createProgram, entryPoints, publicDeclarations, type Example } from './public-api.js';

const program = createProgram();
const declarations = publicDeclarations(program);

/** Messages of the compiler for each of these modules, by their index. */
const compile = (modules: readonly string[]): Map<number, string[]> =>
  compileModules(
    program,
    modules.map((code) => ({ code, type: 'ts' })),
  );

describe('the examples in comments of the public API', () => {
  it('are found at the exports of all entry points', () => {
    assert.ok([...entryPoints().keys()].includes('ringkit/core'));
    const names = declarations.map(({ name }) => name);
    for (const name of ['StartCallButton', 'createCallInvitationService', 'createCallServer']) {
      assert.ok(names.includes(name), name);
    }
  });

  it('exist for each class, element and function', () => {
    const without = declarations.filter(({ examples }) => examples.length === 0);
    assert.deepEqual(
      without.map(({ name, place }) => `${name} (${place})`),
      [],
    );
  });

  it('are TypeScript that compiles, or HTML with known elements and attributes', () => {
    const all = declarations.flatMap(({ place, examples }) =>
      examples.map((example) => ({ ...example, place })),
    );
    const typed = all.filter(({ language }) => language === 'ts');
    const faults = [...compile(typed.map(({ code }) => code))].map(
      ([index, messages]) => `${typed[index]?.place ?? ''}: ${messages.join(' ')}`,
    );
    for (const { language, code, place } of all) {
      if (language === 'html') faults.push(...faultsOf(code, program).map((f) => `${place}: ${f}`));
      else if (language !== 'ts') faults.push(`${place}: an example is ts or html`);
    }
    assert.deepEqual(faults, []);
  });

  it('are checked: errors in them are reported', () => {
    const wrong: Example['code'] =
      "import { createCallInvitationService } from 'ringkit/core'; createCallInvitationService({ user: 1 });";
    assert.equal(compile([wrong, "import 'ringkit/nowhere'; const a: string = 1;"]).size, 2);
    assert.deepEqual(faultsOf('<start-call-button calees="bob"></start-call-button>', program), [
      '<start-call-button> has no attribute calees.',
    ]);
    assert.deepEqual(faultsOf('<start-calls-button id="a">', program), [
      'There is no element <start-calls-button>.',
    ]);
  });
});
