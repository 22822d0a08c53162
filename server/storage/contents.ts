import { createHash } from 'node:crypto';

/** A change of one record, as LevelDB takes it. `value` is JSON text. */
export type Change =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** Describes all records of a database. It is written in the same batch as the records, so both always agree. */
export interface Summary {
  /** How many batches have been written so far. */
  readonly sequence: number;
  readonly records: number;
  /** Sum of the checksums of all records, modulo 2^48: it does not depend on their order. */
  readonly checksum: number;
}

/** A sum of two checksums is below 2^53, and so exact. */
const MODULUS = 2 ** 48;

/** Knows the checksum of each record of a database, and so its summary after each change, without reading anything. */
export class Contents {
  readonly #checksums = new Map<string, number>();
  #summary: Summary = { sequence: 0, records: 0, checksum: 0 };

  get summary(): Summary {
    return this.#summary;
  }

  /** Adds a record that was read. Only before the first change. */
  add(key: string, value: string): void {
    const checksum = checksumOf(key, value);
    this.#checksums.set(key, checksum);
    const { records, checksum: sum } = this.#summary;
    this.#summary = {
      sequence: 0,
      records: records + 1,
      checksum: (sum + checksum) % MODULUS,
    };
  }

  /** What was read is the state after so many batches. */
  resume(sequence: number): void {
    this.#summary = { ...this.#summary, sequence };
  }

  /**
   * What one batch would make of it. Nothing is changed before `apply` is called.
   * @param changes no two of the same key
   */
  prepare(changes: readonly Change[]): { readonly summary: Summary; readonly apply: () => void } {
    let { records, checksum } = this.#summary;
    const updates = changes.map((change) => {
      const before = this.#checksums.get(change.key);
      const after = change.type === 'put' ? checksumOf(change.key, change.value) : undefined;
      records += Number(after !== undefined) - Number(before !== undefined);
      checksum = (checksum + MODULUS - (before ?? 0) + (after ?? 0)) % MODULUS;
      return [change.key, after] as const;
    });
    const summary = { sequence: this.#summary.sequence + 1, records, checksum };
    const apply = () => {
      for (const [key, after] of updates) {
        if (after === undefined) this.#checksums.delete(key);
        else this.#checksums.set(key, after);
      }
      this.#summary = summary;
    };
    return { summary, apply };
  }
}

/** The first 48 bits of a SHA-256. Keys contain no line break. */
function checksumOf(key: string, value: string): number {
  return createHash('sha256').update(`${key}\n${value}`).digest().readUIntBE(0, 6);
}
