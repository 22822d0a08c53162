import { writeFileSync } from 'node:fs';

/**
 * Why a test that has not failed proves nothing: it was skipped without a reason, or it is a file without tests, which
 * Node reports as a passing test.
 * @param {import('node:test').EventData.TestPass} test
 */
function whyUnproven({ name, file, skip, todo }) {
  if (skip !== undefined) return 'was skipped without a reason';
  if (todo !== undefined) return 'is marked as todo';
  return name === file ? 'contains no test' : undefined;
}

/**
 * Whether a suite failed outside of its tests. Failures of its tests are reported separately.
 * @param {import('node:test').EventData.TestFail} suite
 */
function failedOutsideTests({ details: { error } }) {
  return !('failureType' in error) || error.failureType !== 'subtestsFailed';
}

/**
 * Writes `{ passed, failed }` of a run of `node --test` to the file in RESULT_FILE. Suites are not counted.
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} events
 */
export default async function* resultReporter(events) {
  const sum = { passed: 0, failed: 0 };
  for await (const { type, data } of events) {
    if (type === 'test:fail') {
      if (data.details.type !== 'suite' || failedOutsideTests(data)) sum.failed += 1;
    } else if (type === 'test:pass' && typeof data.skip === 'string' && data.skip !== '') {
      // A test that can't run on this machine is not counted, but reported.
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
