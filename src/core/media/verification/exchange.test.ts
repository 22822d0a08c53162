import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EMOJI } from './emoji.js';
import { VerificationExchange } from './exchange.js';
import type { ExchangeResult, VerificationCrypto } from './exchange.js';
import { commitmentInput, emojiInput, emojiNumbers, fromHex, toHex } from './transcript.js';
import type { LinkIdentity } from './transcript.js';

const print = (byte: number): string =>
  `sha-256 ${Array<string>(32)
    .fill(toHex(Uint8Array.of(byte)).toUpperCase())
    .join(':')}`;

const identity: LinkIdentity = {
  callID: 'call-1',
  offerer: { userID: 'alice', fingerprint: print(0xaa) },
  answerer: { userID: 'bob', fingerprint: print(0xbb) },
};

type Message = Readonly<Record<string, unknown>>;
type Send = (message: Message) => void;

const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  createHash('sha256').update(bytes).digest();
/** Cryptography with a fixed nonce, or random ones. */
const cryptoWith = (nonce?: Uint8Array): VerificationCrypto => ({
  randomBytes: (length) => nonce ?? randomBytes(length),
  sha256,
});

/** One end of a link. */
function end(
  isOfferer: boolean,
  send: Send,
  { of = identity, nonce }: { of?: LinkIdentity; nonce?: Uint8Array } = {},
) {
  const results: ExchangeResult[] = [];
  const exchange = new VerificationExchange({
    ...{ isOfferer, identity: of, crypto: cryptoWith(nonce), send },
    onResult: (result) => results.push(result),
  });
  return { exchange, results };
}

/** Waits until all messages are handled: a few microtasks, and no timer. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
};

/** An exchange of two ends. `tamper` may replace each message; it gets the number of the message, 0 to 2. */
async function exchange(
  tamper: (message: Message, number: number) => Message = (message) => message,
  identities: { offerer?: LinkIdentity; answerer?: LinkIdentity } = {},
  nonces: { offerer?: Uint8Array; answerer?: Uint8Array } = {},
) {
  const sent: Message[] = [];
  const carry =
    (to: () => VerificationExchange): Send =>
    (message) => {
      const number = sent.push(message) - 1;
      to().receive(tamper(message, number));
    };
  const offerer = end(
    true,
    carry(() => answerer.exchange),
    {
      of: identities.offerer ?? identity,
      ...(nonces.offerer && { nonce: nonces.offerer }),
    },
  );
  const answerer = end(
    false,
    carry(() => offerer.exchange),
    {
      of: identities.answerer ?? identity,
      ...(nonces.answerer && { nonce: nonces.answerer }),
    },
  );
  await settle();
  return { sent, offerer: offerer.results, answerer: answerer.results };
}

const numbersOf = ([result]: readonly ExchangeResult[]): readonly number[] =>
  result?.type === 'ready' ? result.numbers : assert.fail(`no emoji: ${JSON.stringify(result)}`);

/** Whether both users see the same emoji. */
const agree = (one: readonly ExchangeResult[], other: readonly ExchangeResult[]): boolean =>
  one[0]?.type === 'ready' &&
  other[0]?.type === 'ready' &&
  one[0].numbers.join() === other[0].numbers.join();

describe('the exchange of a link', () => {
  it('gives both sides the same seven emoji, by three messages', async () => {
    const { sent, offerer, answerer } = await exchange();
    assert.deepEqual(
      sent.map((message) => Object.keys(message)),
      [
        ['version', 'commitment'],
        ['version', 'nonce'],
        ['version', 'nonce'],
      ],
    );
    assert.equal(numbersOf(offerer).length, 7);
    assert.deepEqual(numbersOf(offerer), numbersOf(answerer));
    assert.ok(numbersOf(offerer).every((number) => EMOJI[number]));
    assert.equal(offerer.length + answerer.length, 2);
    // The first builds accept messages of at most 256 characters on the data channel.
    for (const verification of sent) assert.ok(JSON.stringify({ verification }).length <= 256);
  });

  it('gives other emoji each time', async () => {
    const seen = new Set<string>();
    for (let times = 0; times < 20; times++) seen.add(numbersOf((await exchange()).offerer).join());
    assert.equal(seen.size, 20);
  });

  it('gives different emoji to sides with a different view of the call', async () => {
    const { callID, offerer, answerer } = identity;
    const views: LinkIdentity[] = [
      { callID: 'call-2', offerer, answerer },
      { callID, offerer: { ...offerer, fingerprint: print(1) }, answerer },
      { callID, offerer, answerer: { ...answerer, fingerprint: print(1) } },
      { callID, offerer: { ...offerer, userID: 'mallory' }, answerer },
      { callID, offerer, answerer: { ...answerer, userID: 'mallory' } },
      { callID, offerer: answerer, answerer: offerer },
    ];
    for (const view of views) {
      const result = await exchange(undefined, { answerer: view });
      assert.ok(!agree(result.offerer, result.answerer));
      // The commitment contains the view of the offerer, so the answerer notices the difference.
      assert.deepEqual(result.answerer, [{ type: 'failed', why: 'commitment' }]);
    }
  });

  it('is not completed by a nonce that was not committed', async () => {
    const other = toHex(randomBytes(32));
    const { answerer } = await exchange((message, number) =>
      number === 2 ? { ...message, nonce: other } : message,
    );
    assert.deepEqual(answerer, [{ type: 'failed', why: 'commitment' }]);
  });

  it('does not complete with another version', async () => {
    const { answerer } = await exchange((message) => ({ ...message, version: 2 }));
    assert.deepEqual(answerer, [{ type: 'unsupported' }]);
  });

  it('fails with messages that are malformed, repeated or in another order', async () => {
    const hash = 'ab'.repeat(32);
    const wrong: Message[] = [
      { version: 1 },
      { version: 1, nonce: hash },
      { version: 1, commitment: hash, nonce: hash },
      { version: 1, commitment: hash.toUpperCase() },
      { version: 1, commitment: hash.slice(2) },
      { version: 1, commitment: `${hash}00` },
      { version: 1, commitment: [hash] },
      { version: 1, commitment: 7 },
    ];
    for (const message of wrong) {
      const { exchange: answerer, results } = end(false, () => assert.fail('answers'));
      answerer.receive(message);
      await settle();
      assert.deepEqual(results, [{ type: 'failed', why: 'message' }], JSON.stringify(message));
    }
    const repeated = end(false, () => {});
    for (let times = 0; times < 2; times++)
      repeated.exchange.receive({ version: 1, commitment: hash });
    await settle();
    assert.deepEqual(repeated.results, [{ type: 'failed', why: 'message' }]);
  });

  it('ignores everything after its result', async () => {
    const { exchange: answerer, results } = end(false, () => {});
    for (const message of [{ version: 2 }, { version: 1, commitment: 'ab'.repeat(32) }, {}])
      answerer.receive(message);
    await settle();
    assert.deepEqual(results, [{ type: 'unsupported' }]);
  });

  it('lets no change of a message go unnoticed', async () => {
    const change = fc.record({
      number: fc.nat(2),
      field: fc.constantFrom('commitment', 'nonce', 'version', 'other'),
      value: fc.oneof(
        fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex),
        fc.string(),
        fc.jsonValue(),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        let isChanged = false;
        const result = await exchange((message, at) => {
          const fields = changes.filter(({ number }) => number === at);
          const changed = {
            ...message,
            ...Object.fromEntries(fields.map((c) => [c.field, c.value])),
          };
          isChanged ||= JSON.stringify(changed) !== JSON.stringify(message);
          return changed;
        });
        assert.equal(agree(result.offerer, result.answerer), !isChanged);
      }),
    );
  });
});

describe('a man in the middle', () => {
  const { callID } = identity;
  const alice = { userID: 'alice', fingerprint: print(0xaa) };
  const bob = { userID: 'bob', fingerprint: print(0xbb) };
  /** The attacker poses as Bob to Alice, and as Alice to Bob. */
  const toAlice: LinkIdentity = {
    ...{ callID, offerer: alice, answerer: { userID: 'bob', fingerprint: print(0xe1) } },
  };
  const toBob: LinkIdentity = {
    ...{ callID, offerer: { userID: 'alice', fingerprint: print(0xe2) }, answerer: bob },
  };

  it('that follows the protocol on both links shows different emoji', async () => {
    for (let times = 0; times < 20; times++) {
      const results: (readonly ExchangeResult[])[] = [];
      for (const of of [toAlice, toBob]) {
        const { offerer, answerer } = await exchange(undefined, { offerer: of, answerer: of });
        results.push(of === toAlice ? offerer : answerer);
      }
      const [atAlice = [], atBob = []] = results;
      assert.equal(numbersOf(atAlice).length + numbersOf(atBob).length, 14);
      assert.ok(!agree(atAlice, atBob));
    }
  });

  it('that relays the messages unchanged shows different emoji', async () => {
    const { answerer } = await exchange(undefined, { offerer: toAlice, answerer: toBob });
    assert.deepEqual(answerer, [{ type: 'failed', why: 'commitment' }]);
  });

  /*
   * The attacker would like to choose its nonces so that both links have the same emoji. With only two bits of emoji it
   * would succeed by trying some nonces, if it knew the other side's nonce in time. The commitment prevents this: in
   * each order of the messages, the emoji of one link are fixed before the last nonce of the other one is known to it.
   */
  it('has one guess: no second answer counts, and a nonce that was not committed before fails', async () => {
    // Towards Bob first: then Alice's nonce is still hidden by her commitment when the attacker must answer.
    const fromAlice: Message[] = [];
    const atAlice = end(true, (message) => fromAlice.push(message), { of: toAlice });
    await settle();
    const [commitment] = fromAlice;
    assert.deepEqual(Object.keys(commitment ?? {}), ['version', 'commitment']);
    atAlice.exchange.receive({ version: 1, nonce: toHex(randomBytes(32)) });
    await settle();
    assert.ok(numbersOf(atAlice.results).length > 0);
    // A second answer, with a nonce that is computed from the revealed one, has no effect.
    atAlice.exchange.receive({ version: 1, nonce: toHex(randomBytes(32)) });
    await settle();
    assert.equal(atAlice.results.length, 1);

    // Towards Bob as offerer: the attacker must commit first, and can't reveal another nonce afterwards.
    const fromBob: Message[] = [];
    const atBob = end(false, (message) => fromBob.push(message), { of: toBob });
    const committed = randomBytes(32);
    const hash = await sha256(commitmentInput(toBob, committed));
    atBob.exchange.receive({ version: 1, commitment: toHex(hash) });
    await settle();
    assert.deepEqual(Object.keys(fromBob[0] ?? {}), ['version', 'nonce']);
    atBob.exchange.receive({ version: 1, nonce: toHex(randomBytes(32)) });
    await settle();
    assert.deepEqual(atBob.results, [{ type: 'failed', why: 'commitment' }]);
  });

  it('matches an emoji as often as by chance', async () => {
    let matches = 0;
    const tries = 640;
    for (let times = 0; times < tries; times++) {
      const atAlice = await exchange(undefined, { offerer: toAlice, answerer: toAlice });
      const atBob = await exchange(undefined, { offerer: toBob, answerer: toBob });
      const [own, other] = [numbersOf(atAlice.offerer), numbersOf(atBob.answerer)];
      matches += own.filter((number, index) => number === other[index]).length;
    }
    // 7 × 640 / 64 = 70 are expected. Outside of 25 to 130 once in about ten million runs.
    assert.ok(matches >= 25 && matches <= 130, `${matches} matches`);
  });
});

describe('test vectors', () => {
  const text = readFileSync(new URL('../../../../docs/verification.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```json vector\n([^]*?)```/g)];

  it('are in the documentation', () => {
    assert.ok(blocks.length >= 2);
  });

  for (const [, block = ''] of blocks) {
    const vector = JSON.parse(block) as {
      callID: string;
      offerer: { userID: string; fingerprint: string; nonce: string };
      answerer: { userID: string; fingerprint: string; nonce: string };
      commitmentInput: string;
      commitment: string;
      emojiInput: string;
      emojiHash: string;
      numbers: number[];
      emoji: string;
    };
    it(`hold: ${vector.callID}`, async () => {
      const of = vector;
      const offerer = fromHex(vector.offerer.nonce, 32) ?? assert.fail();
      const answerer = fromHex(vector.answerer.nonce, 32) ?? assert.fail();
      const first = commitmentInput(of, offerer);
      const second = emojiInput(of, offerer, answerer);
      assert.equal(toHex(first), vector.commitmentInput);
      assert.equal(toHex(await sha256(first)), vector.commitment);
      assert.equal(toHex(second), vector.emojiInput);
      assert.equal(toHex(await sha256(second)), vector.emojiHash);
      assert.deepEqual(emojiNumbers(await sha256(second)), vector.numbers);
      assert.equal(vector.numbers.map((n) => EMOJI[n]?.symbol).join(' '), vector.emoji);

      const result = await exchange(
        undefined,
        { offerer: of, answerer: of },
        { offerer, answerer },
      );
      assert.deepEqual(result.sent, [
        { version: 1, commitment: vector.commitment },
        { version: 1, nonce: vector.answerer.nonce },
        { version: 1, nonce: vector.offerer.nonce },
      ]);
      assert.deepEqual(numbersOf(result.offerer), vector.numbers);
      assert.deepEqual(numbersOf(result.answerer), vector.numbers);
    });
  }
});

describe('the emoji', () => {
  it('are 64 different ones, each a single character that is drawn in colour without a variation selector', () => {
    assert.equal(EMOJI.length, 64);
    assert.equal(new Set(EMOJI.map(({ symbol }) => symbol)).size, 64);
    assert.equal(new Set(EMOJI.map(({ name }) => name)).size, 64);
    for (const { symbol } of EMOJI) assert.match(symbol, /^\p{Emoji_Presentation}$/u);
  });

  it('are selected by the first 42 bits of a hash', () => {
    const bytes = (hex: string): Uint8Array => fromHex(hex, hex.length / 2) ?? assert.fail();
    assert.deepEqual(emojiNumbers(bytes('ffffffffffff')), Array(7).fill(63));
    assert.deepEqual(emojiNumbers(bytes('000000000000')), Array(7).fill(0));
    assert.deepEqual(emojiNumbers(bytes('0420c41461c8')), [1, 2, 3, 4, 5, 6, 7 + 0 * 8 + 0 * 32]);
    assert.deepEqual(emojiNumbers(bytes('fc0000000000')), [63, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(emojiNumbers(bytes('000000000fc0')), [0, 0, 0, 0, 0, 0, 63]);
  });
});
