import { DEVICE_SLOTS } from '../ports/device-choices.js';
import type {
  DeviceChoice,
  DeviceChoices,
  DeviceChoiceStorage,
  DeviceSlot,
} from '../ports/device-choices.js';

/** Key in localStorage: the choices are the same for all users and pages of an origin in one browser. */
export const DEVICE_CHOICES_KEY = 'ringkit devices';

/** IDs of browsers have 64 characters. Longer texts are not from here. */
const MAX_LENGTH = 512;

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_LENGTH;

function readChoice(value: unknown): DeviceChoice | undefined {
  const { deviceId, label } = Object(value) as Partial<Record<string, unknown>>;
  return isText(deviceId) && deviceId && isText(label) ? { deviceId, label } : undefined;
}

/** @returns the well-formed choices of a stored text; other scripts of the page may have written it */
export function parseDeviceChoices(text: string | null | undefined): DeviceChoices {
  let value: unknown;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    // Not written by this module.
  }
  const stored = Object(value) as Partial<Record<DeviceSlot, unknown>>;
  const choices: Partial<Record<DeviceSlot, DeviceChoice>> = {};
  for (const slot of DEVICE_SLOTS) {
    const choice = readChoice(stored[slot]);
    if (choice) choices[slot] = choice;
  }
  return choices;
}

/**
 * Remembers the selected devices in localStorage. If that is blocked or full, they are remembered until the page is
 * closed.
 * @param storage returns localStorage; browsers throw where the page may not use it
 */
export function createDeviceChoiceStorage(
  storage: () => Pick<Storage, 'getItem' | 'setItem'> | undefined = () => globalThis.localStorage,
): DeviceChoiceStorage {
  /** The choices that could not be stored. */
  let unstored: DeviceChoices | undefined;
  return {
    read() {
      if (unstored) return unstored;
      try {
        return parseDeviceChoices(storage()?.getItem(DEVICE_CHOICES_KEY));
      } catch {
        return {};
      }
    },
    write(choices) {
      unstored = choices;
      try {
        const local = storage();
        local?.setItem(DEVICE_CHOICES_KEY, JSON.stringify(choices));
        if (local) unstored = undefined;
      } catch {
        // Blocked or full: kept in memory.
      }
    },
  };
}
