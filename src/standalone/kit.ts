import * as elements from '../index.js';
import * as core from '../core/index.js';
import { createLocalTransport } from '../core/transports/local.js';
import { createServerTransport } from '../core/transports/server.js';

/** What the package's modules export, for pages without modules. */
export const kit = { ...core, ...elements, createLocalTransport, createServerTransport };
