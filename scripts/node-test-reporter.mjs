import { writeFileSync } from 'node:fs';

/**
 * What is wrong with a test that has not failed: it was left out without a reason, or it is a file without any test,
 * which Node counts as one that passes.
 * @param {import('node:test').EventData.TestPass} test
 */
function whyUnproven({ name, file, skip, todo }) {
  if (skip !== undefined) return 'was skipped without a reason';
  if (todo !== undefined) return 'is left to do';
  return name === file ? 'holds no test' : undefined;
}

/**
 * Whether a suite broke outside of its tests, which speak for themselves.
 * @param {import('node:test').EventData.TestFail} suite
 */
function brokeItself({ details: { error } }) {
  return !('failureType' in error) || error.failureType !== 'subtestsFailed';
}

/**
 * Writes `{ passed, failed }` of a run of `node --test` to the file that RESULT_FILE names. Suites are no tests.
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} events
 */
export default async function* resultReporter(events) {
  const sum = { passed: 0, failed: 0 };
  for await (const { type, data } of events) {
    if (type === 'test:fail') {
      if (data.details.type !== 'suite' || brokeItself(data)) sum.failed += 1;
    } else if (type === 'test:pass' && typeof data.skip === 'string' && data.skip !== '') {
      // What this machine can't show. It counts for nothing, and is named.
      yield `${data.name}: skipped, ${data.skip}\n`;
    } else if (type === 'test:pass' && data.details.type !== 'suite') {
      const why = whyUnproven(data);
      sum[why === undefined ? 'passed' : 'failed'] += 1;
      if (why !== undefined) yield `${data.name} ${why}\n`;
    }
  }
  const file = process.env.RESULT_FILE;
  if (file !== undefined) writeFileSync(file, JSON.stringify(sum));
}
