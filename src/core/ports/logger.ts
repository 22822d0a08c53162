/** Receives log lines; by default nothing is logged. Payloads, tokens and custom data are never logged. */
export interface Logger {
  /** Details that help with debugging. */
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** One line for each change of a call's status. */
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
}
