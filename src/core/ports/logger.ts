/** Where the kit's log lines go; silent by default. Payloads, tokens and custom data are never logged. */
export interface Logger {
  /** Anything of use to one who looks for a fault. */
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** One line for each step of a call's life. */
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
}
