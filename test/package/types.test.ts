import assert from 'node:assert/strict';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { callProperties } from '../../src/components/shared/call-properties.js';
import { compile } from './compiler.js';
import { Consumer, root } from './consumer.js';

interface Named {
  readonly name: string;
  readonly kind?: string;
  readonly readonly?: boolean;
}
interface Element {
  readonly tagName: string;
  readonly name: string;
  readonly attributes?: readonly Named[];
  readonly members?: readonly Named[];
  readonly events?: readonly Named[];
}

/** Packages of frameworks that an application installs beside ringkit. */
const frameworkPackages = ['@types/react', 'preact', 'solid-js', 'svelte', 'vue'];

/** How each framework names the types of a tag, and the listener of an event. */
const frameworks = {
  react: {
    imports: "import type { JSX } from 'react';",
    tag: (tag: string) => `JSX.IntrinsicElements['${tag}']`,
    listener: (event: string) => `on${event}`,
  },
  preact: {
    imports: "import type { JSX } from 'preact';",
    tag: (tag: string) => `JSX.IntrinsicElements['${tag}']`,
    listener: (event: string) => `on${event}`,
  },
  solid: {
    imports: "import type { JSX } from 'solid-js';",
    tag: (tag: string) => `JSX.IntrinsicElements['${tag}']`,
    listener: (event: string) => `on:${event}`,
  },
  svelte: {
    imports: "import type { SvelteHTMLElements } from 'svelte/elements';",
    tag: (tag: string) => `SvelteHTMLElements['${tag}']`,
    listener: (event: string) => `on${event}`,
  },
  vue: {
    imports: "import type { GlobalComponents } from 'vue';",
    tag: (tag: string) => `InstanceType<GlobalComponents['${tag}']>['$props']`,
    listener: undefined,
  },
} as const;

const inJsx = (listener: string) => `
export const page = (
  <call-invitation-provider
    user-id="alice"
    noDefaultUI
    config={{ invitationTimeoutSeconds: 45 }}
    invitationEvents={{ onIncomingCallReceived: (callID, caller) => caller.userName.length }}
    ${listener}incoming-call-received={({ caller }) => caller.userName.length}
    ${listener}error={({ message }) => message.length}
    title="Calls"
  >
    <start-call-button callees={['bob', { userID: 'chen', userName: 'Chen' }]} call-type="video" timeout-seconds="30" disabled />
  </call-invitation-provider>
);
// @ts-expect-error -- there is no such property
export const misspelled = <start-call-button calees="bob" />;
// @ts-expect-error -- there is no such type of calls
export const wrongValue = <start-call-button call-type="vidio" />;
// @ts-expect-error -- the service is read-only
export const readOnly = <call-invitation-provider service={undefined} />;
// @ts-expect-error -- there is no such field of the event
export const wrongField = <call-invitation-provider ${listener}incoming-call-received={({ callee }) => callee} />;
// @ts-expect-error -- there is no such tag
export const wrongTag = <start-call-buton />;
`;

const inVue = `
type Provider = InstanceType<GlobalComponents['call-invitation-provider']>;
export const props: Provider['$props'] = {
  'user-id': 'alice',
  userId: 'alice',
  noDefaultUI: true,
  config: { invitationTimeoutSeconds: 45 },
  title: 'Calls',
};
export const wrongValue: InstanceType<GlobalComponents['start-call-button']>['$props'] = {
  // @ts-expect-error -- there is no such type of calls
  'call-type': 'vidio',
};
export function emitted(emit: Provider['$emit'], event: CallFactEvent<'incoming-call-received'>) {
  emit('incoming-call-received', event);
  // @ts-expect-error -- the event has other fields
  emit('outgoing-call-accepted', event);
}
`;

const onDocument = `
import 'ringkit/define';
document.addEventListener('incoming-call-received', ({ caller }) => caller.userName.length);
document.addEventListener('call-start', ({ callees }) => callees.length);
window.addEventListener('outgoing-call-sent', ({ callID }) => callID.length);
document.body.addEventListener('call-hang-up', ({ callID }) => callID.length);
// @ts-expect-error -- there is no such field of the event
document.addEventListener('incoming-call-received', ({ callee }) => callee);
`;

const lib = ['es2023', 'dom', 'dom.iterable'];

describe('the small window', () => {
  it('has all style properties of the page', async () => {
    const source = await readFile(
      join(root, 'src/components/call-invitation-provider/call-invitation-provider.ts'),
      'utf8',
    );
    const documented = [...source.matchAll(/@cssprop (--call-[\w-]+)/g)].map(([, name]) => name);
    assert.ok(documented.length > 20);
    assert.deepEqual([...callProperties].sort(), documented.sort());
  });
});

describe('the layers of the provider', () => {
  const read = (file: string) => readFile(join(root, 'src/components', file), 'utf8');
  for (const [element, layer] of [
    ['waiting-call-card', 'waiting-layer'],
    ['call-settings', 'settings-layer'],
  ] as const)
    it(`export all parts of <${element}>`, async () => {
      const source = await read(`${element}/${element}.ts`);
      const parts = [...source.matchAll(/@csspart ([\w-]+)/g)].map(([, name]) => name);
      const layerSource = await read(`call-invitation-provider/${layer}.ts`);
      const exported = /exportparts="([^"]+)"/.exec(layerSource)?.[1]?.split(', ');
      assert.ok(parts.length > 0);
      assert.deepEqual(exported?.sort(), parts.sort());
    });

  it('export the parts that the provider documents', async () => {
    const files = ['call-invitation-provider', 'waiting-layer', 'settings-layer'];
    const folder = 'call-invitation-provider';
    const sources = await Promise.all(files.map((file) => read(`${folder}/${file}.ts`)));
    const lists = sources.flatMap((source) => [...source.matchAll(/exportparts="([^"]+)"/g)]);
    const view = await read('ongoing-call-view/exported-parts.ts');
    lists.push(/PARTS =\s+'([^']+)'/.exec(view)!);
    const exported = new Set(lists.flatMap(([, list]) => list!.split(', ')));
    const documented = [...sources[0]!.matchAll(/@csspart ([\w-]+)/g)].map(([, name]) => name);
    assert.deepEqual(documented.sort(), [...exported].sort());
  });
});

describe('types of the tags', () => {
  let consumer: Consumer;
  let elements: readonly Element[];
  before(async () => {
    consumer = await Consumer.install('ringkit');
    await mkdir(consumer.installed('@types'), { recursive: true });
    for (const name of frameworkPackages)
      await symlink(join(root, 'node_modules', name), consumer.installed(name));
    const file = join(consumer.installed('ringkit'), 'dist/custom-elements.json');
    const { modules } = JSON.parse(await readFile(file, 'utf8')) as {
      modules: readonly { readonly declarations: readonly Element[] }[];
    };
    elements = modules.flatMap(({ declarations }) => declarations);
  });
  after(() => consumer.remove());

  /** A module that does not compile if a name of the manifest is missing in the types of a framework. */
  function allNames({ imports, tag, listener }: (typeof frameworks)[keyof typeof frameworks]) {
    const checks = elements.map(({ tagName, name, attributes = [], members = [], events = [] }) => {
      const properties = members
        .filter((each) => each.kind === 'field' && !each.readonly)
        .map((each) => each.name);
      const keys = [
        ...attributes.map((each) => each.name),
        ...properties,
        ...events.map((each) => listener?.(each.name) ?? []).flat(),
      ];
      return `
export const names${name}: (keyof ${tag(tagName)})[] = ${JSON.stringify(keys)};
export const values${name} = (element: ${name}): ${tag(tagName)} => ({
  ${properties.map((each) => `${each}: element.${each},`).join(' ')}
});`;
    });
    const classes = elements.map(({ name }) => name).join(', ');
    return `${imports}\nimport type { ${classes} } from 'ringkit';\n${checks.join('\n')}\n`;
  }

  it('are compared with all elements of the manifest', () => {
    assert.equal(elements.length, 9);
    assert.ok(
      elements.every(({ events = [] }) =>
        events.every(({ name }) => /^[a-z]+(-[a-z]+)*$/.test(name)),
      ),
    );
  });

  for (const name of ['react', 'preact', 'solid', 'svelte', 'vue'] as const) {
    it(`know each tag, attribute, property and event in ${name}`, async () => {
      const code =
        name === 'vue'
          ? `import type { CallFactEvent } from 'ringkit';${inVue}`
          : name === 'svelte'
            ? ''
            : inJsx(frameworks[name].listener(''));
      const text = `import 'ringkit/types/${name}';\n${allNames(frameworks[name])}${code}`;
      await compile(consumer, { moduleResolution: 'bundler', nodeTypes: false }, text, lib, {
        file: 'use.tsx',
        options: {
          jsx: name === 'solid' ? 'preserve' : 'react-jsx',
          jsxImportSource: { solid: 'solid-js', preact: 'preact' }[name as string] ?? 'react',
          skipLibCheck: true,
        },
      });
    });
  }

  it('know the events that bubble to the document and the window', () =>
    compile(consumer, { moduleResolution: 'bundler', nodeTypes: false }, onDocument, lib));
});
