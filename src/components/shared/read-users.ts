import type { CallUser } from '../../core/protocol/vocabulary.js';
import { CallError } from '../../core/service/call-error.js';

/** A list of users: user IDs and user objects. As text: user IDs separated by white space, or a JSON array. */
export type UserList = string | readonly (string | CallUser)[] | null;

/**
 * @param name name of the property, for the error message
 * @throws {CallError} `invalid-argument` if the text is not a JSON array, or separates user IDs by commas, as frameworks
 *   do that write an array into an attribute
 */
export function readUsers(users: UserList, name: string): readonly (string | CallUser)[] {
  if (typeof users !== 'string') return users ?? [];
  if (!users.trimStart().startsWith('[')) {
    if (!users.includes(',')) return users.split(/\s+/).filter((id) => id);
    throw new CallError(
      'invalid-argument',
      `${name}="${users}" contains a comma. Separate user IDs by white space, or set an array as property; a JSON array may contain user IDs with commas.`,
    );
  }
  try {
    return JSON.parse(users) as (string | CallUser)[];
  } catch (cause) {
    throw new CallError('invalid-argument', `${name} is not valid JSON.`, { cause });
  }
}
