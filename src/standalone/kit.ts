import * as elements from '../index.js';
import * as core from '../core/index.js';
import { createLocalTransport } from '../core/transports/local.js';
import { createServerTransport } from '../core/transports/server.js';

/** The exports of the package's modules, for pages without modules. */
export const kit = { ...core, ...elements, createLocalTransport, createServerTransport };
