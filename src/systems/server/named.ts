/** A version of PostgreSQL that a file of the repository names. */
export interface Named {
  /** `16`, `14.2` */
  readonly version: string
  /** From 1; null: the place in the file is not known. Looking for it takes as long as the file is, so it is only asked for what is shown. */
  readonly line: () => number | null
}

/** Reads what a file says. `beside`: the text of a file in the same folder, or null. */
export type VersionReader = (text: string, path: string, beside: (name: string) => string | null) => readonly Named[]
