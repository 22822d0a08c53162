import { hueOf } from '../src/components/shared/avatar.js';

/** The kit tells twelve colours apart. */
const STEP = 30;

/** The hue that the kit's avatars give a person. @returns degrees, 0 to 359 */
export const hueDegreesOf = (userID: string): number => (hueOf(userID) * STEP) % 360;
