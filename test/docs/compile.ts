import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../../scripts/dependencies.mjs';
import { createProgram } from './public-api.js';

/** A module that is not a file, with its file type. */
export interface VirtualModule {
  readonly code: string;
  readonly type: 'ts' | 'tsx' | 'js';
}

/**
 * Messages of the compiler for each of these modules, by their index.
 * @param program a program whose source files are reused
 * @param declarations text of a declaration file that the modules need
 * @param options replace the options of the project
 */
export function compile(
  program: ts.Program,
  modules: readonly VirtualModule[],
  declarations = '',
  options: ts.CompilerOptions = {},
): Map<number, string[]> {
  const texts = new Map(
    modules.map(({ code, type }, index) => [join(root, `test/docs/~${index}.${type}`), code]),
  );
  const declared = join(root, 'test/docs/~declared.d.ts');
  const known = new Map([...texts, [declared, declarations]]);
  const host = ts.createCompilerHost(program.getCompilerOptions(), true);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => known.has(path) || fileExists(path);
  host.readFile = (path) => known.get(path) ?? readFile(path);
  host.getSourceFile = (path, target) => {
    const code = known.get(path);
    return code === undefined
      ? (program.getSourceFile(path) ?? getSourceFile(path, target))
      : ts.createSourceFile(path, path === declared ? code : `${code}\nexport {};\n`, target, true);
  };
  const compiled = createProgram(host, [...known.keys()], options);
  const found = new Map<number, string[]>();
  for (const [index, path] of [...texts.keys()].entries()) {
    const file = compiled.getSourceFile(path);
    const messages = [
      ...compiled.getSyntacticDiagnostics(file),
      ...compiled.getSemanticDiagnostics(file),
    ]
      .map(({ messageText, start = 0 }) => {
        const { line } = file!.getLineAndCharacterOfPosition(start);
        return `${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      })
      // Other files of the same example.
      .filter((message) => !/Cannot find module '\.{1,2}\//.test(message));
    if (messages.length > 0) found.set(index, messages);
  }
  return found;
}
