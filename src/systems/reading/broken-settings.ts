import { gitConfigProblem } from '../sqitch/git-config.ts'
import { configparserProblem } from './configparser.ts'
import { hasFile, join, textOf } from './files.ts'
import { tomlProblem } from './toml.ts'
import type { Tree } from './tree.ts'
import { yamlProblem } from './yaml.ts'

/** A kind of file in which tools keep their settings. */
interface Kind {
  readonly format: string
  /** Files that have no other purpose; or files that exist for other purposes too, with a word that they must contain. */
  readonly names: readonly string[]
  readonly word?: string
  /** Why the text cannot be read, and its line, from 1; null if it can be read. */
  readonly problem: (text: string) => { readonly line: number; readonly what: string } | null
}

const kinds: readonly Kind[] = [
  {
    format: 'TOML',
    names: ['refinery.toml', 'diesel.toml', 'sqlx.toml', 'flyway.toml', 'flyway.user.toml', 'supabase/config.toml'],
    problem: tomlProblem,
  },
  { format: 'TOML', names: ['metadata.toml'], word: 'run_in_transaction', problem: tomlProblem },
  { format: 'an INI file of Python', names: ['alembic.ini'], problem: configparserProblem },
  { format: 'a configuration of Sqitch', names: ['sqitch.conf'], problem: gitConfigProblem },
  { format: 'YAML', names: ['config.yaml'], word: 'metadata_directory', problem: yamlProblem },
  { format: 'YAML', names: ['application.yml', 'application.yaml'], word: 'flyway', problem: yamlProblem },
]

/**
 * Broken files of settings in this directory, one line each. Without this, nobody would notice that their settings were not
 * read.
 */
export function brokenSettings(tree: Tree, dir: string): string[] {
  return kinds.flatMap(({ format, names, word = '', problem }) =>
    names.flatMap(name => {
      const path = join(dir, name)
      const text = hasFile(tree, path) ? textOf(tree, path) : null
      const found = text?.includes(word) ? problem(text) : null
      return found ? [`${path}, line ${found.line}: this is not ${format} (${found.what}). The file was not read.`] : []
    }),
  )
}
