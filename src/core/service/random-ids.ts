import type { Ids } from '../ports/ids.js';

/** 128 random bits. `crypto.randomUUID` does not exist on a page that came over plain http. */
const draw = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** Identifiers that nobody can guess, from the platform's random source (W3C Web Cryptography). */
export const randomIds: Ids = { callID: draw, deviceID: draw };
