/** Receives the server's log lines. They never contain payloads, tokens or custom data. */
export interface Logger {
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
}

const LEVELS = ['debug', 'info', 'warn'] as const;
export type LogLevel = (typeof LEVELS)[number];

export const silentLogger: Logger = { debug() {}, info() {}, warn() {} };

/**
 * Creates a logger that writes one line for each entry: time, level, message, details as JSON.
 * @param write receives each line, with a line break
 * @param least the lowest level that is written. Default: `info`
 *
 * @example
 * ```ts
 * import { authenticateDemo, createCallServer, lineLogger } from 'ringkit-server';
 *
 * const logger = lineLogger((line) => process.stderr.write(line), 'debug');
 * await createCallServer({ authenticate: authenticateDemo, logger });
 * ```
 */
export function lineLogger(write: (line: string) => void, least: LogLevel = 'info'): Logger {
  const at = (level: LogLevel): Logger['info'] =>
    LEVELS.indexOf(level) < LEVELS.indexOf(least)
      ? () => {}
      : (message, details) => {
          const rest = details ? ` ${JSON.stringify(details)}` : '';
          write(`${new Date().toISOString()} ${level} ${message}${rest}\n`);
        };
  return { debug: at('debug'), info: at('info'), warn: at('warn') };
}
