import { isUtf8 } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { dirname, join, parse, relative, resolve } from 'node:path'
import { shellWord } from '../../code/spelling/shell.ts'
import { lookUp } from '../../parse/look-up.ts'
import { decodedName, isInside, realPath } from '../disk/path.ts'
import { readRegular } from '../disk/reading.ts'
import { gitEnvironment, gitProgram, settingsAfter } from './environment.ts'
import { GitError, type GitErrorKind } from './error.ts'
import { type GitPlace, isSame, placeOf } from './place.ts'
import { always, forbidden, named, options } from './programs.ts'
import { checkAllFiles, checkFile, checkFiles } from './special-files.ts'

/** Long enough for the first `git diff` of a huge repository on a slow disk, short enough that a hook never hangs. */
const timeout = 120_000

/** Long enough for almost every call. After that, git may be waiting for a file that it can never read to the end. */
const usualTime = 10_000

/** Strangers choose the names and the files: a search that takes longer is not worth its answer. A repository of 50,000 files takes a second. */
const searchTime = 20_000

/** Each file of settings that includes others costs a call of git, and a stranger can write thousands. */
const mostIncluding = 20

type Setting = readonly [key: string, value: string]

interface Patience {
  /** The exit codes of a success. */
  readonly fine?: readonly number[]
  /** Milliseconds for the call, and for a second one if the first takes longer. */
  readonly times?: readonly [first: number, second?: number]
}

/** A setting of the repository, or of the user who runs this. */
interface Configured {
  readonly key: string
  readonly value: string
  readonly isOwn: boolean
}

/**
 * The git program, for one repository. All calls of git are made here. They name the repository, so that git does not
 * search for one, they run without a shell, and they do not start anything that the repository's own configuration
 * names.
 */
export class Git {
  readonly place: GitPlace
  private switchedOff: readonly Setting[] = []
  private configured: readonly Configured[] = []
  /** The credentials for a server. */
  private authorization: readonly Setting[] = []

  private constructor(place: GitPlace) {
    this.place = place
  }

  /** For the repository that contains a directory. Throws a GitError if no repository can be read. */
  static at(directory: string): Git {
    if (gitProgram(directory) === null) throw new GitError(missing, 'no-git')
    const place = placeOf(directory)
    const key = JSON.stringify(place)
    const known = opened.get(key)
    if (known) return known
    checkFiles(place)
    const git = new Git(place)
    git.checkIncluded()
    git.check()
    git.configure()
    opened.set(key, git)
    return git
  }

  /** From now on, repositories in this folder may belong to somebody else. */
  static trust(folder: string): void {
    trusted.push(realPath(folder))
  }

  /** The output of git. Throws a GitError if git is missing, takes too long or fails. */
  run(args: readonly string[], input?: string, isFetching = this.fetchesLazily()): Buffer {
    return this.start(this.command(args, isFetching), input, isFetching)
  }

  /** The output of a search: nothing if git finds nothing. It fetches nothing. Throws a GitError as `run` does. */
  search(args: readonly string[], input: string): Buffer {
    return this.start(this.command(args, false), input, false, { fine: [0, 1], times: [searchTime] })
  }

  private command([command = '', ...rest]: readonly string[], isFetching: boolean): string[] {
    const { gitDir, root } = this.place
    const where = [`--git-dir=${gitDir}`, `--work-tree=${root}`]
    const given = [...this.settings(), ...(isFetching ? this.users(key => key.startsWith('credential.')) : [])]
    return [...flags(given), ...where, command, ...(options.get(command) ?? []), ...rest]
  }

  /** The output of git, trimmed; null if git fails. Throws only if git is missing or takes too long. */
  ask(args: readonly string[]): string | null {
    try {
      return this.run(args).toString().trim()
    } catch (error) {
      if (error instanceof GitError && !isFatal(error)) return null
      throw error
    }
  }

  /**
   * Runs `git fetch`, with the credentials for the server if there are any. If that works, they are kept for what git
   * fetches later by itself in a clone without files. Throws a GitError as `run` does, and also if the configuration
   * names programs to fetch with.
   */
  fetch(args: readonly string[], authorization: readonly Setting[] = []): void {
    const bad = this.fetchingPrograms()[0]
    if (bad !== undefined)
      throw new GitError(`the configuration of the repository has "${bad}", so it is not fetched from`)
    const before = this.authorization
    this.authorization = authorization
    try {
      this.run(['fetch', ...args], undefined, true)
    } catch (error) {
      this.authorization = before
      throw error
    }
    // The fetch may have turned it into a clone without files.
    this.configure()
  }

  /**
   * Compares the place with what git itself would find; git also checks who owns it. Throws a GitError if the two
   * differ.
   */
  private check(): void {
    if (process.env.GIT_DIR) return
    const { gitDir, root } = this.place
    const asked = ['rev-parse', '--absolute-git-dir', '--is-inside-work-tree', '--show-toplevel']
    const lines = this.asFound(['-C', root, ...flags(this.settings()), ...asked]).split('\n')
    // Names of folders may contain line ends.
    const between = Math.max(lines.lastIndexOf('true'), lines.lastIndexOf('false'))
    const [found, top] = [lines.slice(0, between).join('\n'), lines.slice(between + 1, -1).join('\n')]
    if (!isSame(found, gitDir)) throw new GitError(damaged(gitDir))
    if (!isSame(top, root)) throw new GitError(`the repository in ${gitDir} has another work tree, ${top}`)
  }

  /** Throws a GitError if the repository's own configuration includes a file for which git would wait. */
  private checkIncluded(): void {
    const { gitDir, commonDir } = this.place
    const files = new Set([join(commonDir, 'config'), join(gitDir, 'config.worktree')])
    let asked = 0
    for (const file of files) {
      checkFile(file)
      if (!mayInclude(file)) continue
      if (++asked > mostIncluding)
        throw new GitError(`the configuration of the repository includes others in more than ${mostIncluding} files`)
      const entries = nulSeparated(this.start(['config', '--file', file, '--no-includes', '--list', '-z']))
      for (const entry of entries) {
        const [, path] = /^include(?:if\..*)?\.path\n(.+)$/s.exec(entry) ?? []
        if (path !== undefined) files.add(resolve(dirname(file), path.replace(/^~(?=\/)/, homedir())))
      }
    }
  }

  private asFound(args: readonly string[]): string {
    try {
      return this.start(args).toString()
    } catch (error) {
      if (!(error instanceof GitError)) throw error
      if (error.kind !== 'damage') throw error
      const kind = kindOf(error.message)
      // There is a repository: `place.ts` has found it.
      if (kind === 'no-repository') throw new GitError(damaged(this.place.gitDir))
      throw new GitError(kind === 'untrusted' ? distrusted(this.place.root) : error.message, kind)
    }
  }

  /** Finds out what the repository's own configuration would start, and switches it off. */
  private configure(): void {
    const { gitDir, root } = this.place
    const list = ['config', '--list', '--includes', '--show-scope', '-z']
    const words = nulSeparated(this.start([`--git-dir=${gitDir}`, `--work-tree=${root}`, ...list]))
    this.configured = words.flatMap((scope, i) => {
      if (i % 2 === 1) return []
      const [key = '', ...lines] = (words[i + 1] ?? '').split('\n')
      // A key without a value is true.
      const value = lines.length === 0 ? 'true' : lines.join('\n')
      return { key, value, isOwn: scope === 'local' || scope === 'worktree' }
    })
    const off = new Map<string, string>()
    for (const { key, value, isOwn } of this.configured) {
      if (!isOwn) continue
      if (key === 'core.excludesfile') checkFile(resolve(root, value.replace(/^~(?=\/)/, homedir())))
      for (const { pattern, settings } of named) {
        const match = pattern.exec(key)
        for (const [setting, value] of match ? settings : []) {
          const name = setting.replace(/<(\w+)>/g, (_, group) => lookUp(match?.groups ?? {}, group) ?? '')
          off.set(name, this.user(name) ?? value)
        }
      }
    }
    // On its command line, git takes everything up to the first `=` as the key.
    const odd = [...off.keys()].find(key => key.includes('='))
    if (odd !== undefined) {
      throw new GitError(`the configuration of the repository has "${odd}", which cannot be switched off`)
    }
    this.switchedOff = [...off]
  }

  private settings(): Setting[] {
    const fixed = always.map(([key, value]): Setting => [key, value])
    const isTrusted = trusted.some(folder => isInside(relative(folder, this.place.root)))
    return [...fixed, ...this.switchedOff, ...(isTrusted ? [['safe.directory', '*'] as const] : [])]
  }

  /** The settings of the user who runs this, in order. */
  private users(isWanted: (key: string) => boolean): Setting[] {
    return this.configured.flatMap(({ key, value, isOwn }) => (!isOwn && isWanted(key) ? [[key, value] as const] : []))
  }

  private user(key: string): string | undefined {
    return this.users(each => each === key).at(-1)?.[1]
  }

  private fetchingPrograms(): string[] {
    return this.configured.flatMap(({ key, isOwn }) => (isOwn && forbidden.some(each => each.test(key)) ? key : []))
  }

  /** A clone without files fetches them from its server when they are needed. */
  private fetchesLazily(): boolean {
    const isPartial = ({ key }: Configured) =>
      /^remote\..*\.(promisor|partialclonefilter)$/s.test(key) || key === 'extensions.partialclone'
    return this.configured.some(isPartial) && this.fetchingPrograms().length === 0
  }

  /** The user's own ssh and password settings, whatever the repository says, and the credentials for the server. */
  private fetchEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const program = env.GIT_SSH && `'${env.GIT_SSH.replaceAll("'", "'\\''")}'`
    const ask = env.GIT_ASKPASS ?? this.user('core.askpass')
    return {
      ...env,
      GIT_SSH_COMMAND: env.GIT_SSH_COMMAND ?? this.user('core.sshcommand') ?? program ?? 'ssh',
      ...(ask !== undefined && { GIT_ASKPASS: ask }),
      ...settingsAfter(this.authorization, env),
    }
  }

  private start(
    args: readonly string[],
    input = '',
    isFetching = false,
    { fine = [0], times = isFetching ? [timeout] : [usualTime, timeout] }: Patience = {},
  ): Buffer {
    const program = gitProgram(this.place.root)
    if (program === null) throw new GitError(missing, 'no-git')
    const env = gitEnvironment(this.place, isFetching)
    const call = (time: number) =>
      spawnSync(program, ['--no-pager', ...args], {
        // git changes to the work tree by itself where that is necessary.
        cwd: parse(this.place.root).root,
        env: isFetching ? this.fetchEnvironment(env) : env,
        input,
        maxBuffer: Number.POSITIVE_INFINITY,
        timeout: time,
        windowsHide: true,
      })
    const [first = timeout, second] = times
    let result = call(first)
    if (second !== undefined && isLate(result.error)) {
      checkAllFiles(this.place)
      result = call(second)
    }
    const { status, stdout, stderr, error } = result
    if (error) throw failureOf(error)
    if (status === null || !fine.includes(status)) throw new GitError(firstComplaint(stderr.toString()) ?? 'git failed')
    return stdout
  }
}

/** Almost no configuration includes others, and each call of git costs time. */
function mayInclude(file: string): boolean {
  try {
    return /include/i.test(new TextDecoder('latin1').decode(readRegular(realPath(file))))
  } catch {
    return false
  }
}

/** The repositories that were opened in this process. */
const opened = new Map<string, Git>()

/** Real paths of folders. */
const trusted: string[] = []

function flags(settings: readonly Setting[]): string[] {
  return settings.flatMap(([key, value]) => ['-c', `${key}=${value}`])
}

function damaged(gitDir: string): string {
  return `${gitDir} is damaged: git does not accept it as a repository`
}

/** The folder may have any name, and the command is copied into a shell. */
function distrusted(root: string): string {
  return `git does not trust ${root}, which belongs to another user; if you do: \`git config --global --add safe.directory ${shellWord(root)}\``
}

const missing = 'git is not installed'

function isFatal({ kind }: GitError): boolean {
  return kind === 'no-git' || kind === 'late'
}

function isLate(error: NodeJS.ErrnoException | undefined): boolean {
  return error?.code === 'ETIMEDOUT'
}

function failureOf(error: NodeJS.ErrnoException): GitError {
  if (error.code === 'ENOENT') return new GitError(missing, 'no-git')
  return isLate(error) ? new GitError('git took too long', 'late') : new GitError(`git cannot be run: ${error.message}`)
}

/**
 * The meaning of git's own words about a place. git is made to say them in English, because it has one exit code for
 * all of them.
 */
function kindOf(complaint: string): GitErrorKind {
  if (/^not a git repository/.test(complaint)) return 'no-repository'
  if (/dubious ownership/.test(complaint)) return 'untrusted'
  return /work tree/.test(complaint) ? 'no-work-tree' : 'damage'
}

/** `fatal: not a git repository` → `not a git repository`. */
function firstComplaint(stderr: string): string | null {
  const lines = stderr.split('\n').filter(line => line.trim() !== '')
  const line = lines.find(each => /^(fatal|error):/.test(each)) ?? lines[0]
  return line === undefined ? null : line.replace(/^(fatal|error): /, '').replace(/\.$/, '')
}

/** Splits what git prints with `-z`. Names that are not UTF-8 are those of `decodedName`. */
export function nulSeparated(output: Buffer): string[] {
  if (output.length === 0) return []
  if (isUtf8(output)) return output.toString().replace(/\0$/, '').split('\0')
  const parts: string[] = []
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf(0, start)
    const stop = end === -1 ? output.length : end
    parts.push(decodedName(output.subarray(start, stop)))
    start = stop + 1
  }
  return parts
}
