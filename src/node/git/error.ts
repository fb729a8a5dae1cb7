/** git could not answer. The message is one sentence for people, without a period. */
export class GitError extends Error {
  override readonly name: string = 'GitError'
  /** True when something is there that cannot be read; false when there is no repository, or none that git may read. */
  readonly isDamage: boolean = true
}

/** There is no git, no repository with a work tree, or it is not to be trusted. */
export class NoRepository extends GitError {
  override readonly name = 'NoRepository'
  override readonly isDamage = false
}
