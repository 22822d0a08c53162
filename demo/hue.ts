import { hueOf } from '../src/components/shared/avatar.js';

/** ringkit uses twelve avatar colours. */
const STEP = 30;

/** The hue of a user's avatar. @returns degrees, 0 to 359 */
export const hueDegreesOf = (userID: string): number => (hueOf(userID) * STEP) % 360;
