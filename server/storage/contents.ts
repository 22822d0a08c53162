import { createHash } from 'node:crypto';

/** A change of one record, in the form of LevelDB. `value` is JSON text. */
export type Change =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** Describes all records of a database. Written in the same batch as the records, so both are always consistent. */
export interface Summary {
  /** Number of batches written so far. */
  readonly sequence: number;
  readonly records: number;
  /** Sum of the checksums of all records, modulo 2^48, so that it does not depend on their order. */
  readonly checksum: number;
}

/** The sum of two checksums is below 2^53, and therefore exact. */
const MODULUS = 2 ** 48;

/** Stores the checksum of each record of a database, to compute its summary after a change without reading records. */
export class Contents {
  readonly #checksums = new Map<string, number>();
  #summary: Summary = { sequence: 0, records: 0, checksum: 0 };

  get summary(): Summary {
    return this.#summary;
  }

  /** Adds a record that was read. Call it only before the first change. */
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

  /** Sets the sequence number of the state that was read. */
  resume(sequence: number): void {
    this.#summary = { ...this.#summary, sequence };
  }

  /**
   * Computes the summary after a batch. Nothing changes before `apply` is called.
   * @param changes at most one for each key
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

/** The first 48 bits of the SHA-256. Keys contain no line break. */
function checksumOf(key: string, value: string): number {
  return createHash('sha256').update(`${key}\n${value}`).digest().readUIntBE(0, 6);
}
