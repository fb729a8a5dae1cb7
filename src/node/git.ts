import { spawnSync } from 'node:child_process'

/** git could not answer. The message is one sentence for people, without a period. */
export class GitError extends Error {
  override readonly name = 'GitError'
}

/** Long enough for the first `git diff` of a huge repository on a slow disk, short enough that a hook never hangs. */
const timeout = 120_000

/**
 * The git program, run without a shell in one directory. GIT_DIR, GIT_INDEX_FILE and GIT_WORK_TREE, which git sets for hooks,
 * are handed on: they say which index a commit is made of.
 */
export class Git {
  private readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  /** What git prints. `env` is added to its environment. Throws a GitError when git is missing, takes too long or says no. */
  run(args: readonly string[], input?: string, env: NodeJS.ProcessEnv = {}): Buffer {
    const { status, stdout, stderr, error } = spawnSync('git', ['--no-pager', ...args], {
      cwd: this.directory,
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C', ...env },
      input: input ?? '',
      maxBuffer: Number.POSITIVE_INFINITY,
      timeout,
      windowsHide: true,
    })
    if (error) throw new GitError(reasonOf(error))
    if (status !== 0) throw new GitError(firstComplaint(stderr.toString()) ?? `git ${args[0]} failed`)
    return stdout
  }

  /** What git prints, trimmed; null when it says no. Throws only when git is missing or takes too long. */
  ask(args: readonly string[]): string | null {
    try {
      return this.run(args).toString().trim()
    } catch (error) {
      if (error instanceof GitError && !isFatal(error)) return null
      throw error
    }
  }
}

/** Environment variables that add settings to those that git has for this one run: git-config(1), GIT_CONFIG_COUNT. */
export function gitSettings(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const before = Number(process.env.GIT_CONFIG_COUNT ?? 0)
  const added = Object.entries(settings).flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${before + i}`, key],
    [`GIT_CONFIG_VALUE_${before + i}`, value],
  ])
  return { ...Object.fromEntries(added), GIT_CONFIG_COUNT: String(before + added.length / 2) }
}

const missing = 'git is not installed'
const late = 'git took too long'

function isFatal({ message }: GitError): boolean {
  return message === missing || message === late
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return missing
  return error.code === 'ETIMEDOUT' ? late : `git cannot be run: ${error.message}`
}

/** `fatal: not a git repository` → `not a git repository`. */
function firstComplaint(stderr: string): string | null {
  const lines = stderr.split('\n').filter(line => line.trim() !== '')
  const line = lines.find(each => /^(fatal|error):/.test(each)) ?? lines[0]
  return line === undefined ? null : line.replace(/^(fatal|error): /, '').replace(/\.$/, '')
}

/** Splits what git prints with `-z`. */
export function nulSeparated(output: Buffer): string[] {
  const text = output.toString()
  return text === '' ? [] : text.replace(/\0$/, '').split('\0')
}
