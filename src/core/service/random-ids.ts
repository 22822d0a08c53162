import type { Ids } from '../ports/ids.js';

/** 128 random bits. `crypto.randomUUID` is not available in insecure contexts (plain http). */
const draw = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** Unguessable identifiers from the platform's cryptographic random source (W3C Web Cryptography). */
export const randomIds: Ids = { callID: draw, deviceID: draw };
