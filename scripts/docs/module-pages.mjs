import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../dependencies.mjs';
import { codeCell, table, toCell, toMarkdown } from './doc-comments.mjs';

/** @typedef {{ name: string, title: string, source: string, intro: string }} ModulePage */

/** @type {readonly ModulePage[]} */
const modules = [
  {
    name: 'core',
    title: 'ringkit/core',
    source: 'src/core/index.ts',
    intro: 'The service and its types. [The service](../service.md) explains them.',
  },
  {
    name: 'transport-local',
    title: 'ringkit/transports/local',
    source: 'src/core/transports/local.ts',
    intro: 'Calls between the tabs of one browser.',
  },
  {
    name: 'transport-server',
    title: 'ringkit/transports/server',
    source: 'src/core/transports/server.ts',
    intro: 'Calls over a signalling server.',
  },
  {
    name: 'transport-memory',
    title: 'ringkit/transports/memory',
    source: 'src/core/transports/memory.ts',
    intro: 'Calls inside one process, for tests.',
  },
  {
    name: 'server',
    title: 'ringkit-server',
    source: 'server/index.ts',
    intro: 'The signalling server as a module. [The signalling server](../server.md) explains it.',
  },
];

const printer = ts.createPrinter({ removeComments: true });

/**
 * A page for each module of the packages: its exports, with their comments.
 * @returns {{ name: string, title: string, text: string }[]}
 */
export function modulePages() {
  const file = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(
    modules.map(({ source }) => join(root, source)),
    options,
  );
  const checker = program.getTypeChecker();
  return modules.map(({ name, title, source, intro }) => {
    const module = program.getSourceFile(join(root, source));
    const symbol = module && checker.getSymbolAtLocation(module);
    const exports = symbol ? checker.getExportsOfModule(symbol) : [];
    const parts = exports
      .toSorted((a, b) => kindOf(a, checker) - kindOf(b, checker) || a.name.localeCompare(b.name))
      .map((each) => exportText(each, checker))
      .filter((text) => text !== '');
    return { name, title, text: [`# ${title}`, intro, ...parts].join('\n\n') };
  });
}

/** @param {ts.Symbol} symbol @param {ts.TypeChecker} checker */
const originOf = (symbol, checker) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** Functions and classes first, then types. @param {ts.Symbol} symbol @param {ts.TypeChecker} checker */
const kindOf = (symbol, checker) =>
  originOf(symbol, checker).flags & ts.SymbolFlags.Value ? 0 : 1;

/** The comment of a symbol, and what its tags say. @param {ts.Symbol} symbol @param {ts.TypeChecker} checker */
function comment(symbol, checker) {
  const tags = symbol.getJsDocTags(checker).map((tag) => ({
    name: tag.name,
    text: ts.displayPartsToString(tag.text),
  }));
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const example = tags.filter(({ name }) => name === 'example').map(({ text: code }) => code);
  const more = tags.flatMap(({ name, text: each }) => {
    if (name === 'returns') return [`Returns ${each}`];
    if (name === 'throws') return [`Throws, or rejects with: ${each.replace(/^\{(\w+)\}\s*/, '')}`];
    return name === 'deprecated' ? [`Deprecated: ${each}`] : [];
  });
  return { text: [text, ...more].filter(Boolean), example };
}

/** @param {ts.Symbol} exported @param {ts.TypeChecker} checker */
function exportText(exported, checker) {
  const symbol = originOf(exported, checker);
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined) return '';
  const { text, example } = comment(symbol, checker);
  const parts = [`## ${exported.name}`, ...text.map(toMarkdown)];
  const signature = signatureOf(declaration);
  if (signature !== '') parts.push(`\`\`\`ts\n${signature}\n\`\`\``);
  if (ts.isInterfaceDeclaration(declaration) || ts.isClassDeclaration(declaration)) {
    parts.push(membersTable(symbol, checker));
  }
  parts.push(...example.map(toMarkdown));
  return parts.filter(Boolean).join('\n\n');
}

/** The declaration without its body. Members of interfaces and classes are in a table. @param {ts.Declaration} declaration */
function signatureOf(declaration) {
  const file = declaration.getSourceFile();
  if (ts.isFunctionDeclaration(declaration)) {
    const bodyless = ts.factory.updateFunctionDeclaration(
      declaration,
      declaration.modifiers?.filter(({ kind }) => kind !== ts.SyntaxKind.AsyncKeyword),
      ...[declaration.asteriskToken, declaration.name, declaration.typeParameters],
      ...[declaration.parameters.map(simplified), declaration.type, undefined],
    );
    return printer.printNode(ts.EmitHint.Unspecified, bodyless, file);
  }
  if (ts.isTypeAliasDeclaration(declaration)) {
    return printer.printNode(ts.EmitHint.Unspecified, declaration, file);
  }
  return '';
}

/** A parameter without its default; `options` instead of its destructuring. @param {ts.ParameterDeclaration} parameter */
const simplified = (parameter) =>
  ts.factory.updateParameterDeclaration(
    parameter,
    ...[parameter.modifiers, parameter.dotDotDotToken],
    ts.isIdentifier(parameter.name) ? parameter.name : 'options',
    parameter.initializer
      ? ts.factory.createToken(ts.SyntaxKind.QuestionToken)
      : parameter.questionToken,
    ...[parameter.type, undefined],
  );

/** @param {ts.Symbol} symbol @param {ts.TypeChecker} checker */
function membersTable(symbol, checker) {
  const rows = checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
    .flatMap((member) => {
      const [declaration] = member.declarations ?? [];
      if (declaration === undefined || !isPublic(declaration)) return [];
      const optional = member.flags & ts.SymbolFlags.Optional ? '?' : '';
      const type = typeText(member, declaration, checker);
      const { text } = comment(member, checker);
      return [[codeCell(`${member.name}${optional}`), codeCell(type), toCell(text.join('. '))]];
    });
  return table(['member', 'type', 'meaning'], rows);
}

/** @param {ts.Declaration} declaration */
const isPublic = (declaration) =>
  declaration.getSourceFile().fileName.startsWith(root) &&
  !declaration.getSourceFile().fileName.includes('node_modules') &&
  !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.NonPublicAccessibilityModifier) &&
  !(
    'name' in declaration &&
    declaration.name !== undefined &&
    ts.isPrivateIdentifier(/** @type {ts.Node} */ (declaration.name))
  );

/** The type as it is written, else as the compiler infers it. @param {ts.Symbol} member @param {ts.Declaration} declaration @param {ts.TypeChecker} checker */
function typeText(member, declaration, checker) {
  if (
    (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration)) &&
    declaration.type
  ) {
    return declaration.type.getText();
  }
  const type = checker.getTypeOfSymbolAtLocation(member, declaration);
  return checker.typeToString(type, declaration, ts.TypeFormatFlags.NoTruncation);
}
