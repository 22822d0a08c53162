import type { CallSnapshot, LocalMediaSnapshot } from '../../core/service/types.js';
import type { DeviceProblem } from '../../locales/en.js';
import type { CallHost } from './context.js';
import type { Texts } from './language.js';

/** Why a device is not available, derived from the name of the browser error. */
function deviceProblem(host: CallHost, kind: 'microphone' | 'camera'): DeviceProblem {
  if (!globalThis.isSecureContext) return 'insecure';
  switch (host.faults.get(kind)) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'blocked';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'missing';
  }
}

/**
 * A note about devices that are not available, with the reason; undefined if there is no problem. A missing camera
 * counts only in a video call, or after it has failed.
 */
export function deviceNote(
  host: CallHost | undefined,
  call: CallSnapshot,
  local: LocalMediaSnapshot | undefined,
  texts: Texts,
): string | undefined {
  if (!host || !local) return undefined;
  const microphone = local.microphone === 'unavailable' && deviceProblem(host, 'microphone');
  const faulty = call.callType === 'video' || host.faults.has('camera');
  const camera = faulty && local.camera === 'unavailable' && deviceProblem(host, 'camera');
  if (microphone && camera === microphone) return texts.noDevices(microphone);
  const notes = [
    microphone ? texts.noMicrophone(microphone) : '',
    camera ? texts.noCamera(camera) : '',
  ];
  return notes.filter((note) => note).join('. ') || undefined;
}
