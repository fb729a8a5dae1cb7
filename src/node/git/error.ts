/**
 * Why git could not answer. `no-work-tree`: a bare repository, which has no files; `untrusted`: somebody else owns the files; `late`: git
 * took too long; `damage`: something is there that cannot be read.
 */
export type GitErrorKind = 'no-git' | 'no-repository' | 'no-work-tree' | 'untrusted' | 'late' | 'damage'

/**
 * Thrown when git could not answer. The message is one sentence for people, without a full stop. Code decides by the
 * kind.
 */
export class GitError extends Error {
  override readonly name = 'GitError'
  readonly kind: GitErrorKind

  constructor(message: string, kind: GitErrorKind = 'damage') {
    super(message)
    this.kind = kind
  }

  /** True if something exists that cannot be read. False if there is no repository, or none that git may read. */
  get isDamage(): boolean {
    return this.kind === 'damage' || this.kind === 'late'
  }
}
