import { readFile } from 'node:fs/promises';
import { Script } from 'node:vm';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { CallError } from '../../src/core/service/call-error.js';
import { InvitationService } from '../../src/core/service/invitation-service.js';
import { root } from '../package/consumer.js';

/** The browser APIs that the scripts need to load. The elements are defined, and never rendered. */
async function installPage(): Promise<void> {
  const { Element, HTMLElement, customElements, CSSStyleSheet } =
    await import('@lit-labs/ssr-dom-shim');
  const node = (): object => ({});
  class Observer {
    observe(): void {}
  }
  Object.assign(globalThis, {
    ...{ Element, HTMLElement, customElements, CSSStyleSheet },
    ...{ window: globalThis, location: new URL('http://page.example/') },
    ...{ MutationObserver: Observer, ShadowRoot: Object, Document: Object },
    document: {
      ...{ createComment: node, createTreeWalker: node, createElement: node },
      ...{
        querySelector: () => null,
        querySelectorAll: () => [],
        addEventListener: () => {},
        documentElement: {},
      },
    },
  });
}

/** The classes under test. */
interface Classes {
  readonly InvitationService: typeof InvitationService;
  readonly CallError: typeof CallError;
}

/**
 * Returns the classes under test: those of the sources; or, if the environment variable RINGKIT_BUILD names a script
 * build (`ringkit.js`, `ringkit.global.js`), those in `dist/`.
 */
export async function loadClasses(): Promise<Classes> {
  const build = process.env.RINGKIT_BUILD;
  if (build === undefined) return { InvitationService, CallError };
  await installPage();
  const file = join(root, 'dist', build);
  if (build === 'ringkit.js') await import(pathToFileURL(file).href);
  else new Script(await readFile(file, 'utf8'), { filename: file }).runInThisContext();
  const Provider = customElements.get('call-invitation-provider') as unknown as new () => {
    readonly service: InvitationService;
  };
  const { service } = new Provider();
  const error = await service.send({ invitees: [], callType: 'voice' }).catch((it: unknown) => it);
  return {
    InvitationService: service.constructor as typeof InvitationService,
    CallError: (error as CallError).constructor as typeof CallError,
  };
}
