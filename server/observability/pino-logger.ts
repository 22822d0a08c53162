import pino from 'pino';
import type { Logger } from './logger.js';

/** Logs one JSON object per line, with `level`, `time` (ISO 8601), `msg`, and the details as further fields. */
export function pinoLogger(
  level: 'debug' | 'info' | 'warn' | 'silent' = 'info',
  destination: pino.DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    debug: (message, details) => logger.debug(details ?? {}, message),
    info: (message, details) => logger.info(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
  };
}
