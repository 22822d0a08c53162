import ts from 'typescript';

/** Attributes that every element has. */
const GLOBAL = /^(id|class|slot|lang|hidden|title|(data|aria)-.*)$/;

/** Errors in the custom elements of an HTML fragment: unknown tags and attributes. */
export function faultsOf(html: string, program: ts.Program): string[] {
  const faults: string[] = [];
  for (const [, tag = '', rest = ''] of html.matchAll(
    /<([a-z]+(?:-[a-z]+)+)((?:"[^"]*"|'[^']*'|[^"'>])*)>/g,
  )) {
    const known = attributesOf(tag, program);
    if (!known) {
      faults.push(`There is no element <${tag}>.`);
      continue;
    }
    for (const [, name = ''] of rest.matchAll(/([\w-]+)(?:=(?:"[^"]*"|'[^']*'))?/g)) {
      if (!GLOBAL.test(name) && !known.has(name)) faults.push(`<${tag}> has no attribute ${name}.`);
    }
  }
  return faults;
}

/** The attributes of an element according to the decorators of its class; undefined if the tag is unknown. */
function attributesOf(tag: string, program: ts.Program): Set<string> | undefined {
  const checker = program.getTypeChecker();
  const map = checker.resolveName(
    'HTMLElementTagNameMap',
    undefined,
    ts.SymbolFlags.Interface,
    false,
  );
  const entry = map && checker.getDeclaredTypeOfSymbol(map).getProperty(tag);
  if (!entry) return undefined;
  const attributes = new Set<string>();
  for (const { name, declarations = [] } of checker.getTypeOfSymbol(entry).getProperties()) {
    for (const declaration of declarations) {
      const decorator = ts.canHaveDecorators(declaration)
        ? ts.getDecorators(declaration)?.find((each) => each.getText().startsWith('@property('))
        : undefined;
      if (!decorator) continue;
      const [, named] = /attribute: (false|'[^']*')/.exec(decorator.getText()) ?? [];
      if (named !== 'false') attributes.add(named?.slice(1, -1) ?? name.toLowerCase());
    }
  }
  return attributes;
}
