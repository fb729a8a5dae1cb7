import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { PartialConfig } from '../../../src/index.ts'
import { completeConfig } from '../../../src/lint/config/config-file.ts'
import { lint } from '../../../src/lint/lint.ts'
import type { Report, ReportedFinding } from '../../../src/lint/report.ts'
import { WorkingTree } from '../../../src/node/disk/working-tree.ts'
import { RecordedTree } from '../../../src/node/git/recorded-tree.ts'
import type { ChangeOptions } from '../../../src/node/history/change-options.ts'
import { compareWithBase } from '../../../src/node/history/compare-with-base.ts'
import { findMigrations } from '../../../src/node/input/projects.ts'
import { select } from '../../../src/node/input/selection.ts'
import { registry } from '../../../src/node/registry.ts'
import { withParsers } from '../../../src/systems/reading/on-demand.ts'
import { commit, type Files, git, repository, write } from '../../kit/git.ts'

/** Files by path: what is in them, or null for a file or folder that goes. */
export type Edits = Readonly<Record<string, string | Uint8Array | null>>

/** A repository whose past a test tells step by step, each on the branch that is checked out: `.commit().branch().merge()`. */
export class Repository {
  readonly root: string

  private constructor(root: string) {
    this.root = root
  }

  /** The branch `main` has these files in one commit; `work` begins there, and is checked out. */
  static with(files: Files): Repository {
    return new Repository(repository(files))
  }

  /** Changes files on disk, and commits nothing. */
  edit(edits: Edits): this {
    for (const [path, content] of Object.entries(edits)) {
      if (content === null) rmSync(join(this.root, path), { recursive: true })
      else write(this.root, { [path]: content })
    }
    return this
  }

  /** Moves a file or folder on disk, and commits nothing. */
  move(from: string, to: string): this {
    mkdirSync(dirname(join(this.root, to)), { recursive: true })
    renameSync(join(this.root, from), join(this.root, to))
    return this
  }

  /** Changes files, and commits all that is on disk. */
  commit(edits: Edits = {}): this {
    this.edit(edits)
    commit(this.root)
    return this
  }

  /** Checks out a branch that begins here; an existing branch of that name begins again. */
  branch(name: string): this {
    git(this.root, 'switch', '-qC', name)
    return this
  }

  /** Checks out an existing branch, or a commit. */
  on(name: string): this {
    git(this.root, 'switch', '-q', ...(/^[0-9a-f]{40}$/.test(name) ? ['--detach'] : []), name)
    return this
  }

  /** Merges a branch or commit into the branch that is checked out, in a commit of its own. */
  merge(name: string): this {
    git(this.root, 'merge', '-q', '--no-ff', '--no-edit', name)
    return this
  }

  tag(name: string): this {
    git(this.root, 'tag', name)
    return this
  }

  /** Reverts the last commit by another one. */
  revert(): this {
    git(this.root, 'revert', '--no-edit', 'HEAD')
    return this
  }

  /** The id of a commit: by default of the last one. */
  id(name = 'HEAD'): string {
    return git(this.root, 'rev-parse', name)
  }

  /** The changes to applied migrations, from `changes`. */
  changes(looking: Looking = {}): string[] {
    return changes(this.root, looking)
  }
}

export interface Looking extends ChangeOptions {
  readonly config?: PartialConfig
  readonly typed?: readonly string[]
}

/** The migrations, each with its changes, and why nothing was compared. */
function compared(cwd: string, { config: partial = {}, typed = [], ...options }: Looking) {
  const config = completeConfig(partial)
  const tree = options.staged ? RecordedTree.staged(cwd) : new WorkingTree(cwd)
  const { paths, ignore } = config
  const selection = select({
    typed,
    workingDirectory: cwd,
    tree,
    paths,
    ignore,
    errorOnUnmatchedPattern: true,
    isDeleted: () => false,
  })
  const found = findMigrations(tree, selection, config, { down: false })
  return compareWithBase(found.projects, tree, config, {
    env: {},
    projectsIn: other => findMigrations(other, selection, config, { down: false }).projects,
    ...options,
  })
}

async function reports(cwd: string, looking: Looking): Promise<Report[]> {
  const config = completeConfig(looking.config ?? {})
  const { projects } = await withParsers(() => compared(cwd, looking))
  return Promise.all(projects.map(({ system, migrations }) => lint({ registry, system, migrations, config })))
}

export async function findings(cwd: string, looking: Looking = {}): Promise<ReportedFinding[]> {
  return (await reports(cwd, looking)).flatMap(report => report.findings)
}

/** The findings of the rules about files, as `rule severity path: message`; a suppressed one has its reason in front. */
export async function found(cwd: string, looking: Looking = {}): Promise<string[]> {
  const about = new Set(registry.rules.filter(({ category }) => category === 'migration file').map(({ id }) => id))
  const all = (await reports(cwd, looking)).flatMap(({ findings, suppressed }) => [
    ...findings.map(finding => ({ finding, reason: '' })),
    ...suppressed.map(({ reason, ...finding }) => ({ finding, reason: `(${reason}) ` })),
  ])
  return all
    .filter(({ finding }) => about.has(finding.rule))
    .map(({ finding: { rule, severity, path, message }, reason }) => `${reason}${rule} ${severity} ${path}: ${message}`)
}

/** The changes to applied migrations, as `path kind what severity`, and why nothing was compared. */
export function changes(cwd: string, looking: Looking = {}): string[] {
  const { projects, missing } = compared(cwd, looking)
  return [
    ...missing.map(({ message }) => message.replace(/^Applied migrations were not compared: (.*)\.$/, 'missing: $1')),
    ...projects.flatMap(({ migrations }) =>
      migrations.flatMap(({ path, changes: all = [] }) =>
        all.map(change => {
          const what = 'edit' in change ? (change.edit ?? '') : ''
          const from = change.kind === 'renamed' ? `from ${change.from}` : ''
          const said = change.allowed === null ? change.outcome.severity : `allowed (${change.allowed})`
          return [path, change.kind, from, what, said].filter(word => word !== '').join(' ')
        }),
      ),
    ),
  ]
}
