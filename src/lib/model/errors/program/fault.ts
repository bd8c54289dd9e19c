/** What to do about a fault of this program. */
export const REPORT_FAULT =
  'This is a fault in rag. Please report it with the output of the same command and --debug.'
