import type { Registry } from '../../lint/registry.ts'
import { withParsers } from '../../systems/reading/on-demand.ts'
import { announcePrograms } from '../ahead/announce.ts'
import type { LintFlags } from '../flags.ts'
import { type Input, type InputOptions, readInput } from '../input/input.ts'
import type { ChangeOptions } from './change-options.ts'
import { type Compared, compareWithBase } from './compare-with-base.ts'

/**
 * Reads the input and compares it with its base, as `changes` says; null: it is not compared. If files are gone that decided how the base reads
 * its migrations, the input is read as if they were still there, and they count as files that could not be read. Throws what `readInput` throws.
 */
export async function readWithPast<Changes extends ChangeOptions | null>(
  paths: readonly string[],
  flags: Partial<LintFlags>,
  registry: Registry,
  options: InputOptions,
  changes: (input: Input) => Changes,
): Promise<{ readonly input: Input; readonly compared: Compared | (Changes & null) }> {
  const input = await readInput(paths, flags, registry, { ...options, mayBeGone: true })
  await announcePrograms(input.projects)
  const compared = await compare(input, changes(input))
  if (!compared || compared.lost.length === 0) return { input, compared }
  const contents = compared.lost.flatMap(({ path, content }) => (content ? [[path, content] as const] : []))
  const overlay = new Map([...(options.overlay ?? []), ...contents])
  const unread = compared.lost.map(({ path, why }) => ({ path, why }))
  const changed = { ...options, mayBeGone: true, overlay, unread, given: input.given }
  const again = await readInput(paths, flags, registry, changed)
  return { input: again, compared: await compare(again, changes(again)) }
}

async function compare<Changes extends ChangeOptions | null>(
  { projects, tree, config }: Input,
  changes: Changes,
): Promise<Compared | (Changes & null)> {
  const asked: ChangeOptions | null = changes
  if (asked === null) return changes as Changes & null
  return withParsers(() => compareWithBase(projects, tree, config, asked))
}
