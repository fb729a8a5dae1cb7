/** git could not answer. The message is one sentence for people, without a period. */
export class GitError extends Error {
  override readonly name = 'GitError'
}
