import { savedCall } from '../machine/snapshot.js';
import type { MachineState, SavedCall } from '../machine/types.js';
import type { CallTime } from './call-time.js';
import type { LocalMedia } from '../ports/media.js';

/**
 * @param resumed the call that this page continues after a reload
 * @returns the call that the next load of the page continues, with microphone and camera as they are
 */
export function callToSave(
  state: MachineState,
  { stream, microphone, camera }: LocalMedia,
  callTime: CallTime,
  resumed: SavedCall | undefined,
): SavedCall | undefined {
  const media = { microphone: microphone !== 'off', camera: camera !== 'off' };
  // A reload before the resumed call has come back.
  if (resumed && state.calls.get(resumed.id)?.phase === 'accepting')
    return stream ? { ...resumed, ...media } : resumed;
  const call = savedCall(state);
  return call && callTime.toSaved({ ...call, ...media });
}
