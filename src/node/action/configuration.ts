import { join, relative, resolve } from 'node:path'
import { append } from '../../parse/list.ts'
import { slashes } from '../disk/path.ts'
import { foldersInRepository } from '../disk/repository-root.ts'
import type { Repository } from '../git/repository.ts'
import { configText } from '../input/config-file.ts'
import { configFiles } from '../input/config-names.ts'
import { type FileSource, inCommit, nowhere, onDisk } from '../input/file-source.ts'
import type { ResolvedConfig } from '../input/resolve-config.ts'
import type { Checkout } from './checkout.ts'
import type { Event } from './event.ts'
import type { Inputs } from './inputs.ts'

/** The configuration that counts. */
export interface Governing {
  readonly source: FileSource
  /** If the other baseline counts, this one must agree with it. */
  readonly laterBaseline: FileSource | undefined
  /** For people: the owner of the configuration, if it is not that of the change. */
  readonly owner: string | null
}

/** The configuration of the checkout: its authors may write to the repository, or are trusted. */
export function theirOwn(): Governing {
  return { source: onDisk(process.cwd()), laterBaseline: undefined, owner: null }
}

/**
 * If a stranger may have made the change, the configuration and the baseline are those of the branch that the change is
 * for; otherwise the change could switch the linter off. For an event without a pull request, they are those of the
 * commit that GitHub ran it for, which belongs to the main branch.
 */
export function governing(event: Event, inputs: Inputs, repository: Repository | null, checkout: Checkout): Governing {
  const { base, commit } = checkout
  const head = commit === undefined || repository === null ? onDisk(process.cwd()) : inCommit(repository, commit)
  if (event.isTrusted) return theirOwn()
  if (inputs['allow-head-config']) return { source: head, laterBaseline: undefined, owner: null }
  if (inputs['allow-code']) return theirOwn()
  const sha = event.pullRequest === null ? process.env.GITHUB_SHA : undefined
  const own = sha === undefined || repository === null ? null : repository.commit(sha)
  const from = own ?? ('why' in base ? null : base.tip)
  if (repository === null || from === null) {
    return {
      source: nowhere,
      laterBaseline: undefined,
      owner: 'nobody, because git does not show what the change is for',
    }
  }
  const owner = own !== null || 'why' in base ? from.slice(0, 12) : base.name
  return { source: inCommit(repository, from), laterBaseline: head, owner }
}

/** The files of the configuration that a change adds, removes or alters, as seen from the working directory. */
export function changedConfiguration(
  { config: flag }: Inputs,
  { config: { baseline }, root, files }: Pick<ResolvedConfig, 'config' | 'root' | 'files'>,
  repository: Repository,
  { base, commit }: Checkout,
): string[] {
  if ('why' in base) return []
  const before = inCommit(repository, base.commit)
  const after = commit === undefined ? onDisk(process.cwd()) : inCommit(repository, commit)
  const named = flag === undefined ? null : [resolve(process.cwd(), flag)]
  const candidates =
    named ?? foldersInRepository(process.cwd()).flatMap(folder => configFiles.map(name => join(folder, name)))
  const changed = [...new Set([...candidates, ...files])].filter(file => told(before, file) !== told(after, file))
  const accepted = baseline === null ? [] : [resolve(root, baseline)]
  append(
    changed,
    accepted.filter(file => reading(before, file) !== reading(after, file)),
  )
  return changed.map(file => slashes(relative(process.cwd(), file)))
}

/** The configuration that a file contains, or the reason why it contains none. */
function told(source: FileSource, file: string): string | null {
  try {
    return configText(file, source)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function reading(source: FileSource, file: string): string | null {
  try {
    return source.read(file)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
