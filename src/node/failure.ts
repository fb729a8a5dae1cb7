import { issuesUrl, tool } from '../lint/tool.ts'
import { lookUp } from '../parse/look-up.ts'

/**
 * A problem that keeps the tool from doing its work and that the user can fix: a wrong flag, a broken configuration, a
 * file that cannot be read. Its message is shown as it is, and the exit code is 2.
 */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/**
 * The message for anything that was thrown. Problems that the user can fix are shown as they are. Anything else is a
 * bug in this program, and is shown in one line.
 */
export function complaint(error: unknown): string {
  const failure = failureOf(error)
  if (failure) return failure.message
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0]
  return `internal error in version ${tool.version}: ${message} (please report this: ${issuesUrl})`
}

/**
 * The error as a Failure, also if the machine refused something, whatever code asked for it. Null: the error is a bug in this
 * program.
 */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof Failure) return error
  if (!(error instanceof Error)) return null
  const { code, syscall, path, message } = error as NodeJS.ErrnoException
  if (syscall === 'uv_cwd') {
    return new Failure('The working directory no longer exists: change to one that does, and run this again.')
  }
  if (/out of memory|cannot allocate/i.test(message) && /wasm|WebAssembly|Array buffer/i.test(message)) {
    return new Failure("There is not enough memory to load PostgreSQL's parser.")
  }
  if (code === undefined || syscall === undefined || !Object.hasOwn(reasons, code)) return null
  return new Failure(`${path === undefined ? syscall : `Cannot ${syscall} ${path}`}: ${reason(error)}.`)
}

/** The operating system's reason in plain words: `permission denied`. */
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
  ENFILE: 'too many open files',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EIO: 'the disk has an error',
  ENAMETOOLONG: 'the name is too long',
  ENOMEM: 'not enough memory',
  EROFS: 'the file system is read-only',
}
