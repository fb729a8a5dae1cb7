/**
 * Where a program is, and the files that it may load. Paths are of the tree of the project, with `/`. In a program such a path begins
 * with `/`, as if the tree were the whole disk, so that what programs do with paths gives paths of the tree again. An absolute
 * path that a program writes itself is one of another disk.
 */
export interface Beside {
  readonly path: string
  /** The text of a file; null: there is none, or it cannot be read. Programs only get files of SQL. */
  readonly textOf: (path: string) => string | null
  /** What is wrong with the bytes of a file that has a text, with the line, as a clause; null: nothing. */
  readonly problemOf: (path: string) => string | null
}
