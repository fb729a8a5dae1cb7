/** Parses the files that are named on standard input, one on a line, and does nothing else: no linter can take less. */
import { readFileSync } from 'node:fs'
import pg from 'libpg-query'

await pg.loadModule()
for (const path of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  try {
    pg.parseSync(readFileSync(path, 'utf8'))
  } catch {
    // Templates and commands of psql are not SQL. They cost the parser as much.
  }
}
