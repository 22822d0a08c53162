import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { root } from '../../scripts/dependencies.mjs';
import { faultsOf } from './html-example.js';
import { createProgram, entryPoints, publicDeclarations, type Example } from './public-api.js';

const program = createProgram();
const declarations = publicDeclarations(program);

/** Messages of the compiler for each of these modules, by their index. */
function compile(modules: readonly string[]): Map<number, string[]> {
  const texts = new Map(modules.map((code, index) => [join(root, `test/docs/~${index}.ts`), code]));
  const host = ts.createCompilerHost(program.getCompilerOptions(), true);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, options) => {
    const code = texts.get(path);
    // Source files that the first program has read are reused.
    return code === undefined
      ? (program.getSourceFile(path) ?? getSourceFile(path, options))
      : ts.createSourceFile(path, `${code}\nexport {};\n`, options, true);
  };
  const compiled = createProgram(host, [...texts.keys()]);
  const found = new Map<number, string[]>();
  for (const [index, path] of [...texts.keys()].entries()) {
    const file = compiled.getSourceFile(path);
    const diagnostics = [
      ...compiled.getSyntacticDiagnostics(file),
      ...compiled.getSemanticDiagnostics(file),
    ];
    const messages = diagnostics.map(({ messageText }) =>
      ts.flattenDiagnosticMessageText(messageText, '\n'),
    );
    if (messages.length > 0) found.set(index, messages);
  }
  return found;
}

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
