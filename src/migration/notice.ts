/** A fact about a run that people should know: a sentence on one line, or a file that could not be read. */
export type Notice = string | UnreadableFile

export interface UnreadableFile {
  readonly path: string
  /** Why it could not be read, a clause: `permission denied`. */
  readonly why: string
}

export function unreadableFile(path: string, error: unknown): UnreadableFile {
  return { path, why: error instanceof Error ? error.message : String(error) }
}

/** The notice as a line; `display` turns a path into the one that people know. */
export function noticeText(notice: Notice, display: (path: string) => string = path => path): string {
  return typeof notice === 'string' ? notice : `${display(notice.path) || '.'} could not be read: ${notice.why}`
}
