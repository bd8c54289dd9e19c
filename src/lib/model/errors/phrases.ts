/** What several errors say of what is safe, and of what to do next. */

export const COMMITTED_IS_SAFE = 'What was committed before is safe.'
export const STORED_IS_SAFE = 'What was stored before is safe.'

export const GO_ON = 'Run the same command again; it goes on where it stopped.'
export const MAKE_ROOM = 'Make room and run the same command again.'
export const TRY_AFTER_OTHER = 'Try again when the other command has finished.'
export const WAIT_FOR_OTHER = 'Try again later, or let this command wait: --wait SECONDS'
export const LIST_SESSIONS = 'List them with: rag sessions list'
export const listDocuments = (corpus: string): string => `List them with: rag docs list --corpus ${corpus}`
