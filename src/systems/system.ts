import type { RunnerAdvice } from '../lint/rule.ts'
import type { Execution } from '../postgres/step.ts'
import type { Tree } from './tree.ts'

/** One migration, as its system would run it. */
export interface Migration {
  /** Path in the tree. */
  readonly path: string
  readonly content: Uint8Array
  readonly execution: Execution
  /** What advice may say of this system. */
  readonly runner: RunnerAdvice
}

/** What a system has to know of the configuration. */
export interface SystemOptions {
  /** How plain SQL of this path reaches the server, where no system decides that. */
  transaction(path: string): 'wrapped' | 'none' | 'unknown'
}

export interface MigrationList {
  /** In the order of application. */
  readonly migrations: readonly Migration[]
  /** What was left out and why, one line each, for people. */
  readonly notices: readonly string[]
}

/** How one tool lays out, orders, splits and wraps migrations. */
export interface System {
  /** In the configuration: `plain`. */
  readonly id: string
  /** For people: `plain SQL`. */
  readonly title: string
  /** True when the directory holds migrations of this system. */
  detect(tree: Tree, dir: string): boolean
  /** All migrations below the directory. A file that cannot be read is a notice. */
  migrations(tree: Tree, dir: string, options: SystemOptions): MigrationList
}
