/** A row of the table. */
export interface Row {
  readonly what: string;
  readonly contestant: string;
  /** Number of rounds that count. */
  readonly rounds: number;
  /** In ms, or in `unit`. */
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  /** Comparison with the baseline; `''` for the baseline itself. */
  readonly compared: string;
  readonly goal: string;
  /** Undefined if there is no goal. */
  readonly reached: boolean | undefined;
  readonly unit?: string;
}

const HEAD = ['measured', 'contestant', 'n', 'median', 'range', 'compared', 'goal', ''];

export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    row.contestant,
    String(row.rounds),
    `${row.median.toFixed(1)} ${row.unit ?? 'ms'}`,
    `${row.fastest.toFixed(0)}–${row.slowest.toFixed(0)}`,
    row.compared,
    row.goal,
    row.reached === undefined ? '' : row.reached ? '✓' : '✗',
  ]);
  const lines = [HEAD, ...cells];
  const widths = HEAD.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const format = (line: readonly string[]): string =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column >= 2 && column <= 5 ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [format(HEAD), rule, ...cells.map(format)].join('\n');
}
