import { join } from 'node:path'
import type { CodeAnswers, CodeSearch } from '../../lint/code-use/code-use.ts'
import type { Removed } from '../../lint/code-use/removed.ts'
import { withCodeUse } from '../../lint/code-use/with-code-use.ts'
import { matcher } from '../../lint/config/glob.ts'
import type { Report, ReportedFinding } from '../../lint/report.ts'
import { decode } from '../../parse/source.ts'
import { answersOf, type CodeRead, plan, type ReadFile } from '../../usage/answers.ts'
import { isCode, isMade } from '../../usage/code-file.ts'
import { mayDeclare } from '../../usage/model.ts'
import { processorTime } from '../clock.ts'
import { isBadName } from '../disk/path.ts'
import { pathsFrom } from '../git/commit-tree.ts'
import { GitError } from '../git/error.ts'
import type { Repository } from '../git/repository.ts'
import { declaredForeign, filesWith, type Searched } from '../git/search.ts'
import type { ChangeOptions } from '../history/change-options.ts'
import { type OpenedBase, openBase } from '../history/opened-base.ts'
import type { Input } from '../input/input.ts'

/** The most bytes that are read of one file and of all, and the most files. A search that reaches a bound never says that nothing was found. */
const mostOfFile = 1024 * 1024
const mostOfAll = 64 * 1024 * 1024
const mostFiles = 4000

/** Bytes at the beginning of a file in which it says that it is made from others. */
const topOfFile = 2048

/** Processor time for all answers, which are asked to end by then. A project of 50,000 files takes less than a second. */
const mostMilliseconds = 10_000

/** Real time, after which they are ended by force: a machine may be busy with something else, but they must not be. */
const patience = 3 * mostMilliseconds

/** The most files that are read only to see whether they name a table. */
const mostNaming = 1500
const mostNamingOthers = 60

/**
 * The report with what the code of the repository says about the names that its new migrations take away. Without a repository, or if git
 * cannot search it, it says nothing. Findings on migrations that the base has are left as they are.
 */
export async function withCodeOf(report: Report, input: Input, options: ChangeOptions): Promise<Report> {
  const { config, tree, registry } = input
  if (config.code === false) return report
  try {
    const opened = openBase(tree.disk.root, tree, config, { ...options, orHead: true })
    if ('why' in opened) return report
    const { repository, base } = opened
    const named = pathsFrom(tree.disk, repository.root)
    const applied = repository.files(base.commit)
    const isNew = ({ path }: ReportedFinding) => !applied.has(named(path) ?? path)
    const search = new RepositorySearch(opened, input, options)
    return await withCodeUse(report, search.search, { config, registry }, isNew)
  } catch (error) {
    if (error instanceof GitError) return report
    throw error
  }
}

class RepositorySearch {
  readonly #repository: Repository
  readonly #base: OpenedBase['base']
  readonly #input: Input
  readonly #searched: Searched
  readonly #isWanted: (path: string) => boolean
  #isComplete = true
  #bytes = 0
  #files = 0

  constructor({ repository, base }: OpenedBase, input: Input, { head, staged }: ChangeOptions) {
    this.#repository = repository
    this.#base = base
    this.#input = input
    this.#searched = head !== undefined ? { commit: head } : staged ? 'index' : 'files'
    this.#isWanted = wantedIn(input, repository)
  }

  /** The answers for all names, after one search for all of them. */
  readonly search: CodeSearch = async (removed: readonly Removed[]): Promise<CodeAnswers> => {
    const started = processorTime.now()
    const { distinctive, common, tables, others } = plan(removed)
    const candidates = new Set(this.#with(distinctive, false))
    const naming = this.#with(tables, true)
    const wanted = this.#all().filter(this.#isWanted)
    const declaring = wanted.filter(path => mayDeclare(path, tables))
    const isNaming = new Set(naming)
    const ambiguous = common.length === 0 ? [] : this.#with(common, false).filter(path => isNaming.has(path))
    for (const path of [...ambiguous, ...declaring]) candidates.add(path)
    // Files that only name a table show that code names it at all, and what its models are.
    const own = removed.some(({ of }) => of === null)
    const rest = naming.filter(path => !candidates.has(path))
    if (own && rest.length > mostNaming) this.#isComplete = false
    for (const path of likelyFirst(rest).slice(0, mostNaming)) candidates.add(path)
    const besideNames = own ? [...this.#with(others, true), ...wanted.filter(path => mayDeclare(path, others))] : []
    const beside = likelyFirst([...new Set(besideNames)]).slice(0, mostNamingOthers)
    const foreign = this.#foreign([...candidates, ...beside])
    const files = this.#read([...candidates].filter(path => !foreign.has(path)))
    const wasComplete = this.#isComplete
    const besides = this.#read(beside.filter(path => !foreign.has(path)))
    this.#isComplete = wasComplete
    const deployed = this.#deployed(foreign)
    const read: CodeRead = {
      files,
      others: besides,
      searched: wanted.length,
      isComplete: this.#isComplete,
      isOver: () => processorTime.now() - started > mostMilliseconds,
      deployed,
    }
    return named(answersInTime(removed, read), path => this.#treeName(path))
  }

  #with(texts: readonly string[], words: boolean): string[] {
    return filesWith(this.#repository, texts, this.#searched, { words }).filter(this.#isWanted)
  }

  #all(): string[] {
    const files =
      typeof this.#searched === 'object' ? this.#repository.files(this.#searched.commit) : this.#repository.index()
    return [...files.keys()]
  }

  /** The base decides: a change must not exempt its own code from the search. On disk and in the index, today's attributes count. */
  #foreign(paths: readonly string[]): ReadonlySet<string> {
    const from = typeof this.#searched === 'object' ? this.#base.commit : null
    return declaredForeign(this.#repository, paths, this.#searched, from)
  }

  /** The files that differ from those of the base, as the base has them. */
  #deployed(foreign: ReadonlySet<string>): CodeRead['deployed'] {
    const repository = this.#repository
    const { commit, name } = this.#base
    const searched = this.#searched
    const changed =
      searched === 'index'
        ? repository.staged(commit)
        : repository.changedSince(commit, searched === 'files' ? undefined : searched.commit)
    const before = repository.files(commit)
    const wanted = [...changed].filter(path => this.#isWanted(path) && before.has(path) && !foreign.has(path))
    const found = wanted.slice(0, mostFiles)
    if (found.length < wanted.length) this.#isComplete = false
    const oids = found.map(path => before.get(path)?.oid ?? '')
    repository.fetchBlobs(oids)
    const files = found.flatMap((path, i): ReadFile[] => this.#taken(path, () => repository.blob(oids[i] ?? '')))
    return { name, files, isSame: path => before.has(path) && !changed.has(path) }
  }

  #read(paths: readonly string[]): ReadFile[] {
    const searched = this.#searched
    if (searched === 'files')
      return paths.flatMap(path => this.#taken(path, () => this.#input.tree.disk.read(this.#treeName(path))))
    const files = searched === 'index' ? this.#repository.index() : this.#repository.files(searched.commit)
    const oids = paths.map(path => files.get(path)?.oid ?? '')
    this.#repository.fetchBlobs(oids)
    return paths.flatMap((path, i) => this.#taken(path, () => this.#repository.blob(oids[i] ?? '')))
  }

  /** The text of a file, within the bounds. */
  #taken(path: string, read: () => Uint8Array): ReadFile[] {
    if (this.#files >= mostFiles || this.#bytes > mostOfAll) {
      this.#isComplete = false
      return []
    }
    try {
      const content = read()
      if (content.length > mostOfFile) {
        const top = decode(path, content.subarray(0, topOfFile)).source.text
        if (!isMade(top)) this.#isComplete = false
        return []
      }
      this.#files++
      this.#bytes += content.length
      return [{ path, text: decode(path, content).source.text }]
    } catch {
      this.#isComplete = false
      return []
    }
  }

  #treeName(path: string): string {
    return this.#input.tree.disk.realName(join(this.#repository.root, path))
  }
}

/** The answers; none at all if they take for ever, so that the report does not mention code. */
function answersInTime(removed: readonly Removed[], read: CodeRead): CodeAnswers {
  let answers: CodeAnswers = { of: () => null, sources: new Map() }
  const work = () => {
    answers = answersOf(removed, read)
  }
  if (processorTime.stopped) processorTime.stopped(work, patience)
  else work()
  return answers
}

/** Files of code that the configuration does not leave out, and that are not migrations. */
function wantedIn({ config, tree, projects }: Input, repository: Repository): (path: string) => boolean {
  const { paths = [], ignore = [] } = typeof config.code === 'object' ? config.code : {}
  const isListed = paths.length === 0 ? () => true : matcher(paths)
  const isIgnored = matcher(ignore)
  const isChosen = (name: string) => isListed(name) && !isIgnored(name)
  // The name that the configuration has for a file takes longer than all other questions, of which there are as many as files.
  const isEvery = paths.length + ignore.length === 0
  const own = pathsFrom(tree.disk, repository.root)
  const migrations = new Set(
    projects.flatMap(({ migrations: all, downs }) => [...all, ...downs].map(({ path }) => own(path))),
  )
  const known = new Map<string, boolean>()
  return path => {
    const before = known.get(path)
    if (before !== undefined) return before
    const isWanted =
      isCode(path) &&
      !isBadName(path) &&
      !migrations.has(path) &&
      (isEvery || isChosen(tree.disk.realName(join(repository.root, path))))
    known.set(path, isWanted)
    return isWanted
  }
}

/** Files whose names say that they are about the database come first. */
function likelyFirst(paths: readonly string[]): string[] {
  const likely =
    /(?:^|[/._-])(?:models?|schema|entit(?:y|ies)|database|db|store|repositor(?:y|ies)|queries|dao)(?:[/._-]|$)/i
  return [...paths].sort((a, b) => Number(likely.test(b)) - Number(likely.test(a)))
}

/** The answers with the names that the tree has for files. */
function named(answers: CodeAnswers, name: (path: string) => string): CodeAnswers {
  return {
    of: removed => {
      const answer = answers.of(removed)
      if (answer === null || answer.kind === 'not found') return answer
      return { ...answer, places: answer.places.map(place => ({ ...place, path: name(place.path) })) }
    },
    sources: new Map([...answers.sources].map(([path, source]) => [name(path), { ...source, path: name(path) }])),
  }
}
