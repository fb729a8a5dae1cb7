import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Files, repository, temporary, write } from '../../kit/git.ts'

/** A program that a stranger wants to have started, and what is there when it was. */
export interface Evil {
  readonly program: string
  /** The environment that it was started with, once for each time; empty: it was not. */
  readonly ran: string
}

export function evil(): Evil {
  const folder = temporary()
  const [program, ran] = [join(folder, 'evil'), join(folder, 'ran')]
  write(folder, { evil: `#!/bin/sh\nenv >> '${ran}'\nexit 1\n` })
  chmodSync(program, 0o755)
  return {
    program,
    get ran() {
      return existsSync(ran) ? readFileSync(ran, 'utf8') : ''
    },
  }
}

export const table = 'CREATE TABLE orders (id bigint PRIMARY KEY, email text);\n'

/** A folder that git takes for a repository, with a commit and an index, so that it looks into it; and two migrations. */
export function embedded(folder: string, { program }: Pick<Evil, 'program'>): Files {
  const root = repository({ '1_orders.sql': table })
  const inside = Object.fromEntries(
    filesBelow(join(root, '.git'), ['HEAD', 'objects', 'refs', 'index']).map(([path, content]) => [path, content]),
  )
  const config = `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = ${program}\n`
  const files = {
    ...inside,
    config,
    'packed-refs': '',
    '1_orders.sql': table,
    '2_index.sql': 'CREATE INDEX i ON orders (email);\n',
  }
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]))
}

function filesBelow(root: string, names: readonly string[]): [string, Uint8Array][] {
  return names.flatMap((name): [string, Uint8Array][] => {
    const path = join(root, name)
    if (!statSync(path).isDirectory()) return [[name, readFileSync(path)]]
    return filesBelow(
      root,
      readdirSync(path).map(below => `${name}/${below}`),
    )
  })
}
