import assert from 'node:assert/strict';
import { join } from 'node:path';
import ts from 'typescript';
import { root, type Consumer } from './consumer.js';

/** Compiler configurations of projects. */
export const compilers = (['node16', 'nodenext', 'bundler'] as const).flatMap(
  (moduleResolution) => [
    { moduleResolution, nodeTypes: false },
    { moduleResolution, nodeTypes: true },
  ],
);
type Compiler = (typeof compilers)[number];

export const nameOf = ({ moduleResolution, nodeTypes }: Compiler): string =>
  `${moduleResolution}, ${nodeTypes ? 'with' : 'without'} the types of Node`;

const optionsOf = (
  { moduleResolution, nodeTypes }: Compiler,
  lib: readonly string[],
  more: object,
): ts.CompilerOptions => {
  const { options, errors } = ts.convertCompilerOptionsFromJson(
    {
      module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
      moduleResolution,
      target: 'es2022',
      lib,
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: nodeTypes ? ['node'] : [],
      ...more,
      ...(nodeTypes && { typeRoots: [join(root, 'node_modules/@types')] }),
    },
    root,
  );
  assert.deepEqual(errors, []);
  return options;
};

/** The parsed declarations of libraries, which are the same in all projects of this process. */
const declarations = new Map<string, ts.SourceFile | undefined>();

/** Parses each declaration file once for each way of parsing it. */
function hostOf(options: ts.CompilerOptions, folder: string): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  host.getCurrentDirectory = () => folder;
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (file, how, ...more) => {
    if (!file.endsWith('.d.ts')) return parse(file, how, ...more);
    const key = `${file} ${JSON.stringify(how)}`;
    if (!declarations.has(key)) declarations.set(key, parse(file, how, ...more));
    return declarations.get(key);
  };
  return host;
}

/**
 * Compiles a module of the project in strict mode, including the declarations of all libraries. It does what `tsc` does,
 * but in this process: a new process for each configuration parses the same libraries again, and runs slowly at first.
 * @param more the name of the module, and options in the form of tsconfig.json
 */
export async function compile(
  consumer: Consumer,
  compiler: Compiler,
  text: string,
  lib: readonly string[],
  { file = 'use.ts', options: more = {} }: { file?: string; options?: object } = {},
): Promise<void> {
  await consumer.write(file, text);
  const options = optionsOf(compiler, lib, more);
  const host = hostOf(options, consumer.folder);
  const rootNames = [join(consumer.folder, file)];
  const program = ts.createProgram({ rootNames, options, host });
  assert.equal(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host), '');
}
