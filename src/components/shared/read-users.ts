import type { CallUser } from '../../core/protocol/vocabulary.js';
import { CallError } from '../../core/service/call-error.js';

/** People, as a page names them: userIDs and users; as text, userIDs separated by white space, or a JSON array. */
export type UserList = string | readonly (string | CallUser)[] | null;

/**
 * @param name of the property, for the error
 * @throws {CallError} `invalid-argument` for JSON that is no array
 */
export function readUsers(users: UserList, name: string): readonly (string | CallUser)[] {
  if (typeof users !== 'string') return users ?? [];
  if (!users.trimStart().startsWith('[')) return users.split(/\s+/).filter((id) => id);
  try {
    return JSON.parse(users) as (string | CallUser)[];
  } catch (cause) {
    throw new CallError('invalid-argument', `${name} is not valid JSON.`, { cause });
  }
}
