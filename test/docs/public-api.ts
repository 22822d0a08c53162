import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../../scripts/dependencies.mjs';

/** A class, function or constant that a package exports, with the content of its comment. */
export interface PublicDeclaration {
  readonly name: string;
  /** Path and line, for error messages. */
  readonly place: string;
  readonly examples: readonly Example[];
}

/** A fenced code block below an `@example`. */
export interface Example {
  readonly language: string;
  readonly code: string;
}

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  readonly workspaces?: readonly string[];
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

/** Import specifiers (`ringkit/core`) of all packages of the repository, with the source of each module. */
export function entryPoints(): Map<string, string> {
  const found = new Map<string, string>();
  const { workspaces = [] } = manifestIn('.');
  for (const folder of new Set(['.', ...workspaces])) {
    const { name, exports } = manifestIn(folder);
    for (const [path, target] of Object.entries(exports)) {
      if (typeof target === 'string') continue;
      // The former name of `ringkit-server`, which has the examples.
      if (name === 'ringkit' && path === './server') continue;
      const source = target.types.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '.ts');
      // The pattern `define/*`: its modules export elements that the main entry point exports, too.
      if (source.includes('*') || !existsSync(join(root, source))) continue;
      found.set(join(name, path), join(root, source));
    }
  }
  return found;
}

const compilerOptions: ts.CompilerOptions = {
  ...ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')).config,
    ts.sys,
    root,
  ).options,
  paths: {
    ...Object.fromEntries([...entryPoints()].map(([name, source]) => [name, [source]])),
    'ringkit/define/*': [join(root, 'src/define/*.ts')],
    'ringkit/types/*': [join(root, 'src/types/*.ts')],
  },
};

/**
 * @param files files or virtual modules of the host that the program contains, besides the entry points
 * @param options replace the options of the project
 */
export const createProgram = (
  host?: ts.CompilerHost,
  files: readonly string[] = [],
  options: ts.CompilerOptions = {},
): ts.Program =>
  ts.createProgram([...entryPoints().values(), ...files], { ...compilerOptions, ...options }, host);

/** Everything that exists at run time and is exported by an entry point, without duplicates. */
export function publicDeclarations(program: ts.Program): PublicDeclaration[] {
  const checker = program.getTypeChecker();
  const declarations = new Map<ts.Declaration, PublicDeclaration>();
  for (const source of entryPoints().values()) {
    const file = program.getSourceFile(source);
    const module = file && checker.getSymbolAtLocation(file);
    for (const symbol of module ? checker.getExportsOfModule(module) : []) {
      const origin =
        symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const declaration = origin.valueDeclaration;
      if (declaration) declarations.set(declaration, describe(origin.name, declaration));
    }
  }
  return [...declarations.values()];
}

function describe(name: string, declaration: ts.Declaration): PublicDeclaration {
  const file = declaration.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(declaration.getStart());
  const examples = ts
    .getJSDocTags(declaration)
    .filter(({ tagName }) => tagName.text === 'example')
    .flatMap(({ comment }) => examplesIn(ts.getTextOfJSDocComment(comment) ?? ''));
  return { name, place: `${file.fileName.slice(root.length)}:${line + 1}`, examples };
}

function examplesIn(comment: string): Example[] {
  return [...comment.matchAll(/```(\w*)\n([^]*?)```/g)].map(([, language = '', code = '']) => ({
    language,
    code,
  }));
}
