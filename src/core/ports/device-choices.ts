/** What a device is used for. `ringer` is the audio output that plays the ringtone of incoming calls. */
export type DeviceSlot = (typeof DEVICE_SLOTS)[number];
export const DEVICE_SLOTS = ['microphone', 'camera', 'speaker', 'ringer'] as const;

/** A device that the user has selected. */
export interface DeviceChoice {
  /** Browsers replace the IDs of a site when its data is cleared, and in private windows. */
  readonly deviceId: string;
  /** Empty if the browser did not show it when the device was selected. */
  readonly label: string;
}

/** The devices that the user has selected. A missing one: the browser selects a device. */
export type DeviceChoices = Readonly<Partial<Record<DeviceSlot, DeviceChoice>>>;

/** Remembers the selected devices of one browser. Its methods never throw. */
export interface DeviceChoiceStorage {
  read(): DeviceChoices;
  write(choices: DeviceChoices): void;
}
