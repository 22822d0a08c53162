import type { CallConfig } from '../../src/core/index.js';

/** What the playground shows; stored in the fragment of its URL, and passed to the frame in the same form. */
export interface PlaygroundState {
  readonly element: string;
  readonly scene: string;
  /** Empty: that of the system. */
  readonly scheme: '' | 'light' | 'dark';
  readonly lang: string;
  readonly size: string;
  /** Attributes that were set; a boolean one has the value `''`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Values of `--call-*` properties. */
  readonly tokens: Readonly<Record<string, string>>;
  /** The provider's `config` as JSON, empty for that of the scene. */
  readonly config: string;
}

export const START: PlaygroundState = {
  ...{ element: 'incoming-call-dialog', scene: '', scheme: '', lang: 'en', size: 'window' },
  ...{ attributes: {}, tokens: {}, config: '' },
};

/** Prefixes of parameters for attributes and for `--call-*` properties. */
const ATTRIBUTE = '@';
const TOKEN = '--';

const withPrefix = (query: URLSearchParams, prefix: string): Record<string, string> =>
  Object.fromEntries(
    [...query]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [prefix === ATTRIBUTE ? name.slice(1) : name, value]),
  );

/** @param hash the fragment of a URL, with or without `#` */
export function readState(hash: string): PlaygroundState {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const scheme = query.get('scheme');
  return {
    element: query.get('element') ?? START.element,
    scene: query.get('scene') ?? START.scene,
    scheme: scheme === 'light' || scheme === 'dark' ? scheme : '',
    lang: query.get('lang') ?? START.lang,
    size: query.get('size') ?? START.size,
    attributes: withPrefix(query, ATTRIBUTE),
    tokens: withPrefix(query, TOKEN),
    config: query.get('config') ?? '',
  };
}

/** The fragment that {@link readState} reads. Contains only what differs from the start. */
export function writeState({ attributes, tokens, ...rest }: PlaygroundState): string {
  const query = new URLSearchParams();
  const names = ['element', 'scene', 'scheme', 'lang', 'size', 'config'] as const;
  for (const name of names) if (rest[name] !== START[name]) query.set(name, rest[name]);
  for (const [name, value] of Object.entries(attributes)) query.set(ATTRIBUTE + name, value);
  for (const [name, value] of Object.entries(tokens)) query.set(name, value);
  return query.toString();
}

/** The `config` of this JSON text; undefined if it is empty or no JSON object. */
export function readConfig(text: string): CallConfig | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
