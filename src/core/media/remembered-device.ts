import type { DeviceChoice } from '../ports/device-choices.js';

/** The members of `MediaDeviceInfo` by which a device is recognised. */
export type ListedDevice = Pick<MediaDeviceInfo, 'deviceId' | 'label'>;

/**
 * Finds a device that the user has selected, possibly in an earlier session: by its ID, else by its label, because
 * browsers give devices new IDs when the data of a site is cleared, and in each private window.
 * @param devices devices of the same kind. Without permission, their IDs or labels are empty, and match nothing
 */
export function findRemembered<T extends ListedDevice>(
  choice: DeviceChoice | undefined,
  devices: readonly T[],
): T | undefined {
  if (!choice) return undefined;
  const listed = devices.filter(({ deviceId }) => deviceId !== '');
  return (
    listed.find(({ deviceId }) => deviceId === choice.deviceId) ??
    (choice.label === '' ? undefined : listed.find(({ label }) => label === choice.label))
  );
}
