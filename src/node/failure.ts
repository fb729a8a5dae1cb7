import { issuesUrl, tool } from '../lint/tool.ts'
import { lookUp } from '../parse/look-up.ts'

/**
 * Something that keeps the tool from doing its work and that the person at the keyboard can put right: a wrong flag, a
 * broken configuration, a file that cannot be read. Its message is shown as it is, and the exit code is 2.
 */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** What is said of anything thrown: a Failure is told as it is; anything else is a mistake of ours, told in one line. */
export function complaint(error: unknown): string {
  if (error instanceof Failure) return error.message
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0]
  return `internal error in version ${tool.version}: ${message} (please tell us: ${issuesUrl})`
}

/** The operating system's reason as people say it: `permission denied`. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  return lookUp(reasons, code) ?? (error instanceof Error ? error.message : String(error))
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
  ENOSPC: 'no space left on the disk',
  EROFS: 'the file system is read-only',
}
